// UUIDs that follow from what they name: the same parts give the same one, so
// that a copy that is written again has the same names in it.
#ifndef SUBROSA_SRC_EXPORTS_NAME_UUID_H_
#define SUBROSA_SRC_EXPORTS_NAME_UUID_H_

#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// A UUID of version 8 (RFC 9562, 5.8) of SHA-256 over `parts`, each with its
// length: "f81d4fae-7dec-81d0-a765-00a0c91e6bf6".
//
// Security: it hides no part that can be guessed. Give one that is random.
std::string NameUuid(std::initializer_list<absl::string_view> parts);

// The name of `record`, with what is handed out of its payload, for `subject`:
// of its source and id, or, if it has no id, of its times, purpose, provenance
// and `payload`. Records without ids that say the same of the same instant have
// one name.
//
// Security: whoever knows the subject can confirm a guess of the id. If nobody
// may be handed it, clear `record.id`. What is in `record.payload`, and in the
// origin's digest, is no part of the name.
std::string RecordUuid(absl::string_view subject,
                       const v1::HealthRecord& record,
                       const google::protobuf::Message& payload);

// True if `text` is a UUID of any version, in lower case.
bool IsUuid(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_NAME_UUID_H_
