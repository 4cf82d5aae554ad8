// A PermittedWalk goes through the records of all consumers that may be given
// to one recipient for one purpose: for sets and aggregates, which are of many.
// Each record is decided for by itself, as in Sharing; what may not be given is
// counted and not handed over.
//
// Thread-compatible. Consumers come in no particular order (consumer_walk.h,
// also for what a walk costs); those who are made or erased meanwhile may or
// may not be visited. Constant memory, but for the walk's.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(
//       auto walk, PermittedWalk::Open(steward, v1::ACTION_SHARE, "research",
//                                      "institute"));
//   SUBROSA_RETURN_IF_ERROR(walk->Visit(
//       [&](const WalkedConsumer& consumer, PermittedWalk::ReadRecords read) {
//         return read("subrosa.v1.MoodCheckIn", take);
//       }));
#ifndef SUBROSA_SRC_STEWARD_PERMITTED_WALK_H_
#define SUBROSA_SRC_STEWARD_PERMITTED_WALK_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/consent/decision.h"
#include "src/crypto/envelope.h"
#include "src/steward/consent_gate.h"
#include "src/steward/steward.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/record_row.h"
#include "src/vault/vault.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// One who is visited.
struct WalkedConsumer {
  std::string id;  // The account's.
  KeyId key_id;    // The same under every version of their key.
};

class PermittedWalk {
 public:
  // `steward` must outlive it. NOT_FOUND if the recipient is not on record;
  // else errors of ConsentGate and of opening a vault.
  static absl::StatusOr<std::unique_ptr<PermittedWalk>> Open(
      Steward& steward, v1::Action action, absl::string_view purpose,
      absl::string_view recipient);

  using TakeRecord =
      absl::FunctionRef<absl::Status(const v1::HealthRecord&, const RowFacts&)>;
  // Hands the consumer's records of type `schema`, all if it is empty, to
  // `take`, which must not use the vault.
  using ReadRecords = absl::FunctionRef<absl::Status(absl::string_view schema,
                                                     TakeRecord take)>;
  using VisitConsumer = absl::FunctionRef<absl::Status(
      const WalkedConsumer& consumer, ReadRecords read)>;

  // Visits each consumer of whom there are records; stops at the first error
  // and returns it.
  absl::Status Visit(VisitConsumer visit);

  // PERMISSION_DENIED unless records of `consumer`, an account id, of all of
  // `categories`, as bits, may be given now: whoever reads for a while asks
  // again before it leaves. `rules`, unless null, gets those that were applied.
  absl::Status CheckStillPermitted(absl::string_view consumer,
                                   uint32_t categories,
                                   std::set<std::string>* rules);

  // Sees what other processes recorded since.
  absl::Status Refresh() { return gate_.Refresh(); }

  const v1::Recipient& recipient() const { return recipient_; }
  // For names of consumers (PseudonymOf), outside of reading.
  Vault& vault() { return *vault_; }
  // How many records were not permitted, in all visits.
  int64_t not_permitted() const { return not_permitted_; }
  // The decision against the first of them; OK if there was none.
  const absl::Status& denial() const { return denial_; }

 private:
  PermittedWalk(ConsentGate& gate, std::unique_ptr<Vault> vault)
      : gate_(gate), vault_(std::move(vault)) {}

  absl::StatusOr<std::string> AccountOf(const ConsumerHandle& handle);
  absl::Status Read(const std::string& consumer, absl::string_view schema,
                    TakeRecord take);

  ConsentGate& gate_;
  const std::unique_ptr<Vault> vault_;
  v1::Recipient recipient_;
  Use use_;
  int64_t not_permitted_ = 0;
  absl::Status denial_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_PERMITTED_WALK_H_
