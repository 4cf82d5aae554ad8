#include "src/crypto/keyring_file.h"

#include <sodium.h>

#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"
#include "src/crypto/argon2id.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/committing_box.h"
#include "src/crypto/key_provider.h"
#include "src/crypto/keyed_hash.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

// The file: header, box, checksum.
constexpr char kMagic[] = {'S', 'B', 'R', 'K', 'E', 'Y', 'R', '1'};
constexpr uint8_t kArgon2id13 = 1;
constexpr size_t kKdfOffset = 8;
constexpr size_t kPassesOffset = 12;
constexpr size_t kMemoryOffset = 16;
constexpr size_t kSaltOffset = 20;
constexpr size_t kHeaderBytes = 36;
constexpr size_t kChecksumBytes = 32;

// The content: generation, count, entries.
constexpr size_t kContentHeaderBytes = 12;

constexpr uint32_t kLeastPasses = 2;
constexpr uint32_t kMostPasses = 16;
constexpr uint32_t kLeastMemoryKib = uint32_t{64} << 10;
constexpr uint32_t kMostMemoryKib = uint32_t{1} << 20;

absl::Span<const uint8_t> BytesOf(absl::string_view text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                             text.size());
}

void ChecksumOf(absl::Span<const uint8_t> bytes, uint8_t* checksum) {
  crypto_generichash_blake2b(checksum, kChecksumBytes, bytes.data(),
                             bytes.size(), nullptr, 0);
}

absl::Status CheckKdf(const KeyringKdf& kdf) {
  if (kdf.passes < kLeastPasses || kdf.passes > kMostPasses) {
    return absl::InvalidArgumentError(
        absl::StrCat("keyring.passes: want ", kLeastPasses, " to ", kMostPasses,
                     ", got ", kdf.passes));
  }
  if (kdf.memory_kib < kLeastMemoryKib || kdf.memory_kib > kMostMemoryKib) {
    return absl::InvalidArgumentError(
        absl::StrCat("keyring.memory: want ", kLeastMemoryKib, " to ",
                     kMostMemoryKib, " KiB, got ", kdf.memory_kib));
  }
  return absl::OkStatus();
}

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat(
      "keyring.", what, ": damaged: put back a good copy of the file"));
}

// Writes fields one after the other into a buffer that is large enough.
class Writer {
 public:
  explicit Writer(uint8_t* out) : out_(out) {}

  template <typename Integer>
  void Add(Integer value) {
    StoreBigEndian(value, out_);
    out_ += sizeof(value);
  }

  void AddBytes(const void* bytes, size_t size) {
    std::memcpy(out_, bytes, size);
    out_ += size;
  }

 private:
  uint8_t* out_;
};

// Reads fields one after the other; at the end of the bytes it fails.
class Reader {
 public:
  explicit Reader(absl::Span<const uint8_t> in) : in_(in) {}

  template <typename Integer>
  bool Take(Integer* value) {
    const uint8_t* bytes;
    if (!TakeBytes(sizeof(*value), &bytes)) return false;
    *value = LoadBigEndian<Integer>(bytes);
    return true;
  }

  bool TakeBytes(size_t size, const uint8_t** bytes) {
    if (in_.size() < size) return false;
    *bytes = in_.data();
    in_.remove_prefix(size);
    return true;
  }

  bool done() const { return in_.empty(); }

 private:
  absl::Span<const uint8_t> in_;
};

bool HasSecret(KeyringEntryKind kind) {
  return kind != KeyringEntryKind::kAnchor;
}

size_t SizeOf(const KeyringContent& content) {
  size_t size = kContentHeaderBytes;
  for (const auto& [name, entry] : content.entries) {
    size += 2 + name.name.size() + 4 + 8;
    if (HasSecret(name.kind)) size += kSecretKeyBytes;
  }
  return size;
}

void Write(const KeyringContent& content, uint8_t* out) {
  Writer writer(out);
  writer.Add(content.generation);
  writer.Add(static_cast<uint32_t>(content.entries.size()));
  for (const auto& [name, entry] : content.entries) {
    writer.Add(static_cast<uint8_t>(name.kind));
    writer.Add(static_cast<uint8_t>(name.name.size()));
    writer.AddBytes(name.name.data(), name.name.size());
    writer.Add(name.number);
    writer.Add(entry.value);
    if (HasSecret(name.kind)) {
      writer.AddBytes(entry.secret->Bytes(UnsafeSecretAccess::Get()),
                      kSecretKeyBytes);
    }
  }
}

