// Sharing is how consumers' data leaves the entity: each disclosure is decided,
// or said to have been made, and stands in the ledger (src/disclosure). It is
// the steward's; a service opens one with Steward::OpenSharing.
//
// A grant hands a recipient the records of one consumer that it may have for a
// purpose, sealed to its key. What is disclosed elsewhere, by an interface of
// the service, is declared; it is recorded also where nothing allowed it, for
// it has happened, and the answer says so.
//
// Thread-compatible. Errors: PERMISSION_DENIED where something may not be
// given, with the reason and the rules that stand against it; else those of
// ConsentGate, DisclosureLedger, DueNotices and WriteKeyGrant.
#ifndef SUBROSA_SRC_STEWARD_SHARING_H_
#define SUBROSA_SRC_STEWARD_SHARING_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/base/clock.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/disclosure/due_notices.h"
#include "src/disclosure/key_grant.h"
#include "src/ingest/message_types.h"
#include "src/steward/consent_gate.h"
#include "src/vault/vault.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

struct ShareRequest {
  std::string consumer;   // An account id.
  std::string recipient;  // A slug.
  std::string purpose;    // Of the policy.
  // As bits; 0: all that may be given. Else a record is given if all of its
  // categories are among these, and all of these must be permitted.
  uint32_t categories = 0;
};

// What is, or would be, given.
struct SharePlan {
  v1::Recipient recipient;
  int64_t records = 0;
  int64_t not_permitted = 0;  // Kept back: a decision stands against them.
  int64_t left_out = 0;       // FHIR resources: see granted_record.h.
  uint32_t categories = 0;    // Of the records, as bits.
  std::set<std::string> rules;
  std::string pseudonym;
};

struct DeclaredResult {
  DisclosureResult entry;
  // OK, or PERMISSION_DENIED if it should not have been.
  absl::Status decision;
};

// Whether a declaration is recorded, or only tried.
enum class DeclareMode { kRecord, kTry };

// What a revocation did.
struct ShareRevocation {
  uint64_t number = 0;  // Of its entry.
  int64_t notices = 0;  // To the recipient, to delete what it has.
};

class Sharing {
 public:
  // `vault` is for this alone; the others must outlive it.
  static absl::StatusOr<std::unique_ptr<Sharing>> Open(
      std::unique_ptr<Vault> vault, ConsentGate& gate,
      const MessageTypes& types, const Clock& clock);

  // What Grant would give, without giving it. NOT_FOUND if there is no such
  // consumer or recipient; FAILED_PRECONDITION if it has no age key, or nothing
  // is held to give; PERMISSION_DENIED if nothing of what is held may be given.
  absl::StatusOr<SharePlan> Plan(const ShareRequest& request);

  // Gives it, in the new file `path`. See WriteKeyGrant, also for what stands
  // after an error.
  absl::StatusOr<SharePlan> Grant(const ShareRequest& request,
                                  const std::string& path);

  // Records disclosures that were made elsewhere: one result each, in order.
  // Kind, name and contact of the recipient, the rules, and whether it was a
  // sale are filled in. NOT_FOUND as an entry's status where the recipient is
  // not on record, and ALREADY_EXISTS where the declaration is, so that a file
  // can be taken in again after an error. A thousand make a good batch. kTry
  // records nothing, and tells of each entry as if those before it in the batch
  // were not.
  absl::StatusOr<std::vector<DeclaredResult>> Declare(
      absl::Span<const v1::Disclosure> entries, DeclareMode mode);

  // Ends what `recipient` is given of `consumer` for `purpose`, or for all if
  // it is empty: the consumer's objection to sharing with it, and selling to
  // it, goes into the ledger of choices, whatever else would allow it; the
  // ledger of disclosures says so; and the notice to delete is queued. It
  // cannot unread. NOT_FOUND if there is no such consumer or recipient.
  absl::StatusOr<ShareRevocation> Revoke(absl::string_view consumer,
                                         absl::string_view recipient,
                                         absl::string_view purpose);

  // What Revoke would do, without doing it. Notices that are queued already are
  // counted here, and not there. Errors as Revoke.
  absl::StatusOr<ShareRevocation> PlanRevocation(absl::string_view consumer,
                                                 absl::string_view recipient,
                                                 absl::string_view purpose);

  // For reading.
  DisclosureLedger& ledger() { return *ledger_; }
  DueNotices& notices() { return notices_; }

 private:
  Sharing(std::unique_ptr<Vault> vault, ConsentGate& gate,
          const MessageTypes& types, const Clock& clock,
          std::unique_ptr<DisclosureLedger> ledger);

  // Hands each record that may be given to `give`, and counts in `plan`; once
  // all are read they must still be permitted.
  absl::Status VisitGranted(const ShareRequest& request, GiveRecord give,
                            SharePlan* plan);
  // PERMISSION_DENIED unless what was asked for is permitted now, of each of
  // `kinds`, categories as bits.
  absl::Status CheckStillPermitted(const ShareRequest& request,
                                   const std::set<uint32_t>& kinds);
  absl::StatusOr<SharePlan> Begin(const ShareRequest& request);
  void AddRules(const Decision& decision, std::set<std::string>* rules) const;
  absl::Status DeclareOne(const v1::Disclosure& entry, v1::Disclosure* filled,
                          DeclaredResult* result);

  const std::unique_ptr<Vault> vault_;
  ConsentGate& gate_;
  const MessageTypes& types_;
  const Clock& clock_;
  const std::unique_ptr<DisclosureLedger> ledger_;
  DueNotices notices_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_SHARING_H_
