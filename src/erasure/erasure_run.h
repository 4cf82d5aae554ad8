// An ErasureRun carries erasures from their order to their last certificate:
// destroys keys, tells connectors, issues certificates, and goes on where it
// was stopped. One silent party leaves an erasure open; the rest of it is done.
//
// What is ordered is kept durably, with all that is needed to prove it, before
// anything is destroyed (erasure_book.h). So a kill at any moment loses
// nothing: Continue goes on, and ordering twice is ordering once. Several
// processes may work at once: what any of them has kept stays, and one of them
// tells parties (party_teller.h).
//
// Thread-compatible; Order and Continue have a thread of their own beside the
// caller's while they run. Errors are those of Steward, Vault and
// DisclosureLedger, besides what is said below.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(auto run, ErasureRun::Open(*steward));
//   SUBROSA_RETURN_IF_ERROR(run->Order({order}).status());
//   SUBROSA_RETURN_IF_ERROR(run->Continue().status());
//   SUBROSA_ASSIGN_OR_RETURN(const std::string file, run->Certificate("ada"));
#ifndef SUBROSA_SRC_ERASURE_ERASURE_RUN_H_
#define SUBROSA_SRC_ERASURE_ERASURE_RUN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/consent/entity_law.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/erasure/certificate_issuer.h"
#include "src/erasure/connector.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_plan.h"
#include "src/erasure/erasure_progress.h"
#include "src/erasure/party_teller.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/vault/consumer_erasure.h"
#include "src/vault/vault.h"
#include "subrosa/v1/connector.pb.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

class ErasureRun {
 public:
  // The most erasures in one transaction.
  static constexpr size_t kAtOnce = 1000;

  // `steward` must outlive it. Errors of ReadConnectors too.
  static absl::StatusOr<std::unique_ptr<ErasureRun>> Open(Steward& steward);

  // Orders erasures, durably: one status each. NOT_FOUND for a consumer that is
  // not known; OK, and nothing new, where one is ordered and not done. Errors
  // of CheckErasureOrder and ErasurePlanner::Draft.
  absl::StatusOr<std::vector<absl::Status>> Order(
      absl::Span<const ErasureOrder> orders);

  // Does what can be done now for every erasure that is not final: destroys
  // keys, tells whom it is time to tell, and issues a certificate where it says
  // something new. What parties answer is kept every few seconds. By a clock
  // that leapt ahead nothing ends, and no day of grace. Memory: twice kAtOnce
  // of them.
  absl::StatusOr<ErasureProgress> Continue();

  // What an order would come to: see there. Valid while this lives.
  ErasurePlanner& planner() { return planner_; }

  // Confirms an erasure that waits for a second officer, a slug; holds one that
  // is ordered, for legal claims; releases it. FAILED_PRECONDITION for the
  // officer who ordered it, a hold that no statute gives (ErasurePlanner), and
  // an erasure that does not wait for it, or is carried out.
  // The two that carry it out can be asked before: they return it as it is.
  absl::StatusOr<v1::StoredErasure> CheckConfirm(absl::string_view consumer,
                                                 absl::string_view officer);
  absl::StatusOr<v1::StoredErasure> CheckRelease(absl::string_view consumer);
  absl::Status Confirm(absl::string_view consumer, absl::string_view officer);
  absl::Status Hold(absl::string_view consumer);
  absl::Status Release(absl::string_view consumer);

  // What is known of the erasure of `consumer`. NOT_FOUND if there is none.
  absl::StatusOr<v1::StoredErasure> Find(absl::string_view consumer);

  // Hands over each erasure that a request waits for, with that one's
  // reference. `report` returns whether the request was told all that is known
  // of it; once that is so and nothing is open, it is not told again. Stops at
  // the first error of `report` and returns it.
  using RequestReporter = absl::FunctionRef<absl::StatusOr<bool>(
      absl::string_view request_ref, const v1::StoredErasure& erasure)>;
  absl::Status ReportToRequests(RequestReporter report);

  // The file of the last certificate (certificate_file.h), against the log's
  // present checkpoint. FAILED_PRECONDITION before the first was issued.
  absl::StatusOr<std::string> Certificate(absl::string_view consumer);

  // The receipt of the leaf that says that the keys are destroyed, with its
  // opening to the account id (src/audit/receipt.h): less than a certificate,
  // and in a form that other tools read too. FAILED_PRECONDITION before that.
  absl::StatusOr<std::string> Receipt(absl::string_view consumer);

