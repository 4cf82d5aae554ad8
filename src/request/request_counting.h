// What statutes count about one consumer's requests, and how long the record of
// one is kept.
//
// Thread-safe: no state.
//
// Source: rules `free-requests` (RCW 19.373.040(1)(f), NRS 603A.510(3), Cal.
// Civ. Code 1798.130(b)), `repeated-correction` (11 CCR 7023(g)) and
// `request-log` (11 CCR 7101(a), 4 CCR 904-3 Rule 6.11).
#ifndef SUBROSA_SRC_REQUEST_REQUEST_COUNTING_H_
#define SUBROSA_SRC_REQUEST_REQUEST_COUNTING_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/law/law_book.h"
#include "src/request/request_law.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// An earlier request of the same consumer.
struct EarlierRequest {
  v1::RequestKind kind = v1::REQUEST_KIND_UNSPECIFIED;
  absl::Time received_at;
  // Answered otherwise than by a denial: it counts against what is free.
  bool was_complied_with = false;
  bool was_denied = false;
  absl::Time answered_at;
};

// How many answers a statute makes free, and how many were given in the time
// that it counts.
struct FreeAnswers {
  const LawEntry* rule = nullptr;
  int times = 0;
  int given = 0;

  bool IsUsedUp() const { return given >= times; }
};

// Of each rule that names the request's kind. The time counts back from the day
// of receipt, in the pack's zone, and rolls: it is no calendar year.
absl::StatusOr<std::vector<FreeAnswers>> FreeAnswersFor(
    const RequestLaw& law, const v1::Request& request,
    absl::Span<const EarlierRequest> earlier);

// Whether `request` may be denied for `reason`.
//
// FAILED_PRECONDITION, with the rule: for `excessive` while an answer that a
// statute makes free is left, and where a statute lets a fee be charged and
// nothing refused; for `no-such-right` where a pack has a clock for what is
// asked, or leaves out the part of the law that gives it; for
// `repeated-correction` unless a correction was denied within the time that the
// pack gives; for `held-to-be-right` and `repeated-correction` where nothing
// was to be corrected.
absl::Status CheckDenialReason(const RequestLaw& law,
                               const v1::Request& request,
                               v1::DenialReason reason,
                               absl::Span<const EarlierRequest> earlier);

// How long the record is kept that was last changed on some day.
struct RecordKeeping {
  const LawEntry* rule = nullptr;  // Which asks for it; null: none does.
  absl::CivilDay until;            // The last day.
};

// By the longest `request-log` that applies to the consumer; where none does,
// for as long as `free-requests` have to be counted; else for the day itself.
absl::StatusOr<RecordKeeping> KeepingOf(const RequestLaw& law,
                                        const v1::Request& request,
                                        absl::CivilDay changed_on);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_COUNTING_H_
