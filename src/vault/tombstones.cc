#include "src/vault/tombstones.h"

#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/prf.h"
#include "src/vault/stable_secret.h"

namespace subrosa {

Commitment TombstoneOf(const SecretKey& stable_secret) {
  return Prf(stable_secret, kTombstoneLabel, {});
}

Commitment KeyTombstoneOf(const SecretKey& key, const KeyRef& ref) {
  const BigEndianBytes<uint32_t> version(ref.version);
  return Prf(key, kKeyTombstoneLabel, {version.view()});
}

Commitment RowTombstoneOf(const SecretKey& key, const RowPlace& place) {
  const BigEndianBytes<uint32_t> revision(place.revision);
  return Prf(key, kRowTombstoneLabel, {place.record_ref, revision.view()});
}

absl::StatusOr<std::vector<std::string>> ErasedRowsLeaves(
    absl::Span<const Commitment> row_tombstones, int32_t today) {
  std::vector<std::string> entries;
  for (size_t at = 0; at < row_tombstones.size(); at += kMaxLeafCommitments) {
    const auto some = row_tombstones.subspan(at, kMaxLeafCommitments);
    Leaf leaf = NewLeaf(LeafKind::kRecordsErased, today);
    leaf.numbers = {some.size()};
    leaf.commitments.assign(some.begin(), some.end());
    SUBROSA_ASSIGN_OR_RETURN(entries.emplace_back(), SerializeLeaf(leaf));
  }
  return entries;
}

absl::StatusOr<std::vector<DirectoryPointer>> FindRevived(
    const KeyTables& tables, const TombstoneSet& tombstones) {
  std::vector<DirectoryPointer> revived;
  if (tombstones.empty()) return revived;
  absl::flat_hash_set<KeyId> key_ids;
  SUBROSA_RETURN_IF_ERROR(
      VisitConsumerKeys(tables,
                        [&](const KeyRef& ref, const SecretKey& key,
                            absl::string_view carried) -> absl::Status {
                          SUBROSA_ASSIGN_OR_RETURN(
                              const SecretKey secret,
                              StableSecretOf(tables.epochs.enabled().entity(),
                                             ref, key, carried));
                          if (tombstones.contains(TombstoneOf(secret)))
                            key_ids.insert(ref.id);
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
