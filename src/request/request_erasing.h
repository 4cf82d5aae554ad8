// A request that an erasure does cannot be said to be done while it is not:
// what an erasure has still to do is said by it alone, and nobody's deletion is
// complete while they are held.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_ERASING_H_
#define SUBROSA_SRC_REQUEST_REQUEST_ERASING_H_

#include <functional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/request/request_law.h"
#include "src/request/request_machine.h"
#include "src/vault/vault.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// The part that is the home's own records.
inline constexpr char kRecordsPart[] = "records";

// The parts that an erasure of `consumer` has still to do, by their slugs; none
// if none is ordered. What erasures are is known above this room:
// ReadOwedParts (src/erasure/owed_parts.h) is one.
using OwedPartsReader = std::function<absl::StatusOr<std::set<std::string>>(
    Vault& vault, const Clock& clock, absl::string_view consumer)>;

// Whether `request` is to delete, or a withdrawal where a rule that applies has
// what was collected by consent erased.
bool IsErasing(const RequestLaw& law, const v1::Request& request);

// How far the erasure is that a request asks for.
struct ErasingState {
  // Somebody of the account is held, whom the request has deleted.
  bool is_held = false;
  std::set<std::string> owed;
};

// Reads it of `request`, for which IsErasing is true. FAILED_PRECONDITION if
// `read_owed` is null: who cannot ask what is owed takes no such step.
absl::StatusOr<ErasingState> ReadErasing(const v1::Request& request,
                                         const OwedPartsReader& read_owed,
                                         const Clock& clock, Vault& vault);

// Whether the part's step `event` may be entered by hand; FAILED_PRECONDITION,
// "request.part: want …, got …", says how it is had instead.
absl::Status CheckPartByHand(const v1::RequestEvent& event,
                             const ErasingState& state);

// Whether a request whose steps `machine` took may be complete.
// FAILED_PRECONDITION as above.
absl::Status CheckErased(const RequestMachine& machine,
                         const ErasingState& state);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_ERASING_H_
