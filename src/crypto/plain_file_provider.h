// For tests: a KeyProvider that keeps its epoch objects, signing keys and
// anchors in a file without any protection, so that many processes may share
// it, opening it costs nothing, and the file can be put back as it was.
//
// Thread-safe; the file is locked while it is changed.
#ifndef SUBROSA_SRC_CRYPTO_PLAIN_FILE_PROVIDER_H_
#define SUBROSA_SRC_CRYPTO_PLAIN_FILE_PROVIDER_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/crypto/key_provider.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

class PlainFileProvider final : public KeyProvider {
 public:
  // `path` need not be there yet.
  explicit PlainFileProvider(std::string path) : path_(std::move(path)) {}

  absl::string_view kind() const override { return "plain file"; }
  absl::StatusOr<std::string> CreateEpoch(absl::string_view entity,
                                          uint32_t epoch,
                                          absl::Time now) override;
  absl::StatusOr<SecretKey> OpenEpoch(
      absl::string_view entity, uint32_t epoch,
      absl::string_view sealed_working_key) override;
  absl::StatusOr<DestructionEvidence> DestroyEpoch(absl::string_view entity,
                                                   uint32_t epoch) override;
  absl::StatusOr<std::vector<EpochObject>> ListEpochs(
      absl::string_view entity) override;
  absl::StatusOr<std::string> CreateSigningKey(absl::string_view name) override;
  absl::StatusOr<std::string> PublicKey(absl::string_view name) override;
  absl::StatusOr<std::string> Sign(absl::string_view name,
                                   absl::string_view message) override;
  absl::Status AdvanceAnchor(absl::string_view name, uint64_t value) override;
  absl::StatusOr<uint64_t> ReadAnchor(absl::string_view name) override;

 private:
  // By name: seeds of keys, in hexadecimal, and values.
  struct Epoch {
    std::string seed;
    int64_t created_at = 0;
  };
  struct Content {
    std::map<std::pair<std::string, uint32_t>, Epoch> epochs;
    std::map<std::string, std::string> keys;
    std::map<std::string, uint64_t> anchors;
  };

  absl::StatusOr<Content> Read() const;
  absl::Status Change(absl::FunctionRef<absl::Status(Content*)> change);
  absl::StatusOr<std::string> ReadSeed(absl::string_view name) const;

  const std::string path_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_PLAIN_FILE_PROVIDER_H_
