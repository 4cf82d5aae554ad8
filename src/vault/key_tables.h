// What works on the key store's tables of consumers shares these: KeyStore,
// tombstones, checks.
//
// Thread-compatible. Errors are those of Connection.
#ifndef SUBROSA_SRC_VAULT_KEY_TABLES_H_
#define SUBROSA_SRC_VAULT_KEY_TABLES_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/consumer_directory.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"

namespace subrosa {

struct KeyTables {
  Connection& database;
  Epochs& epochs;
  ConsumerDirectory& directory;
  int64_t entity_number = 0;
};

// Takes a consumer out, within a transaction that has seen the present epochs:
// their keys, all versions, their entry, and those in blind indexes; leaves
// their id suppressed and their rows due for deletion.
absl::Status RemoveConsumer(const KeyTables& tables,
                            const DirectoryPointer& pointer, int32_t today);

// Opens each consumer's key, or each directory entry, one at a time, in no
// particular order; stops at the first error of `visit` and returns it.
using KeyVisitor =
    absl::FunctionRef<absl::Status(const KeyRef& ref, const SecretKey& key)>;
absl::Status VisitConsumerKeys(const KeyTables& tables, KeyVisitor visit);
using PointerVisitor =
    absl::FunctionRef<absl::Status(const DirectoryPointer& pointer)>;
absl::Status VisitDirectory(const KeyTables& tables, PointerVisitor visit);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_TABLES_H_
