#include "src/crypto/keyring.h"

#include <sodium.h>

#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/key_wrap.h"
#include "src/crypto/keyring_file.h"
#include "src/crypto/keyring_state.h"
#include "src/crypto/private_file.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

static_assert(kPublicKeyBytes == crypto_sign_PUBLICKEYBYTES);
static_assert(kSignatureBytes == crypto_sign_BYTES);
static_assert(kSecretKeyBytes == crypto_sign_SEEDBYTES);
static_assert(kWrappedKeyBytes <= kMaxSealedWorkingKeyBytes);

KeyringKdf NewKdf(KeyringCost cost) {
  KeyringKdf kdf;
  switch (cost) {
    case KeyringCost::kInteractive:
      kdf.passes = 2;
      kdf.memory_kib = uint32_t{64} << 10;
      break;
    case KeyringCost::kModerate:
      kdf.passes = 3;
      kdf.memory_kib = uint32_t{256} << 10;
      break;
    case KeyringCost::kSensitive:
      kdf.passes = 4;
      kdf.memory_kib = uint32_t{1} << 20;
      break;
  }
  randombytes_buf(kdf.salt.data(), kdf.salt.size());
  return kdf;
}

// Binds a working key to its entity and epoch: the entity's length as 8 bytes,
// the entity, the epoch as 4.
std::string WorkingKeyContext(absl::string_view entity, uint32_t epoch) {
  return absl::StrCat(BigEndianBytes<uint64_t>(entity.size()).view(), entity,
                      BigEndianBytes<uint32_t>(epoch).view());
}

// An Ed25519 key pair in libsodium's form, wiped.
struct SigningPair {
  explicit SigningPair(const SecretKey& seed) {
    crypto_sign_seed_keypair(public_key, secret_key,
                             seed.Bytes(UnsafeSecretAccess::Get()));
  }
  SigningPair(const SigningPair&) = delete;
  SigningPair& operator=(const SigningPair&) = delete;
  ~SigningPair() { sodium_memzero(secret_key, sizeof(secret_key)); }

  std::string PublicKey() const {
    return std::string(reinterpret_cast<const char*>(public_key),
                       sizeof(public_key));
  }

  uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
  uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
};

KeyringEntryName EpochName(absl::string_view entity, uint32_t epoch) {
  return {KeyringEntryKind::kEpochObject, std::string(entity), epoch};
}

KeyringEntryName SigningKeyName(absl::string_view name) {
  return {KeyringEntryKind::kSigningKey, std::string(name), 0};
}

KeyringEntryName AnchorName(absl::string_view name) {
  return {KeyringEntryKind::kAnchor, std::string(name), 0};
}

absl::Status AddEntry(KeyringEntryName name, absl::Time now, SecretKey secret,
                      KeyringContent* content) {
  KeyringEntry entry;
  entry.value = static_cast<uint64_t>(absl::ToUnixSeconds(now));
  entry.secret = std::move(secret);
  const auto [at, added] =
      content->entries.try_emplace(std::move(name), std::move(entry));
  if (added) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat("keyring: want a new name, got `", at->first.name, "` ",
                   at->first.number, ", which is taken"));
}

absl::Status NoEpoch(absl::string_view entity, uint32_t epoch) {
  return absl::NotFoundError(absl::StrCat(
      "keyring: want an epoch object ", epoch, " of `", entity, "`, got none"));
}

absl::Status NoSigningKey(absl::string_view name) {
  return absl::NotFoundError(
      absl::StrCat("keyring: want a signing key `", name, "`, got none"));
}

}  // namespace

Keyring::Keyring(std::unique_ptr<KeyringState> state)
    : state_(std::move(state)) {}

Keyring::~Keyring() = default;

absl::StatusOr<std::unique_ptr<Keyring>> Keyring::Create(
    const std::string& path, const SecretBuffer& passphrase, KeyringCost cost) {
  if (IdentityOf(path).ok()) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, ": want no file there, got one"));
  }
  const KeyringKdf kdf = NewKdf(cost);
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key, KeyringKeyOf(passphrase, kdf));
  SUBROSA_ASSIGN_OR_RETURN(const std::string file,
                           SealKeyring(key, kdf, KeyringContent()));
  SUBROSA_RETURN_IF_ERROR(CreatePrivateFile(path, file));
  auto state =
      std::make_unique<KeyringState>(path, KeyringKey{std::move(key), kdf});
  SUBROSA_RETURN_IF_ERROR(state->Refresh());
  return std::unique_ptr<Keyring>(new Keyring(std::move(state)));
}

absl::StatusOr<std::unique_ptr<Keyring>> Keyring::Open(
    const std::string& path, const SecretBuffer& passphrase) {
  SUBROSA_ASSIGN_OR_RETURN(const PrivateFile file,
                           ReadPrivateFile(path, kMaxKeyringFileBytes));
  const absl::StatusOr<KeyringKdf> kdf = ParseKeyringKdf(file.content);
  if (!kdf.ok()) return Annotate(kdf.status(), path);
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key, KeyringKeyOf(passphrase, *kdf));
  auto state =
      std::make_unique<KeyringState>(path, KeyringKey{std::move(key), *kdf});
  SUBROSA_RETURN_IF_ERROR(state->Refresh());
  return std::unique_ptr<Keyring>(new Keyring(std::move(state)));
}

