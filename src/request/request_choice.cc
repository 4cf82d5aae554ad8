#include "src/request/request_choice.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consent/no_check.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

// Of a choice: subrosa/v1/consent.proto.
constexpr size_t kMaxPermissionOfChoice = 128;

std::string EvidenceOf(const KeptRequest& kept) {
  return absl::StrCat("request-", absl::BytesToHexString(kept.request_ref));
}

// A guardian who is on record speaks as one. Of another what was seen says that
// they may, as of an agent.
v1::Actor ActorOf(const KeptRequest& kept, const v1::ConsumerFacts& facts) {
  const v1::Requester& requester = kept.request().requester();
  v1::Actor actor;
  if (requester.kind() == v1::REQUESTER_KIND_SELF) {
    actor.set_kind(v1::ACTOR_KIND_SELF);
  } else if (requester.kind() == v1::REQUESTER_KIND_GUARDIAN &&
             std::find(facts.guardian().begin(), facts.guardian().end(),
                       requester.permission()) != facts.guardian().end()) {
    actor.set_kind(v1::ACTOR_KIND_PARENT);
    actor.set_account(requester.permission());
  } else {
    actor.set_kind(v1::ACTOR_KIND_AGENT);
    actor.set_permission(requester.permission().size() <= kMaxPermissionOfChoice
                             ? requester.permission()
                             : EvidenceOf(kept));
  }
  return actor;
}

// What is left empty means all.
void SetScope(v1::RequestKind kind, v1::Choice* choice) {
  switch (kind) {
    case v1::REQUEST_KIND_OPT_OUT:
      choice->set_kind(v1::CHOICE_KIND_OPT_OUT);
      choice->add_action(v1::ACTION_SHARE);
      choice->add_action(v1::ACTION_SELL);
      break;
    case v1::REQUEST_KIND_CEASE:
      choice->set_kind(v1::CHOICE_KIND_OPT_OUT);
      choice->add_action(v1::ACTION_COLLECT);
      choice->add_action(v1::ACTION_SHARE);
      choice->add_action(v1::ACTION_SELL);
      break;
    case v1::REQUEST_KIND_LIMIT:
      choice->set_kind(v1::CHOICE_KIND_LIMIT);
      break;
    default:
      choice->set_kind(v1::CHOICE_KIND_WITHDRAWAL);
      break;
  }
}

v1::LedgerEntry EntryOf(const KeptRequest& kept,
                        const v1::ConsumerFacts& facts) {
  const v1::Request& request = kept.request();
  v1::LedgerEntry entry;
  entry.set_consumer(request.consumer());
  v1::Choice& choice = *entry.mutable_choice();
  choice.set_consumer(request.consumer());
  SetScope(request.kind(), &choice);
  choice.set_method(EvidenceOf(kept));
  choice.set_jurisdiction(request.residence());
  *choice.mutable_given_at() = request.received_at();
  *choice.mutable_actor() = ActorOf(kept, facts);
  return entry;
}

absl::StatusOr<bool> IsRecorded(const KeptRequest& kept,
                                ConsentLedger& choices) {
  const std::string evidence = EvidenceOf(kept);
  bool is_there = false;
  const absl::Status read = choices.Visit(
      kept.request().consumer(), [&](uint64_t, const v1::LedgerEntry& entry) {
        is_there = is_there || entry.choice().method() == evidence;
        return absl::OkStatus();
      });
  // Who is new may choose before anything is held of them.
  if (!read.ok() && !absl::IsNotFound(read)) return read;
  return is_there;
}

}  // namespace

bool IsDoneByChoice(v1::RequestKind kind) {
  return kind == v1::REQUEST_KIND_OPT_OUT || kind == v1::REQUEST_KIND_LIMIT ||
         kind == v1::REQUEST_KIND_WITHDRAW || kind == v1::REQUEST_KIND_CEASE;
}

absl::Status RecordChoice(const RequestLaw& law, const KeptRequest& kept,
                          absl::Time now, ConsentLedger& choices) {
  SUBROSA_ASSIGN_OR_RETURN(const bool is_recorded, IsRecorded(kept, choices));
  if (is_recorded) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const StandingState state,
                           choices.ReadStanding(kept.request().consumer()));
  const v1::LedgerEntry entry = EntryOf(kept, state.standing.facts());
  absl::Status checked;
  SUBROSA_ASSIGN_OR_RETURN(
      const std::vector<EntryResult> results,
      choices.Append({&entry}, [&](const v1::LedgerEntry& asked,
                                   const v1::Standing& standing) {
        checked = CheckNoToAll(asked.choice(), standing, law.entity_law(), now);
        return checked;
      }));
  const absl::Status& status = results.front().status;
  if (absl::IsAlreadyExists(status)) return absl::OkStatus();
  if (absl::IsFailedPrecondition(status)) {
    const bool withdraws =
        entry.choice().kind() == v1::CHOICE_KIND_WITHDRAWAL && !checked.ok();
    const bool is_erased = checked.ok();
    if (withdraws || is_erased) return absl::OkStatus();
  }
  return status;
}

}  // namespace subrosa
