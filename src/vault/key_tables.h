// What works on the key store's tables of consumers shares these: KeyStore,
// tombstones, checks.
//
// Thread-compatible. Errors are those of Connection.
#ifndef SUBROSA_SRC_VAULT_KEY_TABLES_H_
#define SUBROSA_SRC_VAULT_KEY_TABLES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/consumer_directory.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/consumer_keys.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"

namespace subrosa {

struct KeyTables {
  Connection& database;
  Epochs& epochs;
  ConsumerDirectory& directory;
  ConsumerKeys& consumer_keys;
  int64_t entity_number = 0;
};

// An erasure, of whatever, that others have to see: within its transaction,
// `count` of them.
absl::Status CountErasures(const KeyTables& tables, int64_t count);

// The next version of `consumer`'s key, whose entry is `pointer`, within a
// transaction that has seen the present epochs: it seals from now on, and the
// directory leads to its data_ref. `selection` as ConsumerKeys::InsertNext.
absl::StatusOr<std::unique_ptr<ConsumerHandle>> AddKeyVersion(
    const KeyTables& tables, const DirectoryPointer& pointer,
    const ConsumerHandle& consumer, absl::string_view selection, int32_t today);

// Destroys a version that was followed by another, within a transaction; rows
// that may still come late under `data_ref` are due for deletion.
absl::Status RemoveKeyVersion(const KeyTables& tables, const KeyRef& ref,
                              absl::string_view data_ref, int32_t today);

// Opens each version of each consumer's key with what it carries
// (stable_secret.h), or each directory entry, one at a time, in no particular
// order; stops at the first error of `visit` and returns it.
using KeyVisitor = absl::FunctionRef<absl::Status(
    const KeyRef& ref, const SecretKey& key, absl::string_view carried)>;
absl::Status VisitConsumerKeys(const KeyTables& tables, KeyVisitor visit);
using PointerVisitor =
    absl::FunctionRef<absl::Status(const DirectoryPointer& pointer)>;
absl::Status VisitDirectory(const KeyTables& tables, PointerVisitor visit);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_TABLES_H_
