// The fields of a form, as a browser posts it: the URL Standard's
// application/x-www-form-urlencoded, strictly. What is half understood would
// be taken for what somebody did not ask.
//
// Thread-safe: no state.
//
// Source: WHATWG URL Standard, "application/x-www-form-urlencoded parsing".
#ifndef SUBROSA_SRC_PORTAL_FORM_BODY_H_
#define SUBROSA_SRC_PORTAL_FORM_BODY_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

inline constexpr size_t kMaxFormBytes = size_t{16} << 10;
inline constexpr size_t kMaxFormFields = 32;
// Of one value, once it is decoded.
inline constexpr size_t kMaxFormValueBytes = 1024;

// Values by name, without spaces around them.
using FormFields = std::map<std::string, std::string, std::less<>>;

// INVALID_ARGUMENT, `form: want …, got …`, without a value: for more than the
// bounds above, a name that is no slug or comes twice, half an escape, and
// values that are not UTF-8 or hold control characters.
absl::StatusOr<FormFields> ParseFormBody(absl::string_view body);

}  // namespace subrosa

#endif  // SUBROSA_SRC_PORTAL_FORM_BODY_H_
