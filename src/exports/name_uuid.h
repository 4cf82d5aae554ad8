// UUIDs that follow from what they name: the same parts give the same one, so
// that a copy that is written again has the same names in it.
#ifndef SUBROSA_SRC_EXPORTS_NAME_UUID_H_
#define SUBROSA_SRC_EXPORTS_NAME_UUID_H_

#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// A UUID of version 8 (RFC 9562, 5.8) of SHA-256 over `parts`, each with its
// length: "f81d4fae-7dec-81d0-a765-00a0c91e6bf6".
//
// Security: it hides no part that can be guessed. Give one that is random.
std::string NameUuid(std::initializer_list<absl::string_view> parts);

// True if `text` is a UUID of any version, in lower case.
bool IsUuid(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_NAME_UUID_H_
