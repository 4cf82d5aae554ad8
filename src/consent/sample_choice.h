// For tests: choices that the door lets in, of Rosewater's consumer Maya, each
// to be spoilt in one place.
#ifndef SUBROSA_SRC_CONSENT_SAMPLE_CHOICE_H_
#define SUBROSA_SRC_CONSENT_SAMPLE_CHOICE_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

// "2026-03-05 10:00:00", in UTC; fails the test if it is no time.
absl::Time SampleTime(absl::string_view text);
google::protobuf::Timestamp SampleTimestamp(absl::string_view text);

// Rosewater's: every pack that ships; purposes mood-tracking, coaching and
// research; notices that say what the packs ask of a request for consent.
v1::Policy SamplePolicy();

// Maya's consent, given at "2026-03-05 10:00:00" by a button, under
// Washington's law, to `action` for `purpose`.
v1::Choice SampleConsent(v1::Action action, absl::string_view purpose);

// Maya's authorization, signed at the same time, to sell what tells of her
// conditions to Delphi Insights, for a year. It satisfies every pack.
v1::Choice SampleAuthorization();

// Maya's stop of sharing and sale.
v1::Choice SampleOptOut();

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_SAMPLE_CHOICE_H_
