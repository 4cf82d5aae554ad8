#include "src/vault/consumer_walk.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "src/base/status_macros.h"
#include "src/crypto/envelope.h"
#include "src/store/connection.h"
#include "src/vault/entity_keys.h"
#include "src/vault/key_tables.h"

namespace subrosa {
namespace {

absl::string_view View(const KeyId& id) {
  return absl::string_view(reinterpret_cast<const char*>(id.data()), id.size());
}

bool ComesBefore(const DirectoryPointer& a, const DirectoryPointer& b) {
  return a.key_id < b.key_id;
}

// The next `limit` entries above `after`, in their order. A consumer whose
// entry a rotation has copied may be there twice.
absl::StatusOr<std::vector<DirectoryPointer>> ReadNext(KeyStore& keys,
                                                       const std::string& after,
                                                       size_t limit) {
  const KeyTables tables = keys.Tables();
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           ReadTransaction::Begin(tables.database));
  SUBROSA_RETURN_IF_ERROR(tables.epochs.Refresh().status());
  std::vector<DirectoryPointer> next;  // A heap, the last on top.
  SUBROSA_RETURN_IF_ERROR(VisitDirectory(
      tables, [&](const DirectoryPointer& pointer) -> absl::Status {
        if (View(pointer.key_id) <= after) return absl::OkStatus();
        if (next.size() == limit) {
          if (!ComesBefore(pointer, next.front())) return absl::OkStatus();
          std::pop_heap(next.begin(), next.end(), ComesBefore);
          next.pop_back();
        }
        next.push_back(pointer);
        std::push_heap(next.begin(), next.end(), ComesBefore);
        return absl::OkStatus();
      }));
  std::sort_heap(next.begin(), next.end(), ComesBefore);
  return next;
}

}  // namespace

absl::Status WalkConsumers(
    KeyStore& keys, absl::string_view after,
    absl::FunctionRef<absl::Status(const ConsumerHandle& consumer)> visit,
    size_t walked_at_once) {
  std::string last(after);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<DirectoryPointer> next,
                             ReadNext(keys, last, walked_at_once));
    for (const DirectoryPointer& pointer : next) {
      if (View(pointer.key_id) == last) continue;
      last = std::string(View(pointer.key_id));
      const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
          keys.Resolve(pointer);
      // Erased meanwhile.
      if (absl::IsNotFound(consumer.status())) continue;
      if (!consumer.ok()) return consumer.status();
      SUBROSA_RETURN_IF_ERROR(visit(**consumer));
    }
    if (next.size() < walked_at_once) return absl::OkStatus();
  }
}

}  // namespace subrosa
