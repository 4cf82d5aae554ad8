#include "src/crypto/token_provider.h"

#include <sodium.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/keyring_file.h"
#include "src/crypto/single_use_aead.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

// A token's object seals one working key and is destroyed with it, so that the
// single-use cipher stands for C_Encrypt.
constexpr size_t kBlobBytes = kSecretKeyBytes + kAeadTagBytes;

std::string AssociatedData(absl::string_view entity, uint32_t epoch) {
  return absl::StrCat(BigEndianBytes<uint32_t>(epoch).view(), entity);
}

absl::Span<const uint8_t> BytesOf(absl::string_view text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                             text.size());
}

absl::Status NotThere(absl::string_view what) {
  return absl::NotFoundError(absl::StrCat("token: want ", what, ", got none"));
}

}  // namespace

void TokenProvider::Set(bool* state, bool value) {
  const std::lock_guard<std::mutex> lock(mutex_);
  *state = value;
}

absl::Status TokenProvider::CheckSession() const {
  if (!present_) {
    return absl::UnavailableError("token: not in its slot: put it back");
  }
  if (!logged_in_) {
    return absl::PermissionDeniedError("token: want a PIN, got none: log in");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> TokenProvider::CreateEpoch(absl::string_view entity,
                                                       uint32_t epoch,
                                                       absl::Time now) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(CheckSession());
  const uint64_t handle = next_handle_++;
  if (!epochs_
           .emplace(std::make_pair(std::string(entity), epoch),
                    EpochSlot{handle, now})
           .second) {
    return absl::AlreadyExistsError("token: the entity has this epoch");
  }
  SUBROSA_ASSIGN_OR_RETURN(SecretKey object, SecretKey::Random());
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey working_key, SecretKey::Random());
  std::string blob(kBlobBytes, '\0');
  SUBROSA_RETURN_IF_ERROR(SealOnce(
      Cipher::kAes256Gcm, object.Bytes(UnsafeSecretAccess::Get()),
      BytesOf(AssociatedData(entity, epoch)),
      absl::MakeConstSpan(working_key.Bytes(UnsafeSecretAccess::Get()),
                          kSecretKeyBytes),
      absl::MakeSpan(reinterpret_cast<uint8_t*>(blob.data()), blob.size())));
  objects_.emplace(handle, std::move(object));
  return blob;
}

absl::StatusOr<SecretKey> TokenProvider::OpenEpoch(
    absl::string_view entity, uint32_t epoch,
    absl::string_view sealed_working_key) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(CheckSession());
  const auto found = epochs_.find({std::string(entity), epoch});
  if (found == epochs_.end()) return NotThere("the epoch's object");
  const SecretKey& object = objects_.at(found->second.handle);
  uint8_t bytes[kSecretKeyBytes] = {};
  // Some tokens say "general error" for a wrong tag. That is the blob's fault,
  // not the token's: a retry would not help.
  if (sealed_working_key.size() != kBlobBytes ||
      !OpenOnce(Cipher::kAes256Gcm, object.Bytes(UnsafeSecretAccess::Get()),
                BytesOf(AssociatedData(entity, epoch)),
                BytesOf(sealed_working_key), bytes)) {
    return absl::InvalidArgumentError("token: the working key does not open");
  }
  absl::StatusOr<SecretKey> key =
      SecretKey::FromBytes(bytes, UnsafeSecretAccess::Get());
  sodium_memzero(bytes, sizeof(bytes));
  return key;
}

absl::StatusOr<DestructionEvidence> TokenProvider::DestroyEpoch(
    absl::string_view entity, uint32_t epoch) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(CheckSession());
  const auto found = epochs_.find({std::string(entity), epoch});
  if (found == epochs_.end()) return NotThere("the epoch's object");
  objects_.erase(found->second.handle);
  epochs_.erase(found);
  DestructionEvidence evidence;
  evidence.assurance = Assurance::kHardwareObject;
  evidence.provider = std::string(kind());
  evidence.facts = "object destroyed; a search for it finds nothing";
  return evidence;
}

absl::StatusOr<std::vector<EpochObject>> TokenProvider::ListEpochs(
    absl::string_view entity) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(CheckSession());
  std::vector<EpochObject> found;
  for (const auto& [name, slot] : epochs_) {
    if (name.first == entity) {
      found.push_back({name.first, name.second, slot.created_at});
    }
  }
  return found;
}

absl::StatusOr<std::string> TokenProvider::CreateSigningKey(
    absl::string_view name) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    SUBROSA_RETURN_IF_ERROR(CheckSession());
    const uint64_t handle = next_handle_++;
    if (!signing_keys_.emplace(std::string(name), handle).second) {
      return absl::AlreadyExistsError("token: the name is taken");
    }
    SUBROSA_ASSIGN_OR_RETURN(SecretKey seed, SecretKey::Random());
    objects_.emplace(handle, std::move(seed));
  }
  return PublicKey(name);
}

absl::StatusOr<std::string> TokenProvider::PublicKey(absl::string_view name) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(CheckSession());
  const auto found = signing_keys_.find(std::string(name));
  if (found == signing_keys_.end()) return NotThere("a signing key");
  std::string public_key(kPublicKeyBytes, '\0');
  uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
  crypto_sign_seed_keypair(
      reinterpret_cast<uint8_t*>(public_key.data()), secret_key,
      objects_.at(found->second).Bytes(UnsafeSecretAccess::Get()));
  sodium_memzero(secret_key, sizeof(secret_key));
  return public_key;
}

absl::StatusOr<std::string> TokenProvider::Sign(absl::string_view name,
                                                absl::string_view message) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(CheckSession());
  const auto found = signing_keys_.find(std::string(name));
  if (found == signing_keys_.end()) return NotThere("a signing key");
  uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
  uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
  crypto_sign_seed_keypair(
      public_key, secret_key,
      objects_.at(found->second).Bytes(UnsafeSecretAccess::Get()));
  std::string signature(kSignatureBytes, '\0');
  crypto_sign_detached(reinterpret_cast<uint8_t*>(signature.data()), nullptr,
                       BytesOf(message).data(), message.size(), secret_key);
  sodium_memzero(secret_key, sizeof(secret_key));
  return signature;
}

absl::Status TokenProvider::AdvanceAnchor(absl::string_view name,
                                          uint64_t value) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(CheckSession());
  uint64_t& anchor = anchors_[std::string(name)];
  if (value < anchor) {
    return absl::FailedPreconditionError("token: a larger value is remembered");
  }
  anchor = value;
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> TokenProvider::ReadAnchor(absl::string_view name) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(CheckSession());
  const auto found = anchors_.find(std::string(name));
  if (found == anchors_.end()) return NotThere("an anchor");
  return found->second;
}

}  // namespace subrosa
