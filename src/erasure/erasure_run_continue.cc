// How erasures that are ordered are carried out. Two stores are written to:
// while one batch is kept in the record store, the keys of the next are
// destroyed in the key store.
#include <algorithm>
#include <cstdint>
#include <future>
#include <limits>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/audit/leaf.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/erasure/erasure_run.h"
#include "src/erasure/stored_erasure.h"
#include "src/steward/consent_gate.h"
#include "src/vault/choice_states.h"
#include "src/vault/consumer_erasure.h"
#include "src/vault/deletion_clock.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {
namespace {

// What parties answered is kept at least so often: receivers may be slow, and a
// kill loses what was not kept.
constexpr absl::Duration kKeepEvery = absl::Seconds(3);

// How often the party that was asked least often was, of those that a connector
// has still to ask.
int32_t FewestAttempts(const v1::StoredErasure& erasure) {
  int32_t fewest = std::numeric_limits<int32_t>::max();
  for (const v1::ErasureParty& party : erasure.party()) {
    if (IsOpen(party.party()) && party.next_attempt() != 0) {
      fewest = std::min(fewest, party.attempts());
    }
  }
  return fewest;
}

// Puts the parties of `draft` in the place of those of `erasure`. Whoever was
// told or answered keeps that, unless they were given more since.
void RenewParties(const v1::StoredErasure& draft, v1::StoredErasure* erasure) {
  const auto before = erasure->party();
  *erasure->mutable_party() = draft.party();
  for (v1::ErasureParty& party : *erasure->mutable_party()) {
    for (const v1::ErasureParty& old : before) {
      if (IsSameParty(old, party) &&
          old.party().state() != v1::PARTY_STATE_UNTOLD) {
        party = old;
      }
    }
  }
}

// Of an erasure whose keys are destroyed, as it is kept.
void Count(const v1::StoredErasure& erasure, bool is_new,
           ErasureProgress* progress) {
  const bool is_final =
      erasure.certificate().stage() == v1::CERTIFICATE_STAGE_FINAL;
  progress->issued += is_new ? 1 : 0;
  progress->open += HasOpenParty(erasure) ? 1 : 0;
  progress->interim += is_final ? 0 : 1;
  progress->final += is_final && is_new ? 1 : 0;
}

}  // namespace

// Erasures that are carried out together, up to one transaction of each store.
struct ErasureRun::Batch {
  ErasureState state = ErasureState::kOpen;
  std::vector<ErasureEntry> entries;
  // Of these, whose keys are not destroyed yet; as long is the next.
  std::vector<ErasureEntry*> begun;
  std::vector<PreparedErasure> prepared;
  // As they were before the keys went, and after.
  uint64_t log_size_before = 0;
  int64_t keys_seen = 0;
  // Once both are filled in; and once the keys are gone.
  std::promise<void> chosen;
  std::future<absl::StatusOr<std::vector<std::optional<DestroyedKey>>>>
      destroyed;
};

// Erasures that are kept together: with whether each has a new certificate, and
// the references of those whose keys went with this batch.
struct ErasureRun::Group {
  std::vector<std::pair<ErasureEntry*, bool>> changed;
  std::vector<std::string> consumer_refs;
};

int32_t ErasureRun::GraceDay() const {
  return believes_clock_ ? DayOf(steward_.clock().Now()) : 0;
}

absl::StatusOr<bool> ErasureRun::Renew(ErasureEntry* entry, int32_t today) {
  v1::StoredErasure& erasure = entry->erasure;
  SUBROSA_ASSIGN_OR_RETURN(const Leaf leaf, ParseLeaf(erasure.erased_leaf()));
  const auto day = static_cast<uint32_t>(today);
  if (leaf.day == day) return false;
  // Ordered on another day and not carried out: the log is told the day on
  // which it is.
  const absl::StatusOr<std::shared_ptr<const ConsumerHandle>> found =
      vault_->keys().FindShared(erasure.consumer());
  if (!found.ok() || PreparedOf(erasure).key_id != (*found)->key_ref.id) {
    return false;
  }
  // And what was collected or given away meanwhile counts.
  SUBROSA_ASSIGN_OR_RETURN(ErasureDraft draft,
                           planner_.Draft(OrderOfErasure(erasure), **found));
  RenewParties(draft.erasure, &erasure);
  erasure.mutable_certificate()->mutable_kept()->Swap(
      draft.erasure.mutable_certificate()->mutable_kept());
  erasure.set_suppressed(draft.erasure.suppressed());
  SUBROSA_RETURN_IF_ERROR(SetErasedDay(day, &erasure));
  return true;
}

