// The clocks of a request: every period that a statute which applies gives for
// answering it, from when, until when, whether it may be extended, and whether
// what it asks for was done. The strictest comes first; the others are kept,
// for each is a duty of its own.
//
// Every number comes from the packs, and every clock cites its rule. A period
// that begins with authentication stands still until then; one that begins with
// a notice to recipients, until that is sent.
//
// Thread-safe: no state.
//
// Source: the rules of kind `deadline` of rooms request and erasure, as RCW
// 19.373.040(1)(g), NRS 603A.510, .515, Cal. Civ. Code 1798.130(a)(2), 11 CCR
// 7021; how days are counted: src/law/deadline.h.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_CLOCKS_H_
#define SUBROSA_SRC_REQUEST_REQUEST_CLOCKS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/law/law_book.h"
#include "src/request/request_law.h"
#include "src/request/request_machine.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

enum class ClockState {
  kRunning,
  kWaiting,  // What starts it has not happened.
  kMet,      // What it asks for was done.
  // For what the request itself does not show: backups. Erasure keeps it, and
  // its certificate says from when they hold nothing any more.
  kElsewhere,
};

struct RequestClock {
  const LawEntry* rule = nullptr;
  v1::ClockStep step = v1::CLOCK_STEP_UNSPECIFIED;
  ClockState state = ClockState::kWaiting;
  // Future without end while it waits.
  absl::Time started_at = absl::InfiniteFuture();
  // The first instant that is too late, the extension counted if it was told;
  // and the last day on which there is time, in the pack's zone.
  absl::Time due_at = absl::InfiniteFuture();
  absl::CivilDay last_day;
  // Until when an extension may be told; past without end where there is none
  // or it was told.
  absl::Time extendable_until = absl::InfinitePast();
  absl::CivilDay last_day_if_extended;
  bool is_extended = false;
  // When it was met.
  absl::Time met_at = absl::InfiniteFuture();

  // Whether time ran out: before it was met, or before `now` if it was not.
  bool IsLate(absl::Time now) const {
    return (state == ClockState::kMet ? met_at : now) >= due_at;
  }
};

// All clocks of `request`, whose steps `machine` took: those that run by what
// is due first, then those that wait, then the others.
//
// INVALID_ARGUMENT only for a deadline that no pack may hold.
absl::StatusOr<std::vector<RequestClock>> ClocksOf(
    const RequestLaw& law, const v1::Request& request,
    const RequestMachine& machine);

// The clock that runs out first, of those that run; null if none does.
const RequestClock* StrictestOf(const std::vector<RequestClock>& clocks);

// Whether an extension may be told at `at`: OK if some clock that is not met
// can be extended then. Only those are extended whose first period is not over.
//
// FAILED_PRECONDITION, with the rules that were looked at, if there is none.
absl::Status CheckExtension(const std::vector<RequestClock>& clocks,
                            absl::Time at);

// The slugs of parts that are silent at `now`, and are not overdue yet, though
// their time is over: a recipient's own, where a statute gives it one, and else
// the request's.
absl::StatusOr<std::vector<std::string>> FindLateParts(
    const RequestLaw& law, const v1::Request& request,
    const RequestMachine& machine, absl::Time now);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_CLOCKS_H_
