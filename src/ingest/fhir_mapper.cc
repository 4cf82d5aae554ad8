#include "src/ingest/fhir_mapper.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simdjson.h"
#include "src/base/status_macros.h"
#include "src/ingest/fhir_consumer.h"
#include "src/ingest/fhir_element.h"
#include "src/ingest/fhir_time.h"
#include "src/ingest/json_padding.h"
#include "src/ingest/wire.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/concept.pb.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr absl::string_view kTypeUrl =
    "type.googleapis.com/subrosa.v1.FhirResource";
constexpr size_t kMaxTypeBytes = 64;
constexpr size_t kMaxSystemBytes = 256;
constexpr size_t kMaxCodeBytes = 64;
constexpr size_t kMaxDisplayBytes = 1024;

absl::Status NoJson(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return WrongFhir("line", "UTF-8", "other bytes");
    case simdjson::UNCLOSED_STRING:
      return WrongFhir("line", "JSON", "a string without its end");
    case simdjson::UNESCAPED_CHARS:
      return WrongFhir("line", "JSON", "a control character in a string");
    case simdjson::NUMBER_ERROR:
      return WrongFhir("line", "JSON", "a number that is none or out of range");
    case simdjson::DEPTH_ERROR:
      return WrongFhir("line", "at most 64 levels", "more");
    default:
      return WrongFhir("line", "JSON", "text that is none");
  }
}

// A resource's type has the form of one; any other word may be somebody's data.
bool IsTypeName(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxTypeBytes &&
         absl::ascii_isupper(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalpha(static_cast<unsigned char>(c));
         });
}

void AppendCoding(dom::object coding, v1::CodedConcept* concept) {
  const absl::string_view system = FindText(coding, "system");
  const absl::string_view code = FindText(coding, "code");
  const absl::string_view display = FindText(coding, "display");
  // What is no code by our bounds stays in the resource alone, but its words
  // help to read the record.
  if (system.empty() || system.size() > kMaxSystemBytes || code.empty() ||
      code.size() > kMaxCodeBytes) {
    if (concept->text().empty()) concept->set_text(std::string(display));
    return;
  }
  v1::Coding* const made = concept->add_coding();
  made->set_system(std::string(system));
  made->set_code(std::string(code));
  if (display.size() <= kMaxDisplayBytes) {
    made->set_display(std::string(display));
  }
}

// Takes a CodeableConcept, or a list of them, into one concept.
void AppendConcept(dom::element element, v1::CodedConcept* concept) {
  dom::array several;
  if (element.get(several) == simdjson::SUCCESS) {
    for (const dom::element one : several) {
      if (one.is_object()) AppendConcept(one, concept);
    }
    return;
  }
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS) return;
  const absl::string_view text = FindText(object, "text");
  if (!text.empty()) concept->set_text(std::string(text));
  const std::optional<dom::array> codings = FindArray(object, "coding");
  if (!codings.has_value()) return;
  for (const dom::element item : *codings) {
    dom::object coding;
    if (item.get(coding) == simdjson::SUCCESS) AppendCoding(coding, concept);
  }
}

// The code of the contained resource that `reference` ("#med1") refers to.
std::optional<dom::element> ContainedCode(const FhirMembers& resource,
                                          absl::string_view reference) {
  const std::optional<dom::array> contained = FindArray(resource, "contained");
  if (!absl::StartsWith(reference, "#") || !contained.has_value()) {
    return std::nullopt;
  }
  for (const dom::element item : *contained) {
    dom::object part;
    if (item.get(part) == simdjson::SUCCESS &&
        FindText(part, "id") == reference.substr(1)) {
      return FindMember(part, "code");
    }
  }
  return std::nullopt;
}

void SetCode(const FhirMembers& resource, v1::FhirResource* made) {
  for (const absl::string_view name :
       {"code", "medicationCodeableConcept", "vaccineCode", "type"}) {
    const std::optional<dom::element> found = FindMember(resource, name);
    if (!found.has_value() || found->is_string()) continue;
    AppendConcept(*found, made->mutable_code());
    return;
  }
  const std::optional<dom::object> medication =
      FindObject(resource, "medicationReference");
  if (!medication.has_value()) return;
  const std::optional<dom::element> contained =
      ContainedCode(resource, FindText(*medication, "reference"));
  if (contained.has_value()) {
    AppendConcept(*contained, made->mutable_code());
  }
  const absl::string_view display = FindText(*medication, "display");
  if (made->code().text().empty() && !display.empty()) {
    made->mutable_code()->set_text(std::string(display));
  }
}

void SetReasons(const FhirMembers& resource, v1::FhirResource* made) {
  const std::optional<dom::array> codes = FindArray(resource, "reasonCode");
  if (codes.has_value()) {
    for (const dom::element code : *codes) {
      if (code.is_object()) AppendConcept(code, made->add_reasons());
    }
  }
  const std::optional<dom::array> references =
      FindArray(resource, "reasonReference");
  if (!references.has_value()) return;
  for (const dom::element item : *references) {
    dom::object reference;
    if (item.get(reference) != simdjson::SUCCESS) continue;
    const absl::string_view display = FindText(reference, "display");
    if (!display.empty()) made->add_reasons()->set_text(std::string(display));
  }
}

