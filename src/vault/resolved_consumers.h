// ResolvedConsumers remembers whom the key store found lately, so that finding
// them again costs one small read in place of three.
//
// Whoever is remembered may be used while the store's count of erasures is what
// it was when they were found; at any other count all are forgotten. So an
// erasure, of a whole consumer or of a part, is seen at once, whoever did it.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_VAULT_RESOLVED_CONSUMERS_H_
#define SUBROSA_SRC_VAULT_RESOLVED_CONSUMERS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/vault/consumer_handle.h"

namespace subrosa {

class ResolvedConsumers {
 public:
  // Remembers at most `capacity` consumers, each for `time_to_live` at most: so
  // long it holds on to keys.
  ResolvedConsumers(size_t capacity, absl::Duration time_to_live)
      : capacity_(capacity), time_to_live_(time_to_live) {}

  // Null unless the consumer was found at this count of erasures.
  std::shared_ptr<const ConsumerHandle> Find(absl::string_view inner_token,
                                             int64_t erasures, absl::Time now);

  // Remembers a consumer who was found when there were `erasures`, read before
  // they were looked for.
  void Insert(absl::string_view inner_token,
              std::shared_ptr<const ConsumerHandle> consumer, int64_t erasures,
              absl::Time now);

  void Clear() { consumers_.clear(); }

 private:
  struct Remembered {
    std::shared_ptr<const ConsumerHandle> consumer;
    absl::Time expires_at;
  };

  const size_t capacity_;
  const absl::Duration time_to_live_;
  int64_t erasures_ = 0;
  absl::flat_hash_map<std::string, Remembered> consumers_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RESOLVED_CONSUMERS_H_
