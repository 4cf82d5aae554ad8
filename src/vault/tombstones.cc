#include "src/vault/tombstones.h"

#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/prf.h"

namespace subrosa {

Commitment TombstoneOf(const SecretKey& key, const KeyRef& ref) {
  const BigEndianBytes<uint32_t> version(ref.version);
  return Prf(key, kTombstoneLabel, {version.view()});
}

absl::StatusOr<std::vector<DirectoryPointer>> FindRevived(
    const KeyTables& tables, const TombstoneSet& tombstones) {
  std::vector<DirectoryPointer> revived;
  if (tombstones.empty()) return revived;
  absl::flat_hash_set<KeyId> key_ids;
  SUBROSA_RETURN_IF_ERROR(
      VisitConsumerKeys(tables, [&](const KeyRef& ref, const SecretKey& key) {
        if (tombstones.contains(TombstoneOf(key, ref))) key_ids.insert(ref.id);
        return absl::OkStatus();
      }));
  if (key_ids.empty()) return revived;
  SUBROSA_RETURN_IF_ERROR(
      VisitDirectory(tables, [&](const DirectoryPointer& pointer) {
        if (key_ids.erase(pointer.key_id) > 0) revived.push_back(pointer);
        return absl::OkStatus();
      }));
  // A key without an entry leads to nobody, and goes as well.
  for (const KeyId& key_id : key_ids) {
    revived.emplace_back().key_id = key_id;
  }
  return revived;
}

}  // namespace subrosa
