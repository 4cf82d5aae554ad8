#include "src/crypto/plain_file_provider.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/crypto_init.h"
#include "src/crypto/key_wrap.h"
#include "src/crypto/keyring_file.h"
#include "src/crypto/random_bytes.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

constexpr size_t kMaxFileBytes = size_t{1} << 20;
constexpr mode_t kMode = S_IRUSR | S_IWUSR;

// How long another process's change is waited for.
constexpr int kLockTries = 500;
constexpr absl::Duration kBetweenTries = absl::Milliseconds(2);

// The key pair of a seed.
struct KeyPair {
  explicit KeyPair(absl::string_view seed) {
    InitializeCrypto().IgnoreError();
    crypto_sign_seed_keypair(
        public_key, secret_key,
        reinterpret_cast<const unsigned char*>(seed.data()));
  }
  std::string PublicBytes() const {
    return std::string(reinterpret_cast<const char*>(public_key),
                       sizeof(public_key));
  }

  unsigned char public_key[crypto_sign_PUBLICKEYBYTES];
  unsigned char secret_key[crypto_sign_SECRETKEYBYTES];
};

absl::StatusOr<SecretKey> KeyOfSeed(absl::string_view hex) {
  const std::string seed = absl::HexStringToBytes(hex);
  if (seed.size() != kSecretKeyBytes) {
    return absl::DataLossError("plain file: want a seed");
  }
  return SecretKey::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(seed.data()),
                          seed.size()),
      UnsafeSecretAccess::Get());
}

std::string ContextOf(absl::string_view entity, uint32_t epoch) {
  return absl::StrCat("plain file ", epoch, " ", entity);
}

absl::Status NoSuchEpoch() {
  return absl::NotFoundError("plain file: want an epoch's object, got none");
}

}  // namespace

absl::StatusOr<PlainFileProvider::Content> PlainFileProvider::Read() const {
  Content content;
  const absl::StatusOr<std::string> text = ReadFile(path_, kMaxFileBytes);
  if (absl::IsNotFound(text.status())) return content;
  if (!text.ok()) return text.status();
  for (const absl::string_view line :
       absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    uint64_t value = 0;
    uint32_t epoch = 0;
    int64_t created_at = 0;
    if (words.size() == 5 && words[0] == "epoch" &&
        absl::SimpleAtoi(words[2], &epoch) &&
        absl::SimpleAtoi(words[4], &created_at)) {
      content.epochs[{words[1], epoch}] = {words[3], created_at};
    } else if (words.size() == 3 && words[0] == "key") {
      content.keys[words[1]] = words[2];
    } else if (words.size() == 3 && words[0] == "anchor" &&
               absl::SimpleAtoi(words[2], &value)) {
      content.anchors[words[1]] = value;
    } else {
      return absl::DataLossError(absl::StrCat(path_, ": want its lines"));
    }
  }
  return content;
}

absl::Status PlainFileProvider::Change(
    absl::FunctionRef<absl::Status(Content*)> change) {
  const UniqueFd lock(open(absl::StrCat(path_, ".lock").c_str(),
                           O_RDWR | O_CREAT | O_CLOEXEC, kMode));
  if (lock.get() < 0) return ErrnoStatus(errno, path_);
  for (int tries = 0; flock(lock.get(), LOCK_EX | LOCK_NB) != 0; ++tries) {
    if (errno != EWOULDBLOCK) return ErrnoStatus(errno, path_);
    if (tries == kLockTries) {
      return absl::UnavailableError(absl::StrCat(path_, ": locked"));
    }
    absl::SleepFor(kBetweenTries);
  }
  SUBROSA_ASSIGN_OR_RETURN(Content content, Read());
  SUBROSA_RETURN_IF_ERROR(change(&content));
  std::string text;
  for (const auto& [name, epoch] : content.epochs) {
    absl::StrAppend(&text, "epoch ", name.first, " ", name.second, " ",
                    epoch.seed, " ", epoch.created_at, "\n");
  }
  for (const auto& [name, seed] : content.keys) {
    absl::StrAppend(&text, "key ", name, " ", seed, "\n");
  }
  for (const auto& [name, value] : content.anchors) {
    absl::StrAppend(&text, "anchor ", name, " ", value, "\n");
  }
  return ReplaceFile(path_, text, kMode);
}

absl::StatusOr<std::string> PlainFileProvider::ReadSeed(
    absl::string_view name) const {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  SUBROSA_ASSIGN_OR_RETURN(const Content content, Read());
  const auto found = content.keys.find(std::string(name));
  if (found == content.keys.end()) {
    return absl::NotFoundError("plain file: want a signing key, got none");
  }
  const std::string seed = absl::HexStringToBytes(found->second);
  if (seed.size() != crypto_sign_SEEDBYTES) {
    return absl::DataLossError(absl::StrCat(path_, ": want a seed"));
  }
  return seed;
}

