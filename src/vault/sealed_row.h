// How a record's plaintext becomes the sealed columns of its row, and comes
// back: its envelope, and the tag that binds the clear columns to it.
//
// Thread-safe: no state.
//
// Security: a row opens only with its consumer's key, at its own place, with
// the clear columns that it was sealed with.
#ifndef SUBROSA_SRC_VAULT_SEALED_ROW_H_
#define SUBROSA_SRC_VAULT_SEALED_ROW_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"
#include "src/vault/record_row.h"

namespace subrosa {

// Fills in the envelope and the tag of `row`, whose place and facts stand.
// `key_ref` names `key`, the consumer's.
absl::Status SealRow(absl::string_view entity, const SecretKey& key,
                     const KeyRef& key_ref, absl::string_view plaintext,
                     RecordRow* row);

// Opens what SealRow made. DATA_LOSS if it does not open at its place.
absl::Status OpenRow(absl::string_view entity, const SecretKey& key,
                     const RecordRow& row, std::string* plaintext);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_SEALED_ROW_H_
