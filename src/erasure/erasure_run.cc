#include "src/erasure/erasure_run.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "src/audit/leaf.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/erasure/connector_file.h"
#include "src/erasure/stored_erasure.h"
#include "src/steward/consent_gate.h"
#include "src/vault/consumer_erasure.h"
#include "src/vault/key_custody.h"
#include "src/vault/record_store.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {
namespace {

// An erasure is kept at least so long after the day on which backups forget.
constexpr int32_t kAfterwardsDays = 30;

// Of one whose keys are destroyed. While a request is to be told of it, it is
// looked at again.
ErasureState StateOf(const v1::StoredErasure& erasure) {
  if (HasOpenParty(erasure) || erasure.request_ref_size() > 0) {
    return ErasureState::kOpen;
  }
  return erasure.certificate().stage() == v1::CERTIFICATE_STAGE_FINAL
             ? ErasureState::kFinal
             : ErasureState::kInterim;
}

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

ErasureRun::ErasureRun(Steward& steward, std::unique_ptr<Vault> vault,
                       std::unique_ptr<DisclosureLedger> ledger,
                       v1::ConnectorFile connectors, EntityLaw entity_law)
    : steward_(steward),
      vault_(std::move(vault)),
      ledger_(std::move(ledger)),
      teller_(std::move(connectors), steward.folder(), vault_->entity(),
              steward.clock()),
      planner_(steward, *vault_, *ledger_, teller_, std::move(entity_law)),
      book_(*vault_, steward.clock()),
      issuer_(steward, *vault_) {}

absl::StatusOr<std::unique_ptr<ErasureRun>> ErasureRun::Open(Steward& steward) {
  SUBROSA_ASSIGN_OR_RETURN(v1::ConnectorFile connectors,
                           ReadConnectors(steward.folder()));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<DisclosureLedger> ledger,
                           DisclosureLedger::Open(*vault, steward.clock()));
  SUBROSA_ASSIGN_OR_RETURN(
      EntityLaw entity_law,
      EntityLaw::Create(steward.gate().law(), steward.gate().policy().proto()));
  auto run = std::unique_ptr<ErasureRun>(
      new ErasureRun(steward, std::move(vault), std::move(ledger),
                     std::move(connectors), std::move(entity_law)));
  SUBROSA_RETURN_IF_ERROR(run->issuer_.Refresh());
  return run;
}

absl::StatusOr<ErasureEntry> ErasureRun::Prepare(const ErasureOrder& order,
                                                 int32_t holds_from,
                                                 uint64_t log_size) {
  SUBROSA_ASSIGN_OR_RETURN(const PreparedErasure prepared,
                           vault_->PrepareErasure(order.consumer));
  SUBROSA_ASSIGN_OR_RETURN(ErasureDraft draft, planner_.Draft(order));
  SUBROSA_ASSIGN_OR_RETURN(
      ErasureEntry entry,
      book_.NewEntry(order.consumer, holds_from + kAfterwardsDays));
  v1::StoredErasure& erasure = entry.erasure;
  erasure = std::move(draft.erasure);
  SetPrepared(prepared, &erasure);
  erasure.set_log_size_before(log_size);
  AddRequest(order, &erasure);
  return entry;
}

absl::StatusOr<std::vector<absl::Status>> ErasureRun::Order(
    absl::Span<const ErasureOrder> orders) {
  SUBROSA_ASSIGN_OR_RETURN(const uint64_t log_size, steward_.ReadLogSize());
  SUBROSA_ASSIGN_OR_RETURN(const int32_t holds_from,
                           vault_->Custody().ReadHoldsFromIfRotated());
  std::vector<absl::Status> statuses;
  for (size_t begin = 0; begin < orders.size(); begin += kAtOnce) {
    std::vector<ErasureEntry> entries;
    for (const ErasureOrder& order : orders.subspan(begin, kAtOnce)) {
      absl::Status& status = statuses.emplace_back(CheckErasureOrder(order));
      if (!status.ok()) continue;
      absl::StatusOr<ErasureEntry> entry = Prepare(order, holds_from, log_size);
      if (absl::IsInvalidArgument(entry.status()) ||
          absl::IsFailedPrecondition(entry.status())) {
        status = entry.status();
        continue;
      }
      if (!entry.ok() && !absl::IsNotFound(entry.status())) {
        return entry.status();
      }
      absl::StatusOr<ErasureEntry> earlier = book_.Find(order.consumer);
      const bool is_ordered =
          earlier.ok() && !earlier->erasure.keys_destroyed();
      if (entry.ok() && !is_ordered) {
        entries.push_back(*std::move(entry));
        continue;
      }
      // It is ordered already, or nobody of that id is known: any more, if they
      // were erased.
      status = earlier.status();
      if (status.ok() && AddRequest(order, &earlier->erasure)) {
        earlier->state = ErasureState::kOpen;
        entries.push_back(*std::move(earlier));
      }
    }
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             vault_->records().Begin());
    for (const ErasureEntry& entry : entries) {
      SUBROSA_RETURN_IF_ERROR(book_.Put(entry));
    }
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  }
  return statuses;
}

