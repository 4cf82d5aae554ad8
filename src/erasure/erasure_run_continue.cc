// How erasures that are ordered are carried out. Two stores are written to:
// while one batch is kept in the record store, the keys of the next are
// destroyed in the key store.
#include <algorithm>
#include <future>
#include <optional>
#include <utility>

#include "src/audit/leaf.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/erasure/erasure_run.h"
#include "src/erasure/stored_erasure.h"
#include "src/steward/consent_gate.h"
#include "src/vault/choice_states.h"
#include "src/vault/consumer_erasure.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {
namespace {

// Puts the parties of `draft` in the place of those of `erasure`. Whoever was
// told or answered keeps that, unless they were given more since.
void RenewParties(const v1::StoredErasure& draft, v1::StoredErasure* erasure) {
  const auto before = erasure->party();
  *erasure->mutable_party() = draft.party();
  for (v1::ErasureParty& party : *erasure->mutable_party()) {
    for (const v1::ErasureParty& old : before) {
      const bool is_same =
          old.party().kind() == party.party().kind() &&
          old.party().id() == party.party().id() &&
          old.notice().disclosures() == party.notice().disclosures();
      if (is_same && old.party().state() != v1::PARTY_STATE_UNTOLD) {
        party = old;
      }
    }
  }
}

}  // namespace

// Erasures that are carried out together, up to one transaction of each store.
struct ErasureRun::Batch {
  std::vector<ErasureEntry> entries;
  // Of these, whose keys are not destroyed yet; as long are the next two.
  std::vector<ErasureEntry*> begun;
  std::vector<PreparedErasure> prepared;
  std::future<absl::StatusOr<std::vector<std::optional<DestroyedKey>>>>
      destroyed;
  // As they were before the keys went, and after.
  uint64_t log_size_before = 0;
  int64_t keys_seen = 0;
};

absl::Status ErasureRun::Renew(ErasureEntry* entry, uint32_t today,
                               bool* is_renewed) {
  v1::StoredErasure& erasure = entry->erasure;
  SUBROSA_ASSIGN_OR_RETURN(const Leaf leaf, ParseLeaf(erasure.erased_leaf()));
  *is_renewed = false;
  if (leaf.day == today) return absl::OkStatus();
  // Ordered on another day and not carried out: the log is told the day on
  // which it is.
  const absl::StatusOr<std::shared_ptr<const ConsumerHandle>> found =
      vault_->keys().FindShared(erasure.consumer());
  if (!found.ok() || PreparedOf(erasure).key_id != (*found)->key_ref.id) {
    return absl::OkStatus();
  }
  // And what was collected or given away meanwhile counts.
  SUBROSA_ASSIGN_OR_RETURN(ErasureDraft draft,
                           planner_.Draft(OrderOfErasure(erasure), **found));
  RenewParties(draft.erasure, &erasure);
  erasure.mutable_certificate()->mutable_kept()->Swap(
      draft.erasure.mutable_certificate()->mutable_kept());
  erasure.set_suppressed(draft.erasure.suppressed());
  *is_renewed = true;
  return SetErasedDay(today, &erasure);
}

absl::Status ErasureRun::StartDestroying(Batch* batch) {
  const auto today = static_cast<uint32_t>(DayOf(steward_.clock().Now()));
  std::vector<const ErasureEntry*> renewed;
  for (ErasureEntry& entry : batch->entries) {
    if (entry.erasure.keys_destroyed()) continue;
    bool is_renewed = false;
    SUBROSA_RETURN_IF_ERROR(Renew(&entry, today, &is_renewed));
    if (is_renewed) renewed.push_back(&entry);
    batch->begun.push_back(&entry);
    batch->prepared.push_back(PreparedOf(entry.erasure));
  }
  if (batch->begun.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(batch->log_size_before, steward_.ReadLogSize());
  if (!renewed.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             vault_->records().Begin());
    for (const ErasureEntry* const entry : renewed) {
      SUBROSA_RETURN_IF_ERROR(book_.Put(*entry));
    }
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  }
  SUBROSA_ASSIGN_OR_RETURN(const int64_t records_seen,
                           vault_->records().ReadIssued());
  // Until it is awaited nothing else may use the vault's key store.
  batch->destroyed =
      std::async(std::launch::async, [this, batch, records_seen] {
        return vault_->keys().EraseAll(batch->prepared, records_seen);
      });
  return absl::OkStatus();
}