void SetValue(const FhirMembers& resource, v1::FhirResource* made) {
  double number;
  const std::optional<dom::element> whole =
      FindMember(resource, "valueInteger");
  if (whole.has_value() && whole->get(number) == simdjson::SUCCESS) {
    made->mutable_value()->set_value(number);
    return;
  }
  const std::optional<dom::object> quantity =
      FindObject(resource, "valueQuantity");
  if (!quantity.has_value()) return;
  const std::optional<dom::element> value = FindMember(*quantity, "value");
  if (!value.has_value() || value->get(number) != simdjson::SUCCESS) return;
  made->mutable_value()->set_value(number);
  const absl::string_view code = FindText(*quantity, "code");
  made->mutable_value()->set_unit(
      std::string(code.empty() ? FindText(*quantity, "unit") : code));
}

void SetStatus(const FhirMembers& resource, v1::FhirResource* made) {
  const absl::string_view status = FindText(resource, "status");
  if (!status.empty()) {
    made->set_status(std::string(status));
    return;
  }
  const std::optional<dom::element> clinical =
      FindMember(resource, "clinicalStatus");
  if (!clinical.has_value()) return;
  v1::CodedConcept concept;
  AppendConcept(*clinical, &concept);
  if (concept.coding_size() > 0) made->set_status(concept.coding(0).code());
}

}  // namespace

static_assert(kJsonPaddingBytes >= simdjson::SIMDJSON_PADDING,
              "simdjson reads this far behind a text");

class FhirMapper::State {
 public:
  absl::StatusOr<FhirAbout> Map(absl::string_view json,
                                FhirReferences* references,
                                v1::HealthRecord* record);
  const std::string& type() const { return type_; }
  const std::string& unknown_path() const { return unknown_path_; }

 private:
  absl::Status SetPayload(absl::string_view json, const FhirMembers& resource,
                          v1::HealthRecord* record);

  dom::parser parser_;
  v1::FhirResource made_;
  std::string type_;
  std::string unknown_path_;
};

absl::StatusOr<FhirAbout> FhirMapper::State::Map(absl::string_view json,
                                                 FhirReferences* references,
                                                 v1::HealthRecord* record) {
  type_.clear();
  dom::element root;
  // The padding is there, so the parser need not copy the text.
  if (const simdjson::error_code error =
          parser_.parse(json.data(), json.size(), false).get(root)) {
    return NoJson(error);
  }
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) {
    return WrongFhir("line", "a resource",
                     root.is_array() ? "a list" : "a value");
  }
  SUBROSA_RETURN_IF_ERROR(CheckStructure(root));
  const FhirMembers resource(object);
  const absl::string_view type = FindText(resource, "resourceType");
  if (!IsTypeName(type)) {
    return WrongFhir("resourceType", "a type of FHIR's",
                     type.empty() ? "none" : "another string");
  }
  type_ = std::string(type);
  if (type == "Bundle") {
    return WrongFhir("resourceType", "a resource", "a Bundle");
  }
  SUBROSA_ASSIGN_OR_RETURN(FhirSubject subject,
                           SubjectOf(type, resource, references));
  if (subject.kind == FhirSubject::Kind::kUnknown) {
    unknown_path_ = std::move(subject.path);
    return FhirAbout::kUnknown;
  }
  record->Clear();
  // A copy, since the references may move their own.
  record->set_consumer(std::string(subject.id));
  const absl::string_view id = FindText(resource, "id");
  if (subject.kind == FhirSubject::Kind::kNobody) {
    if (references != nullptr) references->Add(type, id, {});
    return FhirAbout::kNobody;
  }
  if (!id.empty()) {
    if (!IsFhirId(id)) {
      return WrongFhir("id", "an id of FHIR", "another string");
    }
    record->set_id(absl::StrCat(type, "/", id));
  }
  if (references != nullptr && type == "Patient") {
    SUBROSA_RETURN_IF_ERROR(references->AddPatient(record->consumer()));
  } else if (references != nullptr) {
    references->Add(type, id, record->consumer());
  }
  SUBROSA_RETURN_IF_ERROR(SetTimes(resource, record));
  SUBROSA_RETURN_IF_ERROR(SetPayload(json, resource, record));
  return FhirAbout::kConsumer;
}

absl::Status FhirMapper::State::SetPayload(absl::string_view json,
                                           const FhirMembers& resource,
                                           v1::HealthRecord* record) {
  made_.Clear();
  made_.set_resource_type(type_);
  made_.set_resource_id(std::string(FindText(resource, "id")));
  SetCode(resource, &made_);
  SetReasons(resource, &made_);
  SetValue(resource, &made_);
  SetStatus(resource, &made_);
  record->mutable_payload()->set_type_url(std::string(kTypeUrl));
  std::string* const wire = record->mutable_payload()->mutable_value();
  // The text goes straight to where it stays: it may be megabytes.
  const size_t rest = made_.ByteSizeLong();
  wire->reserve(rest + json.size() + 16);
  if (!made_.AppendToString(wire)) {
    return absl::InternalError("resource: what was mapped does not serialise");
  }
  AppendLengthDelimited(
      WireTag(v1::FhirResource::kJsonFieldNumber, WireType::kLengthDelimited),
      json, wire);
  return absl::OkStatus();
}

FhirMapper::FhirMapper() : state_(std::make_unique<State>()) {}

FhirMapper::~FhirMapper() = default;

absl::StatusOr<FhirAbout> FhirMapper::Map(absl::string_view json,
                                          v1::HealthRecord* record) {
  return state_->Map(json, nullptr, record);
}

absl::StatusOr<FhirAbout> FhirMapper::MapEntry(absl::string_view json,
                                               FhirReferences* references,
                                               v1::HealthRecord* record) {
  return state_->Map(json, references, record);
}

const std::string& FhirMapper::unknown_path() const {
  return state_->unknown_path();
}

const std::string& FhirMapper::type() const { return state_->type(); }

}  // namespace subrosa
