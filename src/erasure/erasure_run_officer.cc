// What an officer does about an erasure that is on its way.
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/erasure/erasure_run.h"
#include "src/erasure/stored_erasure.h"
#include "src/store/connection.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {
namespace {

absl::Status NotWaiting(absl::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat("erasure: want one that ", what, ", got another"));
}

}  // namespace

absl::StatusOr<ErasureEntry> ErasureRun::FindOrdered(
    absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(ErasureEntry entry, book_.Find(consumer));
  if (entry.erasure.keys_destroyed()) return NotWaiting("is not carried out");
  return entry;
}

absl::StatusOr<ErasureEntry> ErasureRun::FindToConfirm(
    absl::string_view consumer, absl::string_view officer) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("officer", officer));
  SUBROSA_ASSIGN_OR_RETURN(ErasureEntry entry, FindOrdered(consumer));
  const v1::StoredErasure& erasure = entry.erasure;
  if (!erasure.wants_second_officer() || !erasure.confirmed_by().empty()) {
    return NotWaiting("waits for a second officer");
  }
  if (erasure.ordered_by() == officer) {
    return absl::FailedPreconditionError(
        "officer: want another than the one who ordered it, got the same");
  }
  return entry;
}

absl::StatusOr<ErasureEntry> ErasureRun::FindHeld(absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(ErasureEntry entry, FindOrdered(consumer));
  if (entry.erasure.hold_rule().empty()) return NotWaiting("is held");
  return entry;
}

absl::StatusOr<v1::StoredErasure> ErasureRun::CheckConfirm(
    absl::string_view consumer, absl::string_view officer) {
  SUBROSA_ASSIGN_OR_RETURN(ErasureEntry entry,
                           FindToConfirm(consumer, officer));
  return std::move(entry.erasure);
}

absl::StatusOr<v1::StoredErasure> ErasureRun::CheckRelease(
    absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(ErasureEntry entry, FindHeld(consumer));
  return std::move(entry.erasure);
}

absl::Status ErasureRun::Confirm(absl::string_view consumer,
                                 absl::string_view officer) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault_->records().Begin());
  SUBROSA_ASSIGN_OR_RETURN(ErasureEntry entry,
                           FindToConfirm(consumer, officer));
  entry.erasure.set_confirmed_by(std::string(officer));
  return Keep(std::move(entry), std::move(transaction));
}

absl::Status ErasureRun::Hold(absl::string_view consumer) {
  // Keys are destroyed by whoever can write to the key store, and has looked
  // for holds since (Choose): while we can, they are there or gone for good.
  SUBROSA_ASSIGN_OR_RETURN(const Transaction keys,
                           Transaction::Begin(vault_->keys().database()));
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault_->records().Begin());
  SUBROSA_ASSIGN_OR_RETURN(ErasureEntry entry, FindOrdered(consumer));
  const absl::StatusOr<std::shared_ptr<const ConsumerHandle>> found =
      vault_->keys().FindShared(consumer);
  if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
  if (!found.ok() || PreparedOf(entry.erasure).key_id != (*found)->key_ref.id) {
    return NotWaiting("is not carried out");
  }
  ErasureOrder order = OrderOfErasure(entry.erasure);
  order.hold = true;
  SUBROSA_ASSIGN_OR_RETURN(const ErasureDraft draft,
                           planner_.Draft(order, **found));
  entry.erasure.set_hold_rule(draft.erasure.hold_rule());
  return Keep(std::move(entry), std::move(transaction));
}

absl::Status ErasureRun::Release(absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault_->records().Begin());
  SUBROSA_ASSIGN_OR_RETURN(ErasureEntry entry, FindHeld(consumer));
  entry.erasure.clear_hold_rule();
  return Keep(std::move(entry), std::move(transaction));
}

absl::Status ErasureRun::Answer(absl::string_view consumer,
                                absl::string_view id, PartyAnswer answer) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault_->records().Begin());
  SUBROSA_ASSIGN_OR_RETURN(ErasureEntry entry, book_.Find(consumer));
  v1::ErasureParty* found = nullptr;
  for (v1::ErasureParty& party : *entry.erasure.mutable_party()) {
    if (party.party().id() == id) found = &party;
  }
  if (found == nullptr) {
    return absl::NotFoundError(
        "party: want one that this erasure has to tell, got another");
  }
  if (!IsOpen(found->party())) {
    return absl::FailedPreconditionError(
        "party: want one whose answer is open, got one that has answered");
  }
  TakeReply({answer, absl::OkStatus(), /*is_reached=*/true},
            steward_.clock().Now(), found);
  entry.state = ErasureState::kOpen;
  return Keep(std::move(entry), std::move(transaction));
}

}  // namespace subrosa