absl::Status ErasureRun::RenewAll(int32_t today,
                                  std::vector<ErasureEntry>* entries) {
  std::vector<ErasureEntry*> renewed;
  for (ErasureEntry& entry : *entries) {
    if (entry.erasure.keys_destroyed()) continue;
    SUBROSA_ASSIGN_OR_RETURN(const bool is_renewed, Renew(&entry, today));
    if (is_renewed) renewed.push_back(&entry);
  }
  if (renewed.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault_->records().Begin());
  for (ErasureEntry* const entry : renewed) {
    SUBROSA_ASSIGN_OR_RETURN(const bool is_kept, book_.Put(entry));
    if (is_kept) continue;
    // Somebody was quicker: theirs, then, if it is still to be carried out.
    SUBROSA_ASSIGN_OR_RETURN(*entry, book_.Read(entry->ref));
    if (entry->erasure.keys_destroyed() ||
        !IsReady(entry->erasure, GraceDay())) {
      continue;
    }
    SUBROSA_ASSIGN_OR_RETURN(const bool is_renewed, Renew(entry, today));
    if (is_renewed) SUBROSA_RETURN_IF_ERROR(book_.Put(entry).status());
  }
  return transaction.Commit();
}

absl::StatusOr<absl::Span<const PreparedErasure>> ErasureRun::Choose(
    Batch* batch, ErasureProgress* progress) {
  std::vector<ErasureEntry>& entries = batch->entries;
  SUBROSA_RETURN_IF_ERROR(book_.ReadChanges(batch->state, &entries));
  const int32_t today = GraceDay();
  const auto waiting = std::stable_partition(
      entries.begin(), entries.end(), [today](const ErasureEntry& entry) {
        return entry.erasure.keys_destroyed() || IsReady(entry.erasure, today);
      });
  progress->waiting += entries.end() - waiting;
  entries.erase(waiting, entries.end());
  for (ErasureEntry& entry : entries) {
    if (entry.erasure.keys_destroyed()) continue;
    batch->begun.push_back(&entry);
    batch->prepared.push_back(PreparedOf(entry.erasure));
  }
  return batch->prepared;
}

absl::Status ErasureRun::StartDestroying(Batch* batch,
                                         ErasureProgress* progress) {
  const bool has_keys =
      std::any_of(batch->entries.begin(), batch->entries.end(),
                  [](const ErasureEntry& entry) {
                    return !entry.erasure.keys_destroyed();
                  });
  if (!has_keys) return absl::OkStatus();
  SUBROSA_RETURN_IF_ERROR(
      RenewAll(DayOf(steward_.clock().Now()), &batch->entries));
  SUBROSA_ASSIGN_OR_RETURN(batch->log_size_before, steward_.ReadLogSize());
  SUBROSA_ASSIGN_OR_RETURN(const int64_t records_seen,
                           vault_->records().ReadIssued());
  // Until it is awaited nothing else may use the vault's key store.
  batch->destroyed =
      std::async(std::launch::async, [this, batch, progress, records_seen] {
        bool is_chosen = false;
        const auto choose =
            [&]() -> absl::StatusOr<absl::Span<const PreparedErasure>> {
          auto chosen = Choose(batch, progress);
          is_chosen = true;
          batch->chosen.set_value();
          return chosen;
        };
        auto destroyed = vault_->keys().EraseChosen(choose, records_seen);
        if (!is_chosen) batch->chosen.set_value();
        return destroyed;
      });
  // Nor, so long, the book.
  batch->chosen.get_future().wait();
  return absl::OkStatus();
}

absl::Status ErasureRun::AwaitKeys(Batch* batch, ErasureProgress* progress) {
  if (!batch->destroyed.valid()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::vector<std::optional<DestroyedKey>> destroyed,
      batch->destroyed.get());
  if (batch->begun.empty()) return absl::OkStatus();
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

absl::StatusOr<bool> ErasureRun::Certify(ErasureEntry* entry) {
  v1::StoredErasure& erasure = entry->erasure;
  if (!HasOpenParty(erasure)) erasure.clear_consumer();
  SUBROSA_ASSIGN_OR_RETURN(const bool is_new, issuer_.Issue(&erasure));
  entry->state = StateOf(erasure);
  return is_new;
}

absl::Status ErasureRun::PutMerged(ErasureEntry* entry, bool* is_new) {
  SUBROSA_ASSIGN_OR_RETURN(const bool is_kept, book_.Put(entry));
  if (is_kept) return absl::OkStatus();
  absl::StatusOr<ErasureEntry> kept = book_.Read(entry->ref);
  if (absl::IsNotFound(kept.status())) {
    // Its year is over: it is in a later one (ErasureBook::KeepOpen), where the
    // next run goes on with it.
    *is_new = false;
    return absl::OkStatus();
  }
  if (!kept.ok()) return kept.status();
  const v1::StoredErasure ours = std::move(entry->erasure);
  *entry = *std::move(kept);
  v1::StoredErasure& erasure = entry->erasure;
  MergeAnswers(ours, &erasure);
  if (!erasure.keys_destroyed() && ours.keys_destroyed()) {
    erasure.set_keys_destroyed(true);
    erasure.set_erased_leaf(ours.erased_leaf());
    erasure.set_log_size_before(ours.log_size_before());
    erasure.mutable_certificate()->set_id(ours.certificate().id());
    SUBROSA_RETURN_IF_ERROR(issuer_.Begin(&erasure));
  }
  SUBROSA_ASSIGN_OR_RETURN(*is_new, Certify(entry));
  return book_.Put(entry).status();
}

absl::Status ErasureRun::KeepGroup(int64_t keys_seen, Group* group,
                                   ErasureProgress* progress) {
  if (group->changed.empty()) return absl::OkStatus();
  std::vector<std::string> refs;
  std::vector<std::string> leaves;
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault_->records().Begin());
  SUBROSA_RETURN_IF_ERROR(
      ForgetChoices(vault_->records(), group->consumer_refs));
  for (auto& [entry, is_new] : group->changed) {
    SUBROSA_RETURN_IF_ERROR(PutMerged(entry, &is_new));
    Count(entry->erasure, is_new, progress);
    if (!is_new) continue;
    leaves.push_back(entry->erasure.statement_leaf());
    refs.push_back(entry->ref);
  }
  if (!leaves.empty()) {
    SUBROSA_RETURN_IF_ERROR(vault_->records().AppendEntries(leaves, keys_seen));
  }
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  if (!refs.empty()) issued_.push_back(std::move(refs));
  *group = Group();
  return absl::OkStatus();
}

