// A blind index as the key store has it. Its entries say nothing but: this
// consumer has a record of `schema` whose `field` has this value; and that only
// to whoever has the epoch's keys.
#ifndef SUBROSA_SRC_VAULT_BLIND_INDEX_H_
#define SUBROSA_SRC_VAULT_BLIND_INDEX_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "src/vault/index_planner.h"

namespace subrosa {

enum class IndexState : uint8_t {
  kBuilding = 1,  // Puts add to it; what was held before is being added.
  kReady = 2,     // Whoever has a value is found.
  kDropping = 3,  // Its entries are being deleted.
};

// "building".
inline absl::string_view IndexStateName(IndexState state) {
  switch (state) {
    case IndexState::kBuilding:
      return "building";
    case IndexState::kReady:
      return "ready";
    case IndexState::kDropping:
      return "dropping";
  }
  return "";
}

struct BlindIndex {
  int64_t number = 0;  // Stands for it in entries, from 1.
  std::string schema;  // Full name of the message.
  std::string field;   // Path in it: src/vault/indexed_field.h.
  int bits = 0;        // As IndexVerdict.
  int partitions = 1;
  IndexKind kind = IndexKind::kPlain;
  IndexState state = IndexState::kBuilding;
  // While it is built: all consumers up to this key id were added.
  std::string built_to;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_BLIND_INDEX_H_
