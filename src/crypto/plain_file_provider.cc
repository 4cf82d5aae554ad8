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
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/crypto_init.h"
#include "src/crypto/random_bytes.h"

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

absl::Status NoEpochs() {
  return absl::UnimplementedError("plain file: keeps no epochs");
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
    if (words.size() == 3 && words[0] == "key") {
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

absl::StatusOr<std::string> PlainFileProvider::CreateEpoch(absl::string_view,
                                                           uint32_t,
                                                           absl::Time) {
  return NoEpochs();
}

absl::StatusOr<SecretKey> PlainFileProvider::OpenEpoch(absl::string_view,
                                                       uint32_t,
                                                       absl::string_view) {
  return NoEpochs();
}

absl::StatusOr<DestructionEvidence> PlainFileProvider::DestroyEpoch(
    absl::string_view, uint32_t) {
  return NoEpochs();
}

absl::StatusOr<std::vector<EpochObject>> PlainFileProvider::ListEpochs(
    absl::string_view) {
  return NoEpochs();
}

absl::StatusOr<std::string> PlainFileProvider::CreateSigningKey(
    absl::string_view name) {
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
  SUBROSA_ASSIGN_OR_RETURN(const Content content, Read());
  const auto found = content.anchors.find(std::string(name));
  if (found == content.anchors.end()) {
    return absl::NotFoundError("plain file: want an anchor, got none");
  }
  return found->second;
}

}  // namespace subrosa