absl::Status ErasureRun::Finish(Batch* batch, ErasureProgress* progress) {
  const std::vector<ErasureEntry*>& begun = batch->begun;
  std::vector<ErasureEntry*> entries;
  entries.reserve(batch->entries.size());
  for (ErasureEntry& entry : batch->entries) entries.push_back(&entry);
  // Who was asked for least often comes first: one consumer of whom a receiver
  // never answers keeps it from no other.
  std::stable_sort(entries.begin(), entries.end(),
                   [](const ErasureEntry* one, const ErasureEntry* other) {
                     return FewestAttempts(one->erasure) <
                            FewestAttempts(other->erasure);
                   });
  Group group;
  absl::Time kept_at = absl::Now();
  for (ErasureEntry* const entry : entries) {
    // They stand in one array, in its order.
    const bool is_begun = std::binary_search(begun.begin(), begun.end(), entry);
    const std::string before =
        is_begun ? "" : entry->erasure.SerializeAsString();
    const ErasureState state_before = entry->state;
    progress->told +=
        teller_.TellParties(&entry->erasure, &progress->why_silent);
    SUBROSA_ASSIGN_OR_RETURN(const bool is_new, Certify(entry));
    if (is_begun) group.consumer_refs.push_back(entry->erasure.consumer_ref());
    if (is_begun || is_new || entry->state != state_before ||
        entry->erasure.SerializeAsString() != before) {
      group.changed.emplace_back(entry, is_new);
    } else {
      Count(entry->erasure, /*is_new=*/false, progress);
    }
    if (absl::Now() - kept_at < kKeepEvery) continue;
    SUBROSA_RETURN_IF_ERROR(KeepGroup(batch->keys_seen, &group, progress));
    kept_at = absl::Now();
  }
  SUBROSA_RETURN_IF_ERROR(KeepGroup(batch->keys_seen, &group, progress));
  return begun.empty() ? absl::OkStatus() : steward_.ContinueInBackground();
}

absl::StatusOr<int64_t> ErasureRun::ReadBatch(ErasureState state, int64_t* at,
                                              Batch* batch,
                                              ErasureProgress* progress) {
  const int32_t today = GraceDay();
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
  ErasureProgress progress;
  progress.clock_doubt =
      DeletionClock(vault_->keys().Tables(), steward_.clock()).Check();
  believes_clock_ = progress.clock_doubt.ok();
  if (believes_clock_) {
    SUBROSA_RETURN_IF_ERROR(book_.DeleteExpired());
  } else if (!absl::IsFailedPrecondition(progress.clock_doubt)) {
    return progress.clock_doubt;
  }
  teller_.BeginRun();
  const absl::Cleanup end_run = [this] { teller_.EndRun(); };
  for (const ErasureState state :
       {ErasureState::kInterim, ErasureState::kOpen}) {
    int64_t at = 0;
    std::unique_ptr<Batch> under_way;
    for (bool is_last = false; !is_last;) {
      if (under_way != nullptr) {
        SUBROSA_RETURN_IF_ERROR(AwaitKeys(under_way.get(), &progress));
      }
      auto next = std::make_unique<Batch>();
      next->state = state;
      const absl::StatusOr<int64_t> count =
          ReadBatch(state, &at, next.get(), &progress);
      absl::Status started = count.status();
      if (started.ok()) started = StartDestroying(next.get(), &progress);
      // Whatever became of the next one, this one's keys are gone.
      if (under_way != nullptr) {
        SUBROSA_RETURN_IF_ERROR(Finish(under_way.get(), &progress));
      }
      SUBROSA_RETURN_IF_ERROR(started);
      is_last = *count == 0;
      under_way = std::move(next);
    }
  }
  progress.told_elsewhere = teller_.told_elsewhere();
  SUBROSA_ASSIGN_OR_RETURN(progress.for_officer,
                           book_.Count(ErasureState::kForOfficer));
  return progress;
}

}  // namespace subrosa
