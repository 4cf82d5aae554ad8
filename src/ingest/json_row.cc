#include "src/ingest/json_row.h"

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/json_padding.h"
#include "src/ingest/json_token.h"

namespace subrosa {
namespace {

namespace ondemand = simdjson::ondemand;

absl::Status Wrong(absl::string_view want, absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("line: want ", want, ", got ", got));
}

absl::Status Broken(simdjson::error_code error) {
  return Wrong("one object in JSON", NameOf(error));
}

}  // namespace

absl::Status JsonRow::Split(
    absl::string_view line,
    absl::FunctionRef<absl::Status(absl::string_view, const JsonValue&)> take) {
  const char* const end_of_line = line.data() + line.size();
  ondemand::document document;
  if (auto error = parser_
                       .iterate(line.data(), line.size(),
                                line.size() + kJsonPaddingBytes)
                       .get(document)) {
    return Broken(error);
  }
  ondemand::json_type type;
  if (auto error = document.type().get(type)) return Broken(error);
  if (type != ondemand::json_type::object) return Wrong("an object", "another");
  ondemand::object object;
  if (auto error = document.get_object().get(object)) return Broken(error);
  ondemand::object_iterator at, end;
  if (auto error = object.begin().get(at)) return Broken(error);
  if (auto error = object.end().get(end)) return Broken(error);
  for (; at != end; ++at) {
    ondemand::field field;
    if (auto error = (*at).get(field)) return Broken(error);
    absl::string_view key;
    if (auto error = ReadKey(&field, end_of_line, &key)) return Broken(error);
    JsonValue value;
    if (auto error = ReadValue(field.value(), end_of_line, &value)) {
      return Broken(error);
    }
    SUBROSA_RETURN_IF_ERROR(take(key, value));
  }
  const char* rest;
  if (!document.current_location().get(rest)) {
    return Wrong("one object", "more after it");
  }
  return absl::OkStatus();
}

}  // namespace subrosa