absl::Status ErasureRun::DestroyKeys(std::vector<ErasureEntry>* entries,
                                     ErasureProgress* progress) {
  const auto today = static_cast<uint32_t>(DayOf(steward_.clock().Now()));
  std::vector<PreparedErasure> prepared;
  std::vector<ErasureEntry*> renewed;
  for (ErasureEntry& entry : *entries) {
    v1::StoredErasure& erasure = entry.erasure;
    if (erasure.keys_destroyed()) continue;
    SUBROSA_ASSIGN_OR_RETURN(const Leaf leaf, ParseLeaf(erasure.erased_leaf()));
    if (leaf.day != today) {
      // Ordered on another day and not carried out: the log is told the day on
      // which it is.
      const absl::StatusOr<PreparedErasure> again =
          vault_->PrepareErasure(erasure.consumer());
      if (again.ok() && PreparedOf(erasure).key_id == again->key_id) {
        // And what was collected or given away meanwhile counts.
        SUBROSA_ASSIGN_OR_RETURN(ErasureDraft draft,
                                 planner_.Draft(OrderOfErasure(erasure)));
        RenewParties(draft.erasure, &erasure);
        erasure.mutable_certificate()->mutable_kept()->Swap(
            draft.erasure.mutable_certificate()->mutable_kept());
        erasure.set_suppressed(draft.erasure.suppressed());
        SUBROSA_RETURN_IF_ERROR(SetErasedDay(today, &erasure));
        renewed.push_back(&entry);
      }
    }
    prepared.push_back(PreparedOf(erasure));
  }
  if (prepared.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const uint64_t log_size, steward_.ReadLogSize());
  if (!renewed.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             vault_->records().Begin());
    for (const ErasureEntry* const entry : renewed) {
      SUBROSA_RETURN_IF_ERROR(book_.Put(*entry));
    }
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const std::vector<std::optional<DestroyedKey>> destroyed,
      vault_->DestroyKeysOfAll(prepared));
  for (const PreparedErasure& erasure : prepared) {
    steward_.gate().Forget(erasure.consumer);
  }
  // The epochs that were there when they went are those that backups have.
  SUBROSA_RETURN_IF_ERROR(issuer_.RefreshEpochs());
  size_t place = 0;
  std::vector<v1::StoredErasure*> begun;
  std::vector<v1::StoredErasure*> earlier;
  for (ErasureEntry& entry : *entries) {
    if (entry.erasure.keys_destroyed()) continue;
    if (destroyed[place++].has_value()) {
      ++progress->keys_destroyed;
      entry.erasure.set_log_size_before(log_size);
    } else {
      // An earlier call did it, and may have been forgotten in a restore.
      earlier.push_back(&entry.erasure);
    }
    begun.push_back(&entry.erasure);
  }
  SUBROSA_RETURN_IF_ERROR(issuer_.AdoptErasedLeaves(earlier));
  for (v1::StoredErasure* const erasure : begun) {
    erasure->set_keys_destroyed(true);
    SUBROSA_RETURN_IF_ERROR(issuer_.Begin(erasure));
  }
  return steward_.ContinueInBackground();
}

absl::Status ErasureRun::Advance(std::vector<ErasureEntry>* entries,
                                 ErasureProgress* progress) {
  const int32_t today = DayOf(steward_.clock().Now());
  const auto waiting = std::remove_if(
      entries->begin(), entries->end(), [today](const ErasureEntry& entry) {
        return !entry.erasure.keys_destroyed() &&
               !IsReady(entry.erasure, today);
      });
  progress->waiting += entries->end() - waiting;
  entries->erase(waiting, entries->end());
  SUBROSA_RETURN_IF_ERROR(DestroyKeys(entries, progress));
  std::vector<std::string> refs;
  std::vector<std::string> leaves;
  std::vector<const ErasureEntry*> changed;
  for (ErasureEntry& entry : *entries) {
    v1::StoredErasure& erasure = entry.erasure;
    const std::string before = erasure.SerializeAsString();
    const ErasureState state_before = entry.state;
    progress->told += teller_.TellParties(&erasure, &progress->why_silent);
    const bool is_open = HasOpenParty(erasure);
    if (!is_open) erasure.clear_consumer();
    SUBROSA_ASSIGN_OR_RETURN(const bool is_new, issuer_.Issue(&erasure));
    if (is_new) {
      leaves.push_back(erasure.statement_leaf());
      refs.push_back(entry.ref);
      ++progress->issued;
    }
    const bool is_final =
        erasure.certificate().stage() == v1::CERTIFICATE_STAGE_FINAL;
    entry.state = StateOf(erasure);
    progress->open += is_open ? 1 : 0;
    progress->interim += is_final ? 0 : 1;
    progress->final += is_final && is_new ? 1 : 0;
    if (is_new || entry.state != state_before ||
        erasure.SerializeAsString() != before) {
      changed.push_back(&entry);
    }
  }
  // Also those whose keys this call destroyed: they have a first certificate.
  if (changed.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen,
                           vault_->keys().ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault_->records().Begin());
  for (const ErasureEntry* const entry : changed) {
    SUBROSA_RETURN_IF_ERROR(book_.Put(*entry));
  }
  if (!leaves.empty()) {
    SUBROSA_RETURN_IF_ERROR(vault_->records().AppendEntries(leaves, keys_seen));
  }
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  if (!refs.empty()) issued_.push_back(std::move(refs));
  return absl::OkStatus();
}

