// What the vault computes of a record under its consumer's key: the reference
// that it is found by, and a digest of its content. Both are PRFs: without the
// key nobody can confirm a guessed id or a guessed answer, and another version
// of the key gives others.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_VAULT_RECORD_REFS_H_
#define SUBROSA_SRC_VAULT_RECORD_REFS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "src/crypto/secret_key.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// The reference (16 bytes) of the record that has `id`, not empty, at `source`.
std::string RecordRefOfId(const SecretKey& key, absl::string_view source,
                          absl::string_view id);

// The reference of `record`, whose content has `digest`: the same for the same
// source and id, so that a repeat is found. Without an id, the content is the
// id.
std::string RecordRefOf(const SecretKey& key, const v1::HealthRecord& record,
                        absl::string_view digest);

// A digest (16 bytes) of what was collected; `plaintext` is `record` as it is
// sealed. Where the reader gave the raw bytes' digest it stands for payload and
// times, so that reading the same file again finds the same content; what the
// entity decided about it counts besides.
std::string ContentDigestOf(const SecretKey& key,
                            const v1::HealthRecord& record,
                            absl::string_view plaintext);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RECORD_REFS_H_
