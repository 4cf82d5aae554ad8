// What a record store that was put back from an older copy does not know of
// choices: someone may have withdrawn a consent since. The log has a tag of
// each choice (choice_states.h), which only the consumer's own secret matches;
// so each consumer's next tags are looked for among those since the copy, and
// whoever has one there must be asked again.
//
// Numbers that were ever used are not used again: a consumer who is found goes
// on after the last choice that the log knows.
//
// Cost: reads the log's leaves since the copy, and, if there is a choice among
// them, opens every consumer's key, some ten microseconds each, once for every
// kChoiceTagsAtOnce choices. Memory: at most 70 MB.
#ifndef SUBROSA_SRC_VAULT_CHOICE_RESTORE_H_
#define SUBROSA_SRC_VAULT_CHOICE_RESTORE_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "src/audit/log_reader.h"
#include "src/vault/key_tables.h"
#include "src/vault/record_store.h"

namespace subrosa {

inline constexpr size_t kChoiceTagsAtOnce = 1000000;

// How many numbers in a row may be missing from the log before a consumer's
// search ends. Choices reach the log in their order and none is left out, so
// that one would do; a gap is no reason to let a withdrawn consent stand.
inline constexpr uint64_t kChoiceLookAhead = 16;

// Marks in `records`, within a transaction of it, each consumer of whom the log
// has a later choice than it knows, among the leaves [from, to). Returns how
// many must be asked again now, those who had to before included.
//
// DATA_LOSS if an entry of the log, a directory entry or a key does not open;
// errors of Connection and LogReader. `tags_at_once` bounds the memory.
absl::StatusOr<int64_t> MarkOutdatedChoices(
    const KeyTables& tables, RecordStore& records, LogReader& log,
    uint64_t from, uint64_t to, size_t tags_at_once = kChoiceTagsAtOnce);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_CHOICE_RESTORE_H_