absl::Status Keyring::ChangePassphrase(const SecretBuffer& passphrase,
                                       KeyringCost cost) {
  const KeyringKdf kdf = NewKdf(cost);
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key, KeyringKeyOf(passphrase, kdf));
  const std::lock_guard<std::mutex> lock(mutex_);
  return state_->Change([](KeyringContent*) { return absl::OkStatus(); },
                        KeyringKey{std::move(key), kdf});
}

void Keyring::set_lock_wait(absl::Duration wait) {
  state_->set_lock_wait(wait);
}

absl::string_view Keyring::kind() const { return "keyring"; }

absl::StatusOr<std::string> Keyring::CreateEpoch(absl::string_view entity,
                                                 uint32_t epoch,
                                                 absl::Time now) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey working_key, SecretKey::Random());
  SUBROSA_ASSIGN_OR_RETURN(SecretKey object, SecretKey::Random());
  SUBROSA_ASSIGN_OR_RETURN(
      std::string sealed,
      WrapKey(object, working_key, WorkingKeyContext(entity, epoch)));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(state_->Change([&](KeyringContent* content) {
    return AddEntry(EpochName(entity, epoch), now, std::move(object), content);
  }));
  return sealed;
}

absl::StatusOr<SecretKey> Keyring::OpenEpoch(
    absl::string_view entity, uint32_t epoch,
    absl::string_view sealed_working_key) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(state_->Refresh());
  const auto found = state_->content().entries.find(EpochName(entity, epoch));
  if (found == state_->content().entries.end()) return NoEpoch(entity, epoch);
  return UnwrapKey(*found->second.secret, sealed_working_key,
                   WorkingKeyContext(entity, epoch));
}

absl::StatusOr<DestructionEvidence> Keyring::DestroyEpoch(
    absl::string_view entity, uint32_t epoch) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(state_->Change([&](KeyringContent* content) {
    return content->entries.erase(EpochName(entity, epoch)) > 0
               ? absl::OkStatus()
               : NoEpoch(entity, epoch);
  }));
  // Change has read the file back.
  if (state_->content().entries.count(EpochName(entity, epoch)) > 0) {
    return absl::InternalError("keyring: a destroyed object is still there");
  }
  DestructionEvidence evidence;
  evidence.assurance = Assurance::kRewrittenFile;
  evidence.provider = std::string(kind());
  evidence.facts = absl::StrCat(
      "keyring file rewritten without the object and read back (change ",
      state_->content().generation,
      "); copies of the file made before still hold it");
  return evidence;
}

absl::StatusOr<std::vector<EpochObject>> Keyring::ListEpochs(
    absl::string_view entity) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(state_->Refresh());
  std::vector<EpochObject> objects;
  for (auto at = state_->content().entries.lower_bound(EpochName(entity, 0));
       at != state_->content().entries.end() &&
       at->first.kind == KeyringEntryKind::kEpochObject &&
       at->first.name == entity;
       ++at) {
    EpochObject object;
    object.entity = at->first.name;
    object.epoch = at->first.number;
    object.created_at =
        absl::FromUnixSeconds(static_cast<int64_t>(at->second.value));
    objects.push_back(std::move(object));
  }
  return objects;
}

absl::StatusOr<std::string> Keyring::CreateSigningKey(absl::string_view name) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  SUBROSA_ASSIGN_OR_RETURN(SecretKey seed, SecretKey::Random());
  std::string public_key = SigningPair(seed).PublicKey();
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(state_->Change([&](KeyringContent* content) {
    return AddEntry(SigningKeyName(name), absl::UnixEpoch(), std::move(seed),
                    content);
  }));
  return public_key;
}

absl::StatusOr<std::string> Keyring::PublicKey(absl::string_view name) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(state_->Refresh());
  const auto found = state_->content().entries.find(SigningKeyName(name));
  if (found == state_->content().entries.end()) return NoSigningKey(name);
  return SigningPair(*found->second.secret).PublicKey();
}

absl::StatusOr<std::string> Keyring::Sign(absl::string_view name,
                                          absl::string_view message) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(state_->Refresh());
  const auto found = state_->content().entries.find(SigningKeyName(name));
  if (found == state_->content().entries.end()) return NoSigningKey(name);
  const SigningPair pair(*found->second.secret);
  std::string signature(kSignatureBytes, '\0');
  crypto_sign_detached(reinterpret_cast<uint8_t*>(signature.data()), nullptr,
                       reinterpret_cast<const uint8_t*>(message.data()),
                       message.size(), pair.secret_key);
  return signature;
}

absl::Status Keyring::AdvanceAnchor(absl::string_view name, uint64_t value) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  const std::lock_guard<std::mutex> lock(mutex_);
  return state_->Change([&](KeyringContent* content) {
    KeyringEntry& anchor = content->entries[AnchorName(name)];
    if (anchor.value > value) {
      return absl::FailedPreconditionError(
          absl::StrCat("keyring.anchor `", name, "`: want ", anchor.value,
                       " or more, got ", value));
    }
    anchor.value = value;
    return absl::OkStatus();
  });
}

absl::StatusOr<uint64_t> Keyring::ReadAnchor(absl::string_view name) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(state_->Refresh());
  const auto found = state_->content().entries.find(AnchorName(name));
  if (found == state_->content().entries.end()) {
    return absl::NotFoundError(
        absl::StrCat("keyring: want an anchor `", name, "`, got none"));
  }
  return found->second.value;
}

}  // namespace subrosa
