// A KeyProvider in memory that behaves like a PKCS#11 token, for tests: objects
// have handles and never leave it, sealing is AES-256-GCM as tokens have it, it
// is logged in or not, and it can be pulled out. It proves that the interface
// fits something unlike a file.
#ifndef SUBROSA_SRC_CRYPTO_TOKEN_PROVIDER_H_
#define SUBROSA_SRC_CRYPTO_TOKEN_PROVIDER_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/crypto/key_provider.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

class TokenProvider : public KeyProvider {
 public:
  // What tests do to the token.
  void PullOut() { Set(&present_, false); }
  void PutBack() { Set(&present_, true); }
  void LogOut() { Set(&logged_in_, false); }
  void LogIn() { Set(&logged_in_, true); }

  absl::string_view kind() const override { return "token"; }
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
  struct EpochSlot {
    uint64_t handle;
    absl::Time created_at;
  };

  void Set(bool* state, bool value);
  absl::Status CheckSession() const;

  std::mutex mutex_;
  bool present_ = true;
  bool logged_in_ = true;
  uint64_t next_handle_ = 1;
  std::map<uint64_t, SecretKey> objects_;  // Never leave the token.
  std::map<std::pair<std::string, uint32_t>, EpochSlot> epochs_;
  std::map<std::string, uint64_t> signing_keys_;
  std::map<std::string, uint64_t> anchors_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_TOKEN_PROVIDER_H_
