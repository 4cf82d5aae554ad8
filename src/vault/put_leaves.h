// PutLeaves gathers what the log is told of a batch of puts: how many records
// of how many consumers, with a commitment for each consumer that only they can
// open (docs/formats/audit.md, "Leaf").
//
// Thread-compatible.
#ifndef SUBROSA_SRC_VAULT_PUT_LEAVES_H_
#define SUBROSA_SRC_VAULT_PUT_LEAVES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/secret_key.h"
#include "src/vault/record_row.h"

namespace subrosa {

class PutLeaves {
 public:
  // Notes that `row` of `consumer`, an account id, was added or revised. The id
  // must stay as it is until Serialize.
  void Add(absl::string_view consumer,
           const std::shared_ptr<const SecretKey>& key, const RecordRow& row);

  // The leaves, dated `today`, in the order in which consumers were added: one,
  // unless there are more than kMaxLeafCommitments. None if nothing was added.
  absl::StatusOr<std::vector<std::string>> Serialize(int32_t today) const;

 private:
  struct Put {
    absl::string_view consumer;
    std::shared_ptr<const SecretKey> key;
    uint64_t added = 0;
    uint64_t revised = 0;
    std::string detail;  // Place and digest of each row.
  };

  std::vector<Put> puts_;
  absl::flat_hash_map<absl::string_view, size_t> places_;  // In puts_.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_PUT_LEAVES_H_