absl::Status ErasureRun::AwaitKeys(Batch* batch, ErasureProgress* progress) {
  if (batch->begun.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::vector<std::optional<DestroyedKey>> destroyed,
      batch->destroyed.get());
  for (const PreparedErasure& erasure : batch->prepared) {
    steward_.gate().Forget(erasure.consumer);
  }
  // The epochs that were there when they went are those that backups have.
  SUBROSA_RETURN_IF_ERROR(issuer_.RefreshEpochs());
  SUBROSA_ASSIGN_OR_RETURN(batch->keys_seen, vault_->keys().ReadIssued());
  std::vector<v1::StoredErasure*> earlier;
  for (size_t i = 0; i < destroyed.size(); ++i) {
    v1::StoredErasure& erasure = batch->begun[i]->erasure;
    if (destroyed[i].has_value()) {
      ++progress->keys_destroyed;
      erasure.set_log_size_before(batch->log_size_before);
    } else {
      // An earlier call did it, and may have been forgotten in a restore.
      earlier.push_back(&erasure);
    }
  }
  SUBROSA_RETURN_IF_ERROR(issuer_.AdoptErasedLeaves(earlier));
  for (ErasureEntry* const entry : batch->begun) {
    entry->erasure.set_keys_destroyed(true);
    SUBROSA_RETURN_IF_ERROR(issuer_.Begin(&entry->erasure));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> ErasureRun::Advance(ErasureEntry* entry,
                                         ErasureProgress* progress) {
  v1::StoredErasure& erasure = entry->erasure;
  progress->told += teller_.TellParties(&erasure, &progress->why_silent);
  const bool is_open = HasOpenParty(erasure);
  if (!is_open) erasure.clear_consumer();
  SUBROSA_ASSIGN_OR_RETURN(const bool is_new, issuer_.Issue(&erasure));
  entry->state = StateOf(erasure);
  const bool is_final =
      erasure.certificate().stage() == v1::CERTIFICATE_STAGE_FINAL;
  progress->issued += is_new ? 1 : 0;
  progress->open += is_open ? 1 : 0;
  progress->interim += is_final ? 0 : 1;
  progress->final += is_final && is_new ? 1 : 0;
  return is_new;
}

absl::Status ErasureRun::Finish(Batch* batch, ErasureProgress* progress) {
  std::vector<std::string> refs;
  std::vector<std::string> leaves;
  std::vector<const ErasureEntry*> changed;
  auto begun = batch->begun.begin();
  for (ErasureEntry& entry : batch->entries) {
    const bool is_begun = begun != batch->begun.end() && *begun == &entry;
    if (is_begun) ++begun;
    const std::string before =
        is_begun ? "" : entry.erasure.SerializeAsString();
    const ErasureState state_before = entry.state;
    SUBROSA_ASSIGN_OR_RETURN(const bool is_new, Advance(&entry, progress));
    if (is_new) {
      leaves.push_back(entry.erasure.statement_leaf());
      refs.push_back(entry.ref);
    }
    if (is_begun || is_new || entry.state != state_before ||
        entry.erasure.SerializeAsString() != before) {
      changed.push_back(&entry);
    }
  }
  if (changed.empty()) return absl::OkStatus();
  std::vector<std::string> consumer_refs;
  for (const ErasureEntry* const entry : batch->begun) {
    consumer_refs.push_back(entry->erasure.consumer_ref());
  }
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault_->records().Begin());
  SUBROSA_RETURN_IF_ERROR(ForgetChoices(vault_->records(), consumer_refs));
  for (const ErasureEntry* const entry : changed) {
    SUBROSA_RETURN_IF_ERROR(book_.Put(*entry));
  }
  if (!leaves.empty()) {
    SUBROSA_RETURN_IF_ERROR(
        vault_->records().AppendEntries(leaves, batch->keys_seen));
  }
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  if (!refs.empty()) issued_.push_back(std::move(refs));
  return batch->begun.empty() ? absl::OkStatus()
                              : steward_.ContinueInBackground();
}

absl::StatusOr<int64_t> ErasureRun::ReadBatch(ErasureState state, int64_t* at,
                                              Batch* batch,
                                              ErasureProgress* progress) {
  const int32_t today = DayOf(steward_.clock().Now());
  return book_.VisitSome(
      state, kAtOnce, at, [&](ErasureEntry entry) -> absl::Status {
        if (!entry.erasure.keys_destroyed() && !IsReady(entry.erasure, today)) {
          ++progress->waiting;
        } else {
          batch->entries.push_back(std::move(entry));
        }
        return absl::OkStatus();
      });
}

absl::StatusOr<ErasureProgress> ErasureRun::Continue() {
  SUBROSA_RETURN_IF_ERROR(issuer_.Refresh());
  SUBROSA_RETURN_IF_ERROR(book_.DeleteExpired().status());
  ErasureProgress progress;
  for (const ErasureState state :
       {ErasureState::kInterim, ErasureState::kOpen}) {
    int64_t at = 0;
    std::unique_ptr<Batch> under_way;
    for (bool is_last = false; !is_last;) {
      if (under_way != nullptr) {
        SUBROSA_RETURN_IF_ERROR(AwaitKeys(under_way.get(), &progress));
      }
      auto next = std::make_unique<Batch>();
      const absl::StatusOr<int64_t> count =
          ReadBatch(state, &at, next.get(), &progress);
      absl::Status started = count.status();
      if (started.ok()) started = StartDestroying(next.get());
      // Whatever became of the next one, this one's keys are gone.
      if (under_way != nullptr) {
        SUBROSA_RETURN_IF_ERROR(Finish(under_way.get(), &progress));
      }
      SUBROSA_RETURN_IF_ERROR(started);
      is_last = *count == 0;
      under_way = std::move(next);
    }
  }
  return progress;
}

}  // namespace subrosa
