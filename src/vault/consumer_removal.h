// A ConsumerRemoval takes consumers out of the key store's tables, many in one
// transaction: their keys, all versions, their entry, and those in blind
// indexes; it leaves their rows due for deletion.
//
// Thread-compatible. Errors are those of Connection. After one the transaction
// has to be rolled back.
#ifndef SUBROSA_SRC_VAULT_CONSUMER_REMOVAL_H_
#define SUBROSA_SRC_VAULT_CONSUMER_REMOVAL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/store/connection.h"
#include "src/vault/consumer_directory.h"
#include "src/vault/key_tables.h"

namespace subrosa {

// Whether an erased id is kept, as a token, from being put again.
enum class Suppression { kKept, kNone };

class ConsumerRemoval {
 public:
  // Within a transaction that has seen the present epochs; to be used and
  // dropped in it. What `tables` refers to must outlive it.
  static absl::StatusOr<ConsumerRemoval> Begin(const KeyTables& tables,
                                               int32_t today);

  // Takes one out, and returns the data_refs of their rows.
  absl::StatusOr<std::vector<std::string>> Remove(
      const DirectoryPointer& pointer, Suppression suppression);

  // Has others see it: to be called once, after the last.
  absl::Status Finish();

 private:
  ConsumerRemoval(const KeyTables& tables, int32_t today)
      : tables_(tables), today_(today) {}

  // Into a table of bytes and a day.
  absl::Status Note(Statement& insert, absl::string_view bytes);

  const KeyTables tables_;
  const int32_t today_;
  std::vector<int64_t> indexes_;  // Blind indexes.
  std::unique_ptr<Statement> suppress_;
  std::unique_ptr<Statement> note_due_;
  int64_t removed_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_CONSUMER_REMOVAL_H_
