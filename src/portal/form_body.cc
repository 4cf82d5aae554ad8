#include "src/portal/form_body.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "simdjson.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

absl::Status Want(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("form: want ", what));
}

// The value of a hexadecimal digit; below zero for what is none.
int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

absl::StatusOr<std::string> Decode(absl::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i] == '+' ? ' ' : text[i]);
      continue;
    }
    const int high = i + 2 < text.size() ? DigitOf(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? DigitOf(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return Want("two hexadecimal digits after %, got another");
    }
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return decoded;
}

absl::Status CheckValue(absl::string_view value) {
  if (value.size() > kMaxFormValueBytes) {
    return Want(absl::StrCat("at most ", kMaxFormValueBytes,
                             " bytes in a field, got ", value.size()));
  }
  if (!simdjson::validate_utf8(value.data(), value.size())) {
    return Want("UTF-8, got another byte");
  }
  for (const char c : value) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      return Want("no control characters, got one");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FormFields> ParseFormBody(absl::string_view body) {
  if (body.size() > kMaxFormBytes) {
    return Want(
        absl::StrCat("at most ", kMaxFormBytes, " bytes, got ", body.size()));
  }
  FormFields fields;
  for (const absl::string_view pair :
       absl::StrSplit(body, '&', absl::SkipEmpty())) {
    if (fields.size() == kMaxFormFields) {
      return Want(
          absl::StrCat("at most ", kMaxFormFields, " fields, got more"));
    }
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(pair, absl::MaxSplits('=', 1));
    SUBROSA_RETURN_IF_ERROR(CheckSlug("form: a field's name", parts.first));
    SUBROSA_ASSIGN_OR_RETURN(const std::string value, Decode(parts.second));
    SUBROSA_RETURN_IF_ERROR(CheckValue(value));
    if (!fields
             .emplace(std::string(parts.first),
                      std::string(absl::StripAsciiWhitespace(value)))
             .second) {
      return Want("each field once, got one twice");
    }
  }
  return fields;
}

}  // namespace subrosa
