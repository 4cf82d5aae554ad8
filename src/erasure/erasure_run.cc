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

absl::Status ErasureRun::ReportToRequests(RequestReporter report) {
  int64_t at = 0;
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
                          // Where another process was quicker there is more
                          // to tell: the next time, then.
                          SUBROSA_RETURN_IF_ERROR(book_.Put(&entry).status());
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

absl::Status ErasureRun::Keep(ErasureEntry entry, Transaction transaction) {
  SUBROSA_ASSIGN_OR_RETURN(const bool is_kept, book_.Put(&entry));
  if (!is_kept) {
    return absl::InternalError(
        "erasure: want one that was read in this transaction, got another");
  }
  return transaction.Commit();
}

}  // namespace subrosa
