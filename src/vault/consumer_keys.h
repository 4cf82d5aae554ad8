// ConsumerKeys keeps the consumers' keys, wrapped under the open epochs. The
// newest version of a consumer's key seals. Those before it only open; beside
// each stands what of the consumer's was erased when the next was made, until
// all that stays is resealed and the version is destroyed.
//
// Versions are made and destroyed in their order, so that none is missing in
// between. Each has a data_ref of its own: the first a random one, which the
// directory knows, later ones a PRF of their key.
//
// Thread-compatible. Errors are those of Connection and KeyProvider, besides
// what is said below.
#ifndef SUBROSA_SRC_VAULT_CONSUMER_KEYS_H_
#define SUBROSA_SRC_VAULT_CONSUMER_KEYS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/crypto/envelope.h"
#include "src/crypto/key_cache.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"

namespace subrosa {

// A version that was followed by another. Days count from 1970-01-01.
struct RetiringKey {
  KeyRef ref;
  int32_t begun_day = 0;
  // Not before this day is it destroyed. 0 while records stand under it.
  int32_t destroy_day = 0;
};

class ConsumerKeys {
 public:
  // What it works on must outlive it.
  ConsumerKeys(Connection& database, Epochs& epochs, int64_t entity_number,
               const Clock& clock);

  // To be called once, before all else.
  absl::Status Prepare();

  // Fills in the keys of the consumer whom `pointer` names, the data_ref of the
  // newest among them. NOT_FOUND if they have none; DATA_LOSS if one does not
  // open or a version is missing.
  absl::StatusOr<std::unique_ptr<ConsumerHandle>> Resolve(
      const DirectoryPointer& pointer);

  // Within a transaction that has seen the present epochs. `carried`: see
  // stable_secret.h.
  absl::Status Insert(const KeyRef& ref, const SecretKey& key,
                      absl::string_view carried);

  // Makes the next version of `consumer`'s key, which from now on seals, and
  // keeps `selection` (part_selection.h) beside the present one. The caller
  // leads the directory to the data_ref of what is returned, in the same
  // transaction.
  absl::StatusOr<std::unique_ptr<ConsumerHandle>> InsertNext(
      const ConsumerHandle& consumer, absl::string_view selection,
      int32_t today);

  // Versions that were followed by another, in the order of their consumers
  // and upwards.
  absl::StatusOr<std::vector<RetiringKey>> ReadRetiring();
  // Within a transaction. Records stand under `ref` no more, or again (0).
  absl::Status SetDestroyDay(const KeyRef& ref, int32_t destroy_day);
  // Whether a version of `id` was followed by another and is there still.
  absl::StatusOr<bool> HasRetiring(const KeyId& id);
  // Within a transaction: takes out one version, or all and what stands beside
  // them.
  absl::Status Remove(const KeyRef& ref);
  absl::Status RemoveAll(const KeyId& id);

  // Forgets the keys that it has open.
  void Clear() { opened_.Clear(); }

 private:
  absl::StatusOr<SecretKey> Unwrap(const KeyRef& ref, uint32_t epoch,
                                   absl::string_view wrapped);
  // Reads what stands beside the versions in `consumer.older`, and drops those
  // that were destroyed since they were read.
  absl::Status ReadBeside(ConsumerHandle* consumer);

  Connection& database_;
  Epochs& epochs_;
  const int64_t entity_number_;
  const Clock& clock_;
  // By id and version. A key is used only after its row was found, so that an
  // erasure elsewhere is seen at once.
  KeyCache opened_;
  std::unique_ptr<Statement> find_;
  std::unique_ptr<Statement> insert_;
  std::unique_ptr<Statement> find_beside_;
  std::unique_ptr<Statement> remove_;
  std::unique_ptr<Statement> remove_beside_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_CONSUMER_KEYS_H_
