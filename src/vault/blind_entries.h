// BlindEntries are the rows of blind indexes: one for each consumer and value,
// never one for each record, so that counts do not show. They stand in a table
// of their epoch, as the directory does (epochs.h); while a rotation is under
// way an entry stands in the older one's or in both.
//
// An entry may be stale: its consumer has the value no more. One that is
// missing would be an error, and does not happen where all that is said in
// index_writer.h is kept.
//
// Thread-compatible. Errors are those of Connection, besides what is said
// below.
#ifndef SUBROSA_SRC_VAULT_BLIND_ENTRIES_H_
#define SUBROSA_SRC_VAULT_BLIND_ENTRIES_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/envelope.h"
#include "src/store/connection.h"
#include "src/vault/epochs.h"
#include "src/vault/index_keys.h"

namespace subrosa {

// The table that holds the entries of `epoch`.
absl::string_view BlindEntryTable(uint32_t epoch);

class BlindEntries {
 public:
  // `database` and `epochs` must outlive it.
  static absl::StatusOr<BlindEntries> Open(Connection& database, Epochs& epochs,
                                           int64_t entity_number);

  // Whether `key_id` has an entry with `inner_token`, under an epoch that is
  // known to be open. False may be out of date, within a transaction it is not.
  absl::StatusOr<bool> Has(int64_t index, absl::string_view inner_token,
                           const KeyId& key_id);

  // Within a transaction that has seen the present epochs. Nothing if it stands
  // there.
  absl::Status Insert(int64_t index, const IndexPointer& pointer);

  // All with `inner_token`, each once, as of one instant. DATA_LOSS if one does
  // not open. 100 bytes each.
  absl::StatusOr<std::vector<IndexPointer>> FindAll(
      int64_t index, absl::string_view inner_token);

  // Within a transaction that has seen the present epochs: deletes those of
  // `key_id`.
  absl::Status RemoveAll(int64_t index, const KeyId& key_id);

  // The same: deletes at most `limit` entries of an index, and says how many.
  absl::StatusOr<int64_t> RemoveSome(int64_t index, int64_t limit);

 private:
  BlindEntries(Connection& database, Epochs& epochs, int64_t entity_number)
      : database_(&database), epochs_(&epochs), entity_number_(entity_number) {}

  // One for each table, by the epoch's parity.
  using Statements = std::array<std::unique_ptr<Statement>, 2>;

  Connection* database_;
  Epochs* epochs_;
  int64_t entity_number_;
  Statements has_;
  Statements insert_;
  Statements find_;
  Statements remove_owned_;
};

// The numbers of all indexes.
absl::StatusOr<std::vector<int64_t>> ReadBlindIndexNumbers(
    Connection& database, int64_t entity_number);

// Within a transaction that has seen the present epochs: deletes all entries of
// `key_id` in each of `indexes`. Some microseconds for each; a consumer has one
// for each value of theirs.
absl::Status RemoveBlindEntries(Connection& database, const Epochs& epochs,
                                int64_t entity_number,
                                absl::Span<const int64_t> indexes,
                                const KeyId& key_id);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_BLIND_ENTRIES_H_