absl::StatusOr<ErasureProgress> ErasureRun::Continue() {
  SUBROSA_RETURN_IF_ERROR(issuer_.Refresh());
  SUBROSA_RETURN_IF_ERROR(book_.DeleteExpired().status());
  ErasureProgress progress;
  for (const ErasureState state :
       {ErasureState::kInterim, ErasureState::kOpen}) {
    std::string at;
    for (;;) {
      std::vector<ErasureEntry> entries;
      SUBROSA_ASSIGN_OR_RETURN(
          const int64_t count,
          book_.VisitSome(state, kAtOnce, &at, [&](ErasureEntry entry) {
            entries.push_back(std::move(entry));
            return absl::OkStatus();
          }));
      SUBROSA_RETURN_IF_ERROR(Advance(&entries, &progress));
      if (count == 0) break;
    }
  }
  return progress;
}

absl::Status ErasureRun::ReportToRequests(RequestReporter report) {
  std::string at;
  for (;;) {
    int64_t count = 0;
    SUBROSA_ASSIGN_OR_RETURN(
        count,
        book_.VisitSome(ErasureState::kOpen, kAtOnce, &at,
                        [&](ErasureEntry entry) -> absl::Status {
                          v1::StoredErasure& erasure = entry.erasure;
                          std::vector<std::string> left;
                          for (const std::string& ref : erasure.request_ref()) {
                            SUBROSA_ASSIGN_OR_RETURN(const bool is_told,
                                                     report(ref, erasure));
                            if (!is_told || !erasure.keys_destroyed() ||
                                HasOpenParty(erasure)) {
                              left.push_back(ref);
                            }
                          }
                          if (left.size() ==
                              static_cast<size_t>(erasure.request_ref_size())) {
                            return absl::OkStatus();
                          }
                          erasure.mutable_request_ref()->Assign(left.begin(),
                                                                left.end());
                          entry.state = StateOf(erasure);
                          SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                                                   vault_->records().Begin());
                          SUBROSA_RETURN_IF_ERROR(book_.Put(entry));
                          return transaction.Commit();
                        }));
    if (count == 0) return absl::OkStatus();
  }
}

absl::StatusOr<v1::StoredErasure> ErasureRun::Find(absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(ErasureEntry entry, book_.Find(consumer));
  return std::move(entry.erasure);
}

absl::StatusOr<std::string> ErasureRun::Certificate(
    absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const v1::StoredErasure erasure, Find(consumer));
  SUBROSA_RETURN_IF_ERROR(issuer_.Refresh());
  std::string file;
  SUBROSA_RETURN_IF_ERROR(
      issuer_.VisitFiles({erasure}, erasure.log_size_before(),
                         [&](size_t, const std::string& made) {
                           file = made;
                           return absl::OkStatus();
                         }));
  return file;
}

absl::StatusOr<std::string> ErasureRun::Receipt(absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const v1::StoredErasure erasure, Find(consumer));
  return issuer_.Receipt(erasure);
}

absl::Status ErasureRun::VisitIssued(FileVisitor visit) {
  for (const std::vector<std::string>& refs : issued_) {
    std::vector<v1::StoredErasure> erasures;
    uint64_t from = UINT64_MAX;
    for (const std::string& ref : refs) {
      SUBROSA_ASSIGN_OR_RETURN(ErasureEntry entry, book_.Read(ref));
      from = std::min(from, entry.erasure.log_size_before());
      erasures.push_back(std::move(entry.erasure));
    }
    SUBROSA_RETURN_IF_ERROR(issuer_.VisitFiles(
        erasures, from, [&](size_t place, const std::string& file) {
          return visit(erasures[place], file);
        }));
  }
  issued_.clear();
  return absl::OkStatus();
}

absl::Status ErasureRun::Keep(const ErasureEntry& entry) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault_->records().Begin());
  SUBROSA_RETURN_IF_ERROR(book_.Put(entry));
  return transaction.Commit();
}

}  // namespace subrosa
