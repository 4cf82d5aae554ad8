// Whether a choice is well formed in itself: what has to be there for its kind
// is there, nothing else is, and its times can be. Internal to choice_check.h,
// which asks whether policy, law and what stands let it in.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CONSENT_CHOICE_FORM_H_
#define SUBROSA_SRC_CONSENT_CHOICE_FORM_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// By how much another machine's clock may be ahead of ours.
inline constexpr absl::Duration kMaxClockSkew = absl::Minutes(5);

// Bounds, in bytes, and how many a list may hold.
inline constexpr size_t kMaxConsumerBytes = 256;
inline constexpr size_t kMaxChoiceTextBytes = 128;
inline constexpr size_t kMaxDocumentTextBytes = 4096;
inline constexpr int kMaxChoiceListItems = 64;

// Whether it is a yes, which has to be shown: a consent or an authorization.
bool IsYes(v1::ChoiceKind kind);

// OK, or INVALID_ARGUMENT, `field.path: want …, got …`, without any value of
// the choice. `now` is the present time here.
absl::Status CheckChoiceForm(const v1::Choice& choice, absl::Time now);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_CHOICE_FORM_H_
