// WriteKeyGrant gives records of one consumer to one recipient, as a file that
// only the recipient's age key opens; and the grant is the entry in the ledger.
// It is how data leaves through Subrosa.
//
// The order decides what a kill leaves: the records are sealed into a file
// without a name; the entry is committed, durably; then the file gets its name.
// So there is nothing, or an entry without a file, which says shared of what
// nobody has: the safe side. There is never a file without an entry.
//
// Whether the records may be given is decided before, by who calls.
//
// The file: age (docs/formats/age.md) to the recipient's X25519 key; inside,
// one record a line (granted_record.h). It is not signed: whoever knows the
// recipient's key can write one.
#ifndef SUBROSA_SRC_DISCLOSURE_KEY_GRANT_H_
#define SUBROSA_SRC_DISCLOSURE_KEY_GRANT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/ingest/message_types.h"
#include "src/vault/vault.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// What is granted, and what the decision rested on. Categories and rules may be
// filled in while the records are handed over: they are read after that.
struct GrantTerms {
  std::string consumer;     // An account id.
  v1::Recipient recipient;  // With an age key.
  v1::Action action = v1::ACTION_SHARE;
  std::string purpose;
  std::vector<v1::HealthCategory> categories;
  std::vector<std::string> rules;
  // For which the recipient's name of the consumer holds: "2026".
  std::string period;
};

struct GrantSummary {
  int64_t records = 0;
  int64_t left_out = 0;  // FHIR resources, which name their patient.
  std::string pseudonym;
  std::string content_sha256;  // Of the plaintext, 32 bytes.
  uint64_t number = 0;         // Of the entry, among the consumer's.
};

// Hands each record that is granted to `give`, and returns its first error.
using GiveRecord = absl::FunctionRef<absl::Status(const v1::HealthRecord&)>;
using GrantSource = absl::FunctionRef<absl::Status(GiveRecord give)>;

// Gives the records of `source` to the recipient of `terms`, in the file
// `path`, which is made. Memory does not grow with their number.
//
// INVALID_ARGUMENT if the terms make no entry (disclosure_check.h) or the
// recipient has no age key; NOT_FOUND if there is no such consumer;
// ALREADY_EXISTS if something stands at `path`; FAILED_PRECONDITION if there is
// no record to give, a record is another consumer's, or the consumer was erased
// meanwhile; errors of `source`, of GrantedRecord and of the ledger. On error
// nothing stands at `path`, and nothing was recorded, but where the last step
// fails, giving the file its name: its error says that the ledger has the
// entry.
absl::StatusOr<GrantSummary> WriteKeyGrant(
    Vault& vault, DisclosureLedger& ledger, const MessageTypes& types,
    const Clock& clock, const GrantTerms& terms, GrantSource source,
    const std::string& path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_DISCLOSURE_KEY_GRANT_H_
