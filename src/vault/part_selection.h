// Which part of what is held of a consumer is to be erased: one record, old
// revisions, categories, a purpose, what was collected before a day. All that a
// selection says must hold of a row.
//
// Thread-compatible; free functions are thread-safe.
#ifndef SUBROSA_SRC_VAULT_PART_SELECTION_H_
#define SUBROSA_SRC_VAULT_PART_SELECTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/secret_key.h"
#include "src/vault/record_row.h"

namespace subrosa {

inline constexpr size_t kMaxSelectionTextBytes = 4096;

struct PartSelection {
  // One record, by its source and id. Both or none.
  std::string source;
  std::string id;
  // Only revisions that a newer one of the same record followed.
  bool old_revisions = false;
  // Any of these: bit N stands for HealthCategory N. 0: whatever it is.
  uint32_t categories = 0;
  // A slug. Empty: whatever it is held for.
  std::string purpose;
  // Collected before this day (since 1970-01-01, in UTC).
  std::optional<int32_t> collected_before;

  // Nothing is selected: the key is renewed, and all stays.
  bool empty() const;
};

// INVALID_ARGUMENT if only one of source and id is given, or a text is longer
// than kMaxSelectionTextBytes.
absl::Status CheckSelection(const PartSelection& selection);

// The selection as bytes, to be sealed; of an empty one, none. It has passed
// CheckSelection. Parse: DATA_LOSS for other bytes.
std::string SerializeSelection(const PartSelection& selection);
absl::StatusOr<PartSelection> ParseSelection(absl::string_view bytes);

// Which of `rows`, all revisions of one record in rising order, are selected;
// `key` is what they stand under. If the newest is, so are the others, unless
// only old revisions are meant: otherwise an old one would count again.
std::vector<bool> SelectRows(const PartSelection& selection,
                             const SecretKey& key,
                             absl::Span<const RecordRow> rows);

// Whether the newest revision of a record is selected.
bool IsSelected(const PartSelection& selection, const SecretKey& key,
                const RecordRow& newest);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_PART_SELECTION_H_