absl::StatusOr<std::string> PlainFileProvider::CreateEpoch(
    absl::string_view entity, uint32_t epoch, absl::Time now) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  const std::string seed = absl::BytesToHexString(RandomBytes(kSecretKeyBytes));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey object, KeyOfSeed(seed));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey working, SecretKey::Random());
  SUBROSA_ASSIGN_OR_RETURN(std::string sealed,
                           WrapKey(object, working, ContextOf(entity, epoch)));
  SUBROSA_RETURN_IF_ERROR(Change([&](Content* content) {
    return content->epochs
                   .try_emplace({std::string(entity), epoch},
                                Epoch{seed, absl::ToUnixSeconds(now)})
                   .second
               ? absl::OkStatus()
               : absl::AlreadyExistsError("plain file: has this epoch");
  }));
  return sealed;
}

absl::StatusOr<SecretKey> PlainFileProvider::OpenEpoch(
    absl::string_view entity, uint32_t epoch,
    absl::string_view sealed_working_key) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  SUBROSA_ASSIGN_OR_RETURN(const Content content, Read());
  const auto found = content.epochs.find({std::string(entity), epoch});
  if (found == content.epochs.end()) return NoSuchEpoch();
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey object,
                           KeyOfSeed(found->second.seed));
  return UnwrapKey(object, sealed_working_key, ContextOf(entity, epoch));
}

absl::StatusOr<DestructionEvidence> PlainFileProvider::DestroyEpoch(
    absl::string_view entity, uint32_t epoch) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  SUBROSA_RETURN_IF_ERROR(Change([&](Content* content) {
    return content->epochs.erase({std::string(entity), epoch}) > 0
               ? absl::OkStatus()
               : NoSuchEpoch();
  }));
  DestructionEvidence evidence;
  evidence.provider = std::string(kind());
  evidence.facts = "file rewritten without the object";
  return evidence;
}

absl::StatusOr<std::vector<EpochObject>> PlainFileProvider::ListEpochs(
    absl::string_view entity) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("entity", entity));
  SUBROSA_ASSIGN_OR_RETURN(const Content content, Read());
  std::vector<EpochObject> objects;
  for (const auto& [name, epoch] : content.epochs) {
    if (name.first != entity) continue;
    objects.push_back(
        {name.first, name.second, absl::FromUnixSeconds(epoch.created_at)});
  }
  return objects;
}

absl::StatusOr<std::string> PlainFileProvider::CreateSigningKey(
    absl::string_view name) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  const std::string seed = RandomBytes(crypto_sign_SEEDBYTES);
  SUBROSA_RETURN_IF_ERROR(Change([&](Content* content) {
    return content->keys
                   .emplace(std::string(name), absl::BytesToHexString(seed))
                   .second
               ? absl::OkStatus()
               : absl::AlreadyExistsError("plain file: the name is taken");
  }));
  return KeyPair(seed).PublicBytes();
}

absl::StatusOr<std::string> PlainFileProvider::PublicKey(
    absl::string_view name) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string seed, ReadSeed(name));
  return KeyPair(seed).PublicBytes();
}

absl::StatusOr<std::string> PlainFileProvider::Sign(absl::string_view name,
                                                    absl::string_view message) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string seed, ReadSeed(name));
  const KeyPair pair(seed);
  std::string signature(kSignatureBytes, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()),
                       nullptr,
                       reinterpret_cast<const unsigned char*>(message.data()),
                       message.size(), pair.secret_key);
  return signature;
}

absl::Status PlainFileProvider::AdvanceAnchor(absl::string_view name,
                                              uint64_t value) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  return Change([&](Content* content) {
    uint64_t& anchor = content->anchors[std::string(name)];
    if (anchor > value) {
      return absl::FailedPreconditionError(
          "plain file: a larger value is remembered");
    }
    anchor = value;
    return absl::OkStatus();
  });
}

absl::StatusOr<uint64_t> PlainFileProvider::ReadAnchor(absl::string_view name) {
  SUBROSA_RETURN_IF_ERROR(CheckProviderName("name", name));
  SUBROSA_ASSIGN_OR_RETURN(const Content content, Read());
  const auto found = content.anchors.find(std::string(name));
  if (found == content.anchors.end()) {
    return absl::NotFoundError("plain file: want an anchor, got none");
  }
  return found->second;
}

}  // namespace subrosa
