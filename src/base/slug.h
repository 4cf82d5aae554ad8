// Slugs name things for programs and people alike: sources, purposes, entities.
// They rest in clear and are printed freely, so they say nothing of a person.
#ifndef SUBROSA_SRC_BASE_SLUG_H_
#define SUBROSA_SRC_BASE_SLUG_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace subrosa {

inline constexpr size_t kMaxSlugBytes = 64;

// Returns OK if `value` is 1 to 64 bytes of [a-z0-9-], else INVALID_ARGUMENT
// that begins with `field_path` and does not repeat `value`.
inline absl::Status CheckSlug(absl::string_view field_path,
                              absl::string_view value) {
  if (value.empty() || value.size() > kMaxSlugBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(field_path, ": want 1 to ", kMaxSlugBytes, " bytes, got ",
                     value.size()));
  }
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
      return absl::InvalidArgumentError(absl::StrCat(
          field_path, ": want only a-z, 0-9 and -, got another byte at ", i));
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_SLUG_H_
