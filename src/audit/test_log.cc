#include "src/audit/test_log.h"

#include "src/audit/checkpoint.h"
#include "src/audit/witness_request.h"

namespace subrosa {

TestLog::TestLog(const std::string& origin, uint64_t most_leaves)
    : origin_(origin),
      keys_({NoteKey::Create(origin, *provider_.CreateSigningKey("log"))
                 .value()}),
      tree_(ReferenceTree::OfNumbers(most_leaves)) {}

std::string TestLog::Checkpoint(uint64_t size) {
  return Sign(SerializeCheckpoint({origin_, size, tree_.Root(size)}));
}

std::string TestLog::ForkedCheckpoint(uint64_t size) {
  MerkleHash root = tree_.Root(size);
  root[0] ^= 1;
  return Sign(SerializeCheckpoint({origin_, size, root}));
}

std::string TestLog::Sign(absl::string_view text) {
  return SignNote(text, keys_.front(),
                  [this](absl::string_view message) {
                    return provider_.Sign("log", message);
                  })
      .value();
}

std::vector<MerkleHash> TestLog::Proof(uint64_t old_size, uint64_t new_size) {
  if (old_size == 0 || old_size == new_size) return {};
  return tree_.Proof(old_size, new_size);
}

std::string TestLog::Request(uint64_t old_size, uint64_t new_size) {
  return SerializeWitnessRequest(
      {old_size, Proof(old_size, new_size), Checkpoint(new_size)});
}

}  // namespace subrosa
