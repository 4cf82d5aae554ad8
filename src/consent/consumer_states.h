// ConsumerStates keep in memory what stands of many consumers' choices, for
// decisions that wait for no database: ten million and more.
//
// Consumers are found by a hash of their account id (table_hash.h); no id is
// kept. Those of whom the same stands share it, and most do: who took one offer
// and the usual settings. So a consumer takes 38 to 58 bytes as the table
// fills, 64 at most; and each combination that differs takes some 250 bytes and
// sixteen for each choice, once in each of 64 shards that has it.
//
// Thread-safe.
//
// Security: as CompiledStanding, with consumer_refs' first eight bytes.
#ifndef SUBROSA_SRC_CONSENT_CONSUMER_STATES_H_
#define SUBROSA_SRC_CONSENT_CONSUMER_STATES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "src/consent/compiled_standing.h"
#include "src/crypto/table_hash.h"

namespace subrosa {

class ConsumerStates {
 public:
  ConsumerStates();
  ~ConsumerStates();

  // Copies what stands of `consumer`'s choices into `standing`; false if it is
  // not kept. Under a microsecond.
  bool Find(absl::string_view consumer, CompiledStanding* standing) const;

  // Rises with each of the calls below but Put.
  uint64_t version() const { return version_.load(); }

  // Keeps what was read of `consumer`, whose consumer_ref has 16 bytes, since
  // `version` was as given; does nothing if it has risen, since what was read
  // may be out of date.
  void Put(absl::string_view consumer, absl::string_view consumer_ref,
           const CompiledStanding& standing, uint64_t version);

  // Keeps nothing any more of `consumer`; of whoever has `consumer_ref`, and
  // perhaps of another with them; of anybody.
  void Forget(absl::string_view consumer);
  void ForgetRef(absl::string_view consumer_ref);
  void Clear();

  size_t size() const;
  // What the tables take, in bytes.
  size_t MemoryBytes() const;

 private:
  class Shard;
  static constexpr size_t kShards = 64;

  Shard& ShardOf(TableHash::Output key) const {
    return *shards_[key.low % kShards];
  }
  bool IsForgotten(uint64_t ref) const;

  const TableHash hash_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::atomic<uint64_t> version_{0};

  // Of those who were forgotten by their ref and not put since: guarded by the
  // mutex, but for whether there are any.
  mutable std::shared_mutex forgotten_mutex_;
  std::atomic<bool> any_forgotten_{false};
  absl::flat_hash_set<uint64_t> forgotten_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_CONSUMER_STATES_H_
