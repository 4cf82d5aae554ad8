// CheckDisclosure says whether an entry for the ledger has the shape of one.
// Whether the disclosure was lawful is for who decides.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_DISCLOSURE_DISCLOSURE_CHECK_H_
#define SUBROSA_SRC_DISCLOSURE_DISCLOSURE_CHECK_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "subrosa/v1/disclosure.pb.h"

namespace subrosa {

inline constexpr size_t kMaxDisclosureNoteBytes = 256;
inline constexpr size_t kMaxDisclosurePseudonymBytes = 256;
inline constexpr int kMaxDisclosureRules = 64;

// How far ahead of ours the clock of whoever declares a disclosure may be.
inline constexpr absl::Duration kMaxDisclosureSkew = absl::Minutes(5);

// Returns OK if each field of `disclosure` is as disclosure.proto says. One
// that is no revocation names action, purpose and the time, which is not after
// `now` by more than kMaxDisclosureSkew nor before 1970; a grant also its
// digest and pseudonym.
//
// INVALID_ARGUMENT, `disclosure.purpose: want …, got …`; no value is repeated.
absl::Status CheckDisclosure(const v1::Disclosure& disclosure, absl::Time now);

}  // namespace subrosa

#endif  // SUBROSA_SRC_DISCLOSURE_DISCLOSURE_CHECK_H_
