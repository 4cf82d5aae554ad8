// Whether text has the shape of a way to reach somebody: an e-mail address, the
// URL of a form. Whether it works only trying tells.
//
// Thread-safe: no state.
//
// Errors are INVALID_ARGUMENT, begin with `field_path` and do not repeat the
// text.
#ifndef SUBROSA_SRC_RECIPIENTS_CONTACT_CHECK_H_
#define SUBROSA_SRC_RECIPIENTS_CONTACT_CHECK_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace subrosa {

inline constexpr size_t kMaxEmailBytes = 254;  // RFC 5321 4.5.3.1.3.
inline constexpr size_t kMaxUrlBytes = 2048;

// Returns OK for a mailbox as most are: dot-atom, @, and a host name with a dot
// (RFC 5321 4.1.2). Quoted local parts, address literals and addresses beyond
// ASCII are refused: not every consumer's mail program writes to them.
absl::Status CheckEmail(absl::string_view field_path, absl::string_view email);

// Returns OK for "https://", a host name with a dot, perhaps a port, and
// perhaps a path, query and fragment in the characters of RFC 3986. No user
// name or password, and no address in place of a name.
absl::Status CheckHttpsUrl(absl::string_view field_path, absl::string_view url);

}  // namespace subrosa

#endif  // SUBROSA_SRC_RECIPIENTS_CONTACT_CHECK_H_