// Reads one entry behind the last one of `content` and adds it.
absl::Status ReadEntry(Reader* reader, KeyringContent* content) {
  uint8_t kind;
  uint8_t name_size;
  const uint8_t* name_bytes;
  KeyringEntryName name;
  KeyringEntry entry;
  if (!reader->Take(&kind) || kind < 1 || kind > 3 ||
      !reader->Take(&name_size) || !reader->TakeBytes(name_size, &name_bytes) ||
      !reader->Take(&name.number) || !reader->Take(&entry.value)) {
    return Damaged("entries");
  }
  name.kind = static_cast<KeyringEntryKind>(kind);
  name.name.assign(reinterpret_cast<const char*>(name_bytes), name_size);
  const bool in_order =
      content->entries.empty() || content->entries.rbegin()->first < name;
  const bool right_number =
      name.number == 0 || name.kind == KeyringEntryKind::kEpochObject;
  if (!in_order || !right_number ||
      !CheckProviderName("name", name.name).ok()) {
    return Damaged("entries");
  }
  if (HasSecret(name.kind)) {
    const uint8_t* bytes;
    if (!reader->TakeBytes(kSecretKeyBytes, &bytes)) return Damaged("entries");
    SUBROSA_ASSIGN_OR_RETURN(
        SecretKey secret,
        SecretKey::FromBytes(absl::MakeConstSpan(bytes, kSecretKeyBytes),
                             UnsafeSecretAccess::Get()));
    entry.secret = std::move(secret);
  }
  content->entries.emplace_hint(content->entries.end(), std::move(name),
                                std::move(entry));
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckProviderName(absl::string_view field,
                               absl::string_view name) {
  bool printable = !name.empty() && name.size() <= kMaxProviderNameBytes;
  for (const char c : name) printable = printable && c > ' ' && c <= '~';
  if (printable) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      field, ": want 1 to ", kMaxProviderNameBytes,
      " bytes of printable ASCII without space, got ", name.size(), " bytes"));
}

absl::StatusOr<SecretKey> KeyringKeyOf(const SecretBuffer& passphrase,
                                       const KeyringKdf& kdf) {
  SUBROSA_RETURN_IF_ERROR(CheckKdf(kdf));
  uint8_t bytes[kSecretKeyBytes];
  if (!Argon2id(passphrase.Bytes(UnsafeSecretAccess::Get()), kdf.salt,
                {kdf.passes, kdf.memory_kib}, absl::MakeSpan(bytes))
           .ok()) {
    return absl::ResourceExhaustedError(
        absl::StrCat("keyring: want ", kdf.memory_kib >> 10,
                     " MiB of memory to try the passphrase, got less"));
  }
  absl::StatusOr<SecretKey> key =
      SecretKey::FromBytes(bytes, UnsafeSecretAccess::Get());
  sodium_memzero(bytes, sizeof(bytes));
  return key;
}

absl::StatusOr<std::string> SealKeyring(const SecretKey& key,
                                        const KeyringKdf& kdf,
                                        const KeyringContent& content) {
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer plaintext,
                           SerializeKeyringContent(content));
  std::string file(
      kHeaderBytes + kBoxOverheadBytes + plaintext.size() + kChecksumBytes,
      '\0');
  const absl::Span<uint8_t> bytes(reinterpret_cast<uint8_t*>(file.data()),
                                  file.size());
  std::memcpy(bytes.data(), kMagic, sizeof(kMagic));
  bytes[kKdfOffset] = kArgon2id13;
  StoreBigEndian(kdf.passes, bytes.data() + kPassesOffset);
  StoreBigEndian(kdf.memory_kib, bytes.data() + kMemoryOffset);
  std::memcpy(bytes.data() + kSaltOffset, kdf.salt.data(), kdf.salt.size());
  SUBROSA_RETURN_IF_ERROR(SealBox(
      key, kKeyringUse, absl::string_view(file.data(), kHeaderBytes),
      plaintext.Bytes(UnsafeSecretAccess::Get()),
      bytes.subspan(kHeaderBytes, kBoxOverheadBytes + plaintext.size())));
  const size_t checked = bytes.size() - kChecksumBytes;
  ChecksumOf(bytes.first(checked), bytes.data() + checked);
  return file;
}

