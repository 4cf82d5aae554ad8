// A record as a recipient is given it: the consumer, and the record, under
// names that mean something to that recipient alone.
//
// The account id, the record's id, its id and digest in the system that it came
// from and the reference of its consent are replaced or left out; so are the
// fields of the payload whose marks give them the role of consumer or record
// id. What else the payload says is what is shared: a device's id, a date, a
// free text. A FHIR resource names its patient in places that no mark tells,
// and is not given at all.
//
// Thread-compatible.
//
// Security: names are PRFs under the consumer's stable secret
// (src/vault/stable_secret.h): two recipients, or one in two periods, cannot
// join theirs by them, and once the consumer is erased nobody can make them
// again. What the payload says may identify a person all the same.
#ifndef SUBROSA_SRC_DISCLOSURE_GRANTED_RECORD_H_
#define SUBROSA_SRC_DISCLOSURE_GRANTED_RECORD_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/secret_key.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/message_types.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Whom a record is given to, and under which name of its consumer.
struct GrantNames {
  std::string pseudonym;  // Vault::PseudonymOf.
  std::string recipient;
  std::string period;
};

// FAILED_PRECONDITION, of a grant of nothing: all there is, if anything, are
// `left_out` records that may not be given so.
absl::Status NothingToGive(int64_t left_out);

class GrantedRecord {
 public:
  // `types` must outlive this; `stable_secret` is the consumer's.
  GrantedRecord(const MessageTypes& types, SecretKey stable_secret,
                GrantNames names);

  // Whether `record` may be given: false for a FHIR resource.
  static bool IsGivable(const v1::HealthRecord& record);

  // `record` in ProtoJSON, one line with its end.
  //
  // FAILED_PRECONDITION if its type is not among the types; DATA_LOSS if its
  // payload is none of its type.
  absl::StatusOr<std::string> Render(const v1::HealthRecord& record);

 private:
  // The name of what is called `id` in `source`.
  std::string NameOf(absl::string_view source, absl::string_view id) const;

  const MessageTypes& types_;
  MessagePlans plans_;
  const SecretKey stable_secret_;
  const GrantNames names_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_DISCLOSURE_GRANTED_RECORD_H_
