// The ConsumerDirectory leads from an account id to a consumer's references,
// without any id in it: a row is found by a token under a key of its epoch, and
// what it says is sealed.
//
// While a rotation is under way a row stands in the older epoch's table or in
// the newest's; each is looked into.
//
// Thread-compatible. Errors are those of Connection, besides what is said
// below.
#ifndef SUBROSA_SRC_VAULT_CONSUMER_DIRECTORY_H_
#define SUBROSA_SRC_VAULT_CONSUMER_DIRECTORY_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/store/connection.h"
#include "src/vault/entity_keys.h"
#include "src/vault/epochs.h"

namespace subrosa {

class ConsumerDirectory {
 public:
  // `database` and `epochs` must outlive it.
  static absl::StatusOr<ConsumerDirectory> Open(Connection& database,
                                                Epochs& epochs,
                                                int64_t entity_number);

  // What the holder of `inner_token` (EntityKeys::InnerToken) has. NOT_FOUND if
  // there is no such entry; DATA_LOSS if it does not open.
  absl::StatusOr<DirectoryPointer> Find(absl::string_view inner_token);

  // Within a transaction that has seen the present epochs (Epochs::Refresh).
  absl::Status Insert(const DirectoryPointer& pointer);
  absl::Status Remove(absl::string_view inner_token);

 private:
  ConsumerDirectory(Epochs& epochs, int64_t entity_number)
      : epochs_(&epochs), entity_number_(entity_number) {}

  absl::StatusOr<std::optional<DirectoryPointer>> FindIn(
      const EntityKeys& keys, absl::string_view inner_token);

  // One for each table, by the epoch's parity.
  using Statements = std::array<std::unique_ptr<Statement>, 2>;

  Epochs* epochs_;
  int64_t entity_number_;
  Statements find_;
  Statements insert_;
  Statements remove_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_CONSUMER_DIRECTORY_H_
