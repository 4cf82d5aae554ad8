#include "src/ingest/sample_json.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/json_padding.h"
#include "src/ingest/wire.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr absl::string_view kTypeUrl =
    "type.googleapis.com/subrosa.v1.HealthSample";

absl::string_view NameOfFault(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return "bytes that are no UTF-8";
    case simdjson::UNCLOSED_STRING:
      return "a string without its end";
    case simdjson::UNESCAPED_CHARS:
      return "a control character in a string";
    case simdjson::NUMBER_ERROR:
      return "a number that is none or out of range";
    case simdjson::DEPTH_ERROR:
      return "too many levels";
    default:
      return "text that is none";
  }
}

std::string Path(absl::string_view path, absl::string_view key) {
  return path.empty() ? std::string(key) : absl::StrCat(path, ".", key);
}

}  // namespace

static_assert(kJsonPaddingBytes >= simdjson::SIMDJSON_PADDING,
              "simdjson reads this far behind a text");

absl::Status WrongSample(absl::string_view path, absl::string_view want,
                         absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

absl::StatusOr<dom::object> ParseSampleObject(absl::string_view json,
                                              dom::parser* parser) {
  dom::element root;
  // The padding is there, so the parser need not copy the text.
  if (const simdjson::error_code error =
          parser->parse(json.data(), json.size(), false).get(root)) {
    return WrongSample("line", "JSON", NameOfFault(error));
  }
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) {
    return WrongSample("line", "an object",
                       root.is_array() ? "a list" : "a value");
  }
  SUBROSA_RETURN_IF_ERROR(CheckStructure(root));
  return object;
}

absl::string_view GotInstead(dom::object object, absl::string_view key) {
  return FindMember(object, key).has_value() ? "something else" : "none";
}

absl::StatusOr<dom::object> NeedObject(dom::object object,
                                       absl::string_view path,
                                       absl::string_view key) {
  const std::optional<dom::object> found = FindObject(object, key);
  if (found.has_value()) return *found;
  return WrongSample(Path(path, key), "an object", GotInstead(object, key));
}

absl::StatusOr<absl::string_view> NeedText(dom::object object,
                                           absl::string_view path,
                                           absl::string_view key) {
  const absl::string_view text = FindText(object, key);
  if (!text.empty()) return text;
  return WrongSample(Path(path, key), "text", GotInstead(object, key));
}

absl::StatusOr<double> NeedNumber(dom::object object, absl::string_view path,
                                  absl::string_view key) {
  const std::optional<dom::element> found = FindMember(object, key);
  double number;
  if (found.has_value() && found->get(number) == simdjson::SUCCESS) {
    return number;
  }
  return WrongSample(Path(path, key), "a number", GotInstead(object, key));
}

absl::Status SetSample(const v1::HealthSample& sample, absl::string_view raw,
                       v1::HealthRecord* record) {
  record->mutable_payload()->set_type_url(std::string(kTypeUrl));
  std::string* const wire = record->mutable_payload()->mutable_value();
  wire->clear();
  // The text goes straight to where it stays.
  wire->reserve(sample.ByteSizeLong() + raw.size() + 16);
  if (!sample.AppendToString(wire)) {
    return absl::InternalError("sample: what was mapped does not serialise");
  }
  AppendLengthDelimited(
      WireTag(v1::HealthSample::kRawFieldNumber, WireType::kLengthDelimited),
      raw, wire);
  return absl::OkStatus();
}

void SetSampleType(absl::string_view system, absl::string_view code,
                   v1::HealthSample* sample) {
  v1::Coding* const coding = sample->mutable_type()->add_coding();
  coding->set_system(std::string(system));
  coding->set_code(std::string(code));
}

void SetSampleQuantity(double number, absl::string_view ucum,
                       absl::string_view given, v1::Quantity* quantity) {
  quantity->set_value(number);
  quantity->set_unit(std::string(ucum));
  if (given != ucum) quantity->set_given_unit(std::string(given));
}

}  // namespace subrosa
