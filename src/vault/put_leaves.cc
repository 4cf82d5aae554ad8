#include "src/vault/put_leaves.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/commitment.h"

namespace subrosa {

void PutLeaves::Add(absl::string_view consumer,
                    const std::shared_ptr<const SecretKey>& key,
                    const RecordRow& row) {
  const auto [place, is_new] = places_.try_emplace(consumer, puts_.size());
  if (is_new) {
    puts_.emplace_back();
    puts_.back().consumer = consumer;
    puts_.back().key = key;
  }
  Put& put = puts_[place->second];
  ++(row.place.revision == 1 ? put.added : put.revised);
  const BigEndianBytes<uint32_t> revision(row.place.revision);
  absl::StrAppend(&put.detail, row.place.record_ref, revision.view(),
                  row.digest);
}

absl::StatusOr<std::vector<std::string>> PutLeaves::Serialize(
    int32_t today) const {
  std::vector<std::string> entries;
  for (size_t start = 0; start < puts_.size(); start += kMaxLeafCommitments) {
    const size_t end = std::min(puts_.size(), start + kMaxLeafCommitments);
    Leaf leaf = NewLeaf(LeafKind::kRecordsPut, today);
    leaf.numbers = {0, 0};
    leaf.commitments.reserve(end - start);
    for (size_t i = start; i < end; ++i) {
      const Put& put = puts_[i];
      leaf.numbers[0] += put.added;
      leaf.numbers[1] += put.revised;
      SUBROSA_ASSIGN_OR_RETURN(
          leaf.commitments.emplace_back(),
          Commit(DeriveOpening(*put.key, leaf.tag), kLeafConsumerLabel,
                 {put.consumer, put.detail}));
    }
    SUBROSA_ASSIGN_OR_RETURN(entries.emplace_back(), SerializeLeaf(leaf));
  }
  return entries;
}

}  // namespace subrosa
