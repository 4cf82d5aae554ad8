#include "src/request/request_erasing.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/request/request_time.h"
#include "src/vault/key_store.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

// What a pack calls the duty.
constexpr absl::string_view kEraseWithdrawn = "erase-withdrawn";

// Whether `records` has an answer: the erasure's, or that it is not done.
bool IsAnswered(const RequestMachine& machine) {
  const auto part = machine.parts().find(kRecordsPart);
  return part != machine.parts().end() && !part->second.IsSilent();
}

}  // namespace

bool IsErasing(const RequestLaw& law, const v1::Request& request) {
  if (request.kind() == v1::REQUEST_KIND_DELETE) return true;
  if (request.kind() != v1::REQUEST_KIND_WITHDRAW) return false;
  const std::vector<const DatedRule*> rules =
      law.RulesFor(request, RequestTimeOf(request.received_at()));
  return std::any_of(rules.begin(), rules.end(), [](const DatedRule* rule) {
    return rule->rule().duty().duty() == kEraseWithdrawn;
  });
}

absl::StatusOr<ErasingState> ReadErasing(const v1::Request& request,
                                         const OwedPartsReader& read_owed,
                                         const Clock& clock, Vault& vault) {
  if (read_owed == nullptr) {
    return absl::FailedPreconditionError(
        "request desk: want one that can ask what erasures have still to do "
        "for a step of a deletion, got one that only reads");
  }
  ErasingState state;
  SUBROSA_ASSIGN_OR_RETURN(state.owed,
                           read_owed(vault, clock, request.consumer()));
  // A withdrawal may leave what rests on another ground.
  if (request.kind() != v1::REQUEST_KIND_DELETE) return state;
  const absl::Status found = vault.keys().Find(request.consumer()).status();
  if (!found.ok() && !absl::IsNotFound(found)) return found;
  state.is_held = found.ok();
  return state;
}

absl::Status CheckPartByHand(const v1::RequestEvent& event,
                             const ErasingState& state) {
  if (state.owed.count(event.part()) > 0) {
    return absl::FailedPreconditionError(
        "request.part: want the erasure's own word of a part that it has still "
        "to do, got one by hand; `erasure show` says what it waits for, "
        "`erasure continue` asks again, and `erasure answer` takes what a "
        "store or recipient answered");
  }
  if (state.is_held && event.part() == kRecordsPart &&
      event.kind() == v1::REQUEST_EVENT_KIND_PART_DONE) {
    return absl::FailedPreconditionError(
        "request.part: want nobody of the account held once `records` is done, "
        "got somebody; `request erase` erases them");
  }
  return absl::OkStatus();
}

absl::Status CheckErased(const RequestMachine& machine,
                         const ErasingState& state) {
  if (!state.owed.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "request.part: want an erasure that is carried out everywhere, got one "
        "that has still to do ",
        state.owed.size(),
        " parts; `erasure show` says which, `erasure continue` asks again"));
  }
  if (state.is_held && !IsAnswered(machine)) {
    return absl::FailedPreconditionError(
        "request.part: want the account erased for a deletion to be complete, "
        "got somebody who is held; `request erase` erases them");
  }
  return absl::OkStatus();
}

}  // namespace subrosa