  // The certificates of many that Continue has issued since this was opened:
  // one look through the log for all of them.
  using FileVisitor = absl::FunctionRef<absl::Status(
      const v1::StoredErasure& erasure, const std::string& file)>;
  absl::Status VisitIssued(FileVisitor visit);

  // Records what the party `id` answered to an officer who told it. NOT_FOUND
  // if the erasure has no such party; FAILED_PRECONDITION if it is over.
  absl::Status Answer(absl::string_view consumer, absl::string_view id,
                      PartyAnswer answer);

 private:
  ErasureRun(Steward& steward, std::unique_ptr<Vault> vault,
             std::unique_ptr<DisclosureLedger> ledger,
             v1::ConnectorFile connectors, EntityLaw entity_law);

  // What an order comes to, before it is kept.
  struct Drafted;
  // When orders are given, in the forms that each needs.
  struct OrderMoment;
  absl::Status DraftNew(const ErasureOrder& order, const OrderMoment& moment,
                        ErasureEntry* entry);
  absl::Status DraftOne(const ErasureOrder& order, const OrderMoment& moment,
                        Drafted* drafted);
  struct OrderBatch;
  // Drafts those of `orders` that stand at `places`.
  absl::Status DraftSome(absl::Span<const ErasureOrder> orders,
                         absl::Span<const size_t> places,
                         const OrderMoment& moment,
                         std::vector<Drafted>* drafts);
  // Keeps what was drafted for `places`; returns those that another process has
  // ordered meanwhile.
  static absl::StatusOr<std::vector<size_t>> KeepSome(
      absl::Span<const size_t> places, Vault& vault, ErasureBook& book,
      std::vector<Drafted>* drafts);
  // Drafts and keeps those at `again`, until nobody comes between.
  absl::Status KeepAll(const OrderMoment& moment, std::vector<size_t> again,
                       OrderBatch* batch);
  absl::StatusOr<ErasureEntry> FindOrdered(absl::string_view consumer);
  absl::StatusOr<ErasureEntry> FindToConfirm(absl::string_view consumer,
                                             absl::string_view officer);
  absl::StatusOr<ErasureEntry> FindHeld(absl::string_view consumer);
  // Keeps what was read within `transaction`.
  absl::Status Keep(ErasureEntry entry, Transaction transaction);

  struct Batch;
  // Reads what comes after `*at` and can be carried out; returns how many there
  // were to read.
  absl::StatusOr<int64_t> ReadBatch(ErasureState state, int64_t* at,
                                    Batch* batch, ErasureProgress* progress);
  // Prepares `entry` for `today`; false if it was ordered on that day.
  absl::StatusOr<bool> Renew(ErasureEntry* entry, int32_t today);
  // The day by which days of grace end; none does by a clock in doubt.
  int32_t GraceDay() const;
  absl::Status RenewAll(int32_t today, std::vector<ErasureEntry>* entries);
  // Destroys the keys of `batch` in a thread of its own; until AwaitKeys
  // nothing else may use the key store of the vault.
  absl::Status StartDestroying(Batch* batch, ErasureProgress* progress);
  // Whose keys go, as the book is while nobody else can hold one (Hold).
  absl::StatusOr<absl::Span<const PreparedErasure>> Choose(
      Batch* batch, ErasureProgress* progress);
  absl::Status AwaitKeys(Batch* batch, ErasureProgress* progress);
  // Makes the next certificate; whether there is a new one.
  absl::StatusOr<bool> Certify(ErasureEntry* entry);
  // Keeps `entry`, merged with what others kept of it meanwhile.
  absl::Status PutMerged(ErasureEntry* entry, bool* is_new);
  // Tells, certifies, and keeps what came of it, all of `group` in one
  // transaction.
  struct Group;
  absl::Status Finish(Batch* batch, ErasureProgress* progress);
  absl::Status KeepGroup(int64_t keys_seen, Group* group,
                         ErasureProgress* progress);

  Steward& steward_;
  const std::unique_ptr<Vault> vault_;
  const std::unique_ptr<DisclosureLedger> ledger_;
  PartyTeller teller_;
  ErasurePlanner planner_;
  ErasureBook book_;
  CertificateIssuer issuer_;
  bool believes_clock_ = true;  // In this run.
  // By which many orders are kept while others are drafted; null until then.
  std::unique_ptr<Vault> keeper_;
  std::unique_ptr<ErasureBook> keeper_book_;
  // References of erasures whose certificates were issued together.
  std::vector<std::vector<std::string>> issued_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_ERASURE_RUN_H_
