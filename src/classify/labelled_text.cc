#include "src/classify/labelled_text.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

using Json = nlohmann::json;

absl::StatusOr<std::string> StringOf(const Json& object, const char* name,
                                     bool required) {
  const auto member = object.find(name);
  if (member == object.end() && !required) return std::string();
  if (member == object.end() || !member->is_string()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": want a string, got ",
                     member == object.end() ? "none" : "something else"));
  }
  return member->get<std::string>();
}

absl::StatusOr<size_t> OffsetOf(const Json& span, const char* name,
                                absl::string_view text) {
  const auto member = span.find(name);
  if (member == span.end() || !member->is_number_unsigned()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": want a number that is not negative"));
  }
  const uint64_t offset = member->get<uint64_t>();
  if (offset > text.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": want at most the ", text.size(),
                     " bytes of the text, got ", offset));
  }
  const bool inside = offset < text.size() &&
                      (static_cast<uint8_t>(text[offset]) & 0xC0) == 0x80;
  if (inside) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, ": want the edge of a character, got byte ", offset));
  }
  return static_cast<size_t>(offset);
}

absl::StatusOr<SpanLabel> ParseLabel(const Json& span, absl::string_view text) {
  if (!span.is_object()) {
    return absl::InvalidArgumentError("want an object, got something else");
  }
  SpanLabel label;
  SUBROSA_ASSIGN_OR_RETURN(const size_t begin, OffsetOf(span, "bstart", text));
  SUBROSA_ASSIGN_OR_RETURN(const size_t end, OffsetOf(span, "bend", text));
  if (end <= begin) {
    return absl::InvalidArgumentError(
        absl::StrCat("bend: want more than bstart, ", begin, ", got ", end));
  }
  SUBROSA_ASSIGN_OR_RETURN(label.type, StringOf(span, "type", true));
  label.span = {begin, end - begin};
  return label;
}

}  // namespace

absl::StatusOr<LabelledText> ParseLabelledText(absl::string_view json) {
  const Json object =
      Json::parse(json.begin(), json.end(), /*cb=*/nullptr,
                  /*allow_exceptions=*/false, /*ignore_comments=*/false);
  if (!object.is_object()) {
    return absl::InvalidArgumentError("line: want a JSON object");
  }
  LabelledText result;
  SUBROSA_ASSIGN_OR_RETURN(result.id, StringOf(object, "id", true));
  if (result.id.empty()) {
    return absl::InvalidArgumentError("id: want one, got an empty string");
  }
  SUBROSA_ASSIGN_OR_RETURN(result.text, StringOf(object, "text", true));
  SUBROSA_ASSIGN_OR_RETURN(result.source, StringOf(object, "source", false));
  SUBROSA_ASSIGN_OR_RETURN(const std::string track,
                           StringOf(object, "track", false));
  if (!track.empty()) absl::StrAppend(&result.source, "/", track);
  const auto spans = object.find("spans");
  if (spans == object.end() || !spans->is_array() ||
      spans->size() > kMaxSpanLabels) {
    return absl::InvalidArgumentError(absl::StrCat(
        "spans: want an array of at most ", kMaxSpanLabels, " spans"));
  }
  size_t index = 0;
  for (const Json& span : *spans) {
    absl::StatusOr<SpanLabel> label = ParseLabel(span, result.text);
    if (!label.ok()) {
      return Annotate(label.status(), absl::StrCat("spans[", index, "]"));
    }
    result.labels.push_back(*std::move(label));
    ++index;
  }
  std::sort(result.labels.begin(), result.labels.end(),
            [](const SpanLabel& a, const SpanLabel& b) {
              return a.span.offset < b.span.offset;
            });
  return result;
}

}  // namespace subrosa
