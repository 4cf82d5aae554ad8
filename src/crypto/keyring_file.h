// The bytes of a keyring (docs/formats/keyring.md): sealing and opening its
// content, and turning a passphrase into its key. No file system here; that is
// keyring.h. For this room only.
#ifndef SUBROSA_SRC_CRYPTO_KEYRING_FILE_H_
#define SUBROSA_SRC_CRYPTO_KEYRING_FILE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

// Most epoch objects, signing keys and anchors in one keyring together.
inline constexpr size_t kMaxKeyringEntries = 10000;

// Longest keyring file that is read.
inline constexpr size_t kMaxKeyringFileBytes = size_t{2} << 20;

// How the passphrase becomes the file's key: Argon2id 1.3 with one lane.
struct KeyringKdf {
  uint32_t passes = 0;
  uint32_t memory_kib = 0;
  std::array<uint8_t, 16> salt = {};

  bool operator==(const KeyringKdf& other) const {
    return passes == other.passes && memory_kib == other.memory_kib &&
           salt == other.salt;
  }
};

enum class KeyringEntryKind : uint8_t {
  kEpochObject = 1,
  kSigningKey = 2,
  kAnchor = 3,
};

// What an entry is found by. `number` is the epoch of an epoch object, else 0.
struct KeyringEntryName {
  KeyringEntryKind kind;
  std::string name;
  uint32_t number = 0;

  bool operator<(const KeyringEntryName& other) const {
    return std::tie(kind, name, number) <
           std::tie(other.kind, other.name, other.number);
  }
};

struct KeyringEntry {
  uint64_t value = 0;               // Seconds since 1970 when it was made; an
                                    // anchor's value.
  std::optional<SecretKey> secret;  // None for an anchor.
};

struct KeyringContent {
  uint64_t generation = 0;  // Counts the file's changes.
  std::map<KeyringEntryName, KeyringEntry> entries;
};

// INVALID_ARGUMENT unless `name` is 1 to 128 bytes of printable ASCII without
// space.
absl::Status CheckProviderName(absl::string_view field, absl::string_view name);

// The key that `passphrase` gives. INVALID_ARGUMENT if `kdf` asks for less or
// more than 2 to 16 passes over 64 MiB to 1 GiB; RESOURCE_EXHAUSTED if that
// memory is not to be had.
absl::StatusOr<SecretKey> KeyringKeyOf(const SecretBuffer& passphrase,
                                       const KeyringKdf& kdf);

// The bytes that are sealed in the file, and back. Too many entries are
// RESOURCE_EXHAUSTED; bytes that are not written so are DATA_LOSS.
absl::StatusOr<SecretBuffer> SerializeKeyringContent(
    const KeyringContent& content);
absl::StatusOr<KeyringContent> ParseKeyringContent(
    absl::Span<const uint8_t> bytes);

// The file that holds `content`, whose entries have valid names.
absl::StatusOr<std::string> SealKeyring(const SecretKey& key,
                                        const KeyringKdf& kdf,
                                        const KeyringContent& content);

// Checks what can be checked without the passphrase. INVALID_ARGUMENT if `file`
// is no keyring or its parameters are out of bounds; DATA_LOSS if it is
// damaged.
absl::StatusOr<KeyringKdf> ParseKeyringKdf(absl::string_view file);

// Opens a file that ParseKeyringKdf accepts. PERMISSION_DENIED if it was sealed
// under another key; DATA_LOSS if what it holds is damaged.
absl::StatusOr<KeyringContent> OpenKeyring(const SecretKey& key,
                                           absl::string_view file);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_KEYRING_FILE_H_