absl::StatusOr<SecretBuffer> SerializeKeyringContent(
    const KeyringContent& content) {
  if (content.entries.size() > kMaxKeyringEntries) {
    return absl::ResourceExhaustedError(absl::StrCat("keyring: want at most ",
                                                     kMaxKeyringEntries,
                                                     " entries, got one more"));
  }
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer bytes,
                           SecretBuffer::Allocate(SizeOf(content)));
  Write(content, bytes.MutableBytes(UnsafeSecretAccess::Get()).data());
  return bytes;
}

absl::StatusOr<KeyringContent> ParseKeyringContent(
    absl::Span<const uint8_t> bytes) {
  Reader reader(bytes);
  KeyringContent content;
  uint32_t count;
  if (!reader.Take(&content.generation) || !reader.Take(&count) ||
      count > kMaxKeyringEntries) {
    return Damaged("entries");
  }
  for (uint32_t i = 0; i < count; ++i) {
    SUBROSA_RETURN_IF_ERROR(ReadEntry(&reader, &content));
  }
  if (!reader.done()) return Damaged("entries");
  return content;
}

absl::StatusOr<KeyringKdf> ParseKeyringKdf(absl::string_view file) {
  if (file.size() < sizeof(kMagic) ||
      std::memcmp(file.data(), kMagic, sizeof(kMagic)) != 0) {
    return absl::InvalidArgumentError(
        "keyring.magic: want `SBRKEYR1`, got other bytes: this is no keyring");
  }
  if (file.size() < kHeaderBytes + kBoxOverheadBytes + kContentHeaderBytes +
                        kChecksumBytes ||
      file.size() > kMaxKeyringFileBytes) {
    return Damaged("length");
  }
  const absl::Span<const uint8_t> bytes = BytesOf(file);
  const size_t checked = bytes.size() - kChecksumBytes;
  uint8_t checksum[kChecksumBytes];
  ChecksumOf(bytes.first(checked), checksum);
  if (std::memcmp(checksum, bytes.data() + checked, kChecksumBytes) != 0) {
    return Damaged("checksum");
  }
  constexpr uint8_t kScheme[kPassesOffset - kKdfOffset] = {kArgon2id13};
  if (std::memcmp(bytes.data() + kKdfOffset, kScheme, sizeof(kScheme)) != 0) {
    return absl::InvalidArgumentError(
        "keyring.kdf: want Argon2id (1), got one that this version does not "
        "know");
  }
  KeyringKdf kdf;
  kdf.passes = LoadBigEndian<uint32_t>(bytes.data() + kPassesOffset);
  kdf.memory_kib = LoadBigEndian<uint32_t>(bytes.data() + kMemoryOffset);
  std::memcpy(kdf.salt.data(), bytes.data() + kSaltOffset, kdf.salt.size());
  SUBROSA_RETURN_IF_ERROR(CheckKdf(kdf));
  return kdf;
}

absl::StatusOr<KeyringContent> OpenKeyring(const SecretKey& key,
                                           absl::string_view file) {
  SUBROSA_RETURN_IF_ERROR(ParseKeyringKdf(file).status());
  const absl::Span<const uint8_t> box = BytesOf(file).subspan(
      kHeaderBytes, file.size() - kHeaderBytes - kChecksumBytes);
  SUBROSA_ASSIGN_OR_RETURN(
      SecretBuffer plaintext,
      SecretBuffer::Allocate(box.size() - kBoxOverheadBytes));
  switch (OpenBox(key, kKeyringUse, file.substr(0, kHeaderBytes), box,
                  plaintext.MutableBytes(UnsafeSecretAccess::Get()))) {
    case BoxResult::kOpened:
      return ParseKeyringContent(plaintext.Bytes(UnsafeSecretAccess::Get()));
    case BoxResult::kNotCommitted:
      return absl::PermissionDeniedError(
          "keyring: want the passphrase that it was sealed with, got another: "
          "check the passphrase file");
    case BoxResult::kDamaged:
      return Damaged("content");
  }
  return Damaged("content");
}

}  // namespace subrosa
