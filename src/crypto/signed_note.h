// Signed notes (C2SP signed-note): a text, and under it one line per signature.
// Manifests of exports and checkpoints of the audit log are signed notes, so
// that anyone can check them with tools that exist.
//
//   <text, ends in a newline>
//   <empty line>
//   — <key name> <base64 of key id and signature>
//
// Thread-safe: concurrent const calls are safe. Nothing here is secret: the
// private key stays with whoever signs (a KeyProvider).
//
// Security: a verified note says that the key's holder signed exactly this
// text. It does not say when, nor for whom: the text has to.
#ifndef SUBROSA_SRC_CRYPTO_SIGNED_NOTE_H_
#define SUBROSA_SRC_CRYPTO_SIGNED_NOTE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace subrosa {

inline constexpr size_t kNoteMaxBytes = 1 << 20;
inline constexpr size_t kNoteMaxSignatures = 100;

// Signature types of the specification.
inline constexpr uint8_t kNoteTypeEd25519 = 0x01;
inline constexpr uint8_t kNoteTypeCosignature = 0x04;

// The public side of a key that signs notes.
class NoteKey {
 public:
  // `name` is 1 to 255 bytes of UTF-8 without white space, control characters
  // or "+"; by custom a URL without its scheme, such as "example.org/exports".
  // `public_key` has 32 bytes; `type` is one of the two above.
  // INVALID_ARGUMENT says what is wrong.
  static absl::StatusOr<NoteKey> Create(absl::string_view name,
                                        absl::string_view public_key,
                                        uint8_t type = kNoteTypeEd25519);

  // Parses a vkey, "name+hexadecimal id+base64 of type and key".
  // INVALID_ARGUMENT says what is wrong, the id not being the key's included.
  static absl::StatusOr<NoteKey> Parse(absl::string_view vkey);

  std::string ToString() const;

  const std::string& name() const { return name_; }
  uint8_t type() const { return type_; }
  const std::array<uint8_t, 32>& public_key() const { return public_key_; }

  // The first 4 bytes of SHA-256(name || 0x0A || type || public key), read as
  // a big-endian number. Tells keys of one name apart; proves nothing.
  uint32_t id() const { return id_; }

 private:
  NoteKey(absl::string_view name, uint8_t type, absl::string_view public_key);

  std::string name_;
  uint8_t type_;
  std::array<uint8_t, 32> public_key_;
  uint32_t id_;
};

// One signature line, decoded.
struct NoteSignature {
  std::string name;
  uint32_t key_id = 0;
  std::string signature;
};

// A note taken apart; nothing is verified.
struct Note {
  std::string text;
  std::vector<NoteSignature> signatures;
};

// Returns the Ed25519 signature (64 bytes) of a message. Bound to one key:
//   [&](absl::string_view m) { return provider.Sign("exports", m); }
using NoteSigner =
    std::function<absl::StatusOr<std::string>(absl::string_view message)>;

// Returns the note of `text`, signed by `key`'s private side through `signer`.
//
// INVALID_ARGUMENT if `text` is not valid UTF-8, has a control character other
// than the newline, or does not end in one; INTERNAL if what `signer` returns
// is not a signature by `key`; errors of `signer`.
absl::StatusOr<std::string> SignNote(absl::string_view text, const NoteKey& key,
                                     const NoteSigner& signer);

// Takes a note apart. INVALID_ARGUMENT ("note...: ...") if it is malformed or
// over the bounds above. What parses serializes to the same bytes.
absl::StatusOr<Note> ParseNote(absl::string_view note);
std::string SerializeNote(const Note& note);

// The line of `signature` in a note, with its newline.
std::string SerializeNoteSignature(const NoteSignature& signature);

// Whether `signature` is by `key`, of type kNoteTypeEd25519, over `text`.
bool IsSignedBy(const NoteKey& key, absl::string_view text,
                const NoteSignature& signature);

// Returns the text of `note` once one of `keys` (of type kNoteTypeEd25519) has
// verified it. Signatures by unknown keys are ignored.
//
// INVALID_ARGUMENT if the note is malformed or carries a false signature in the
// name and id of a known key; PERMISSION_DENIED if no known key signed it.
absl::StatusOr<std::string> OpenNote(absl::string_view note,
                                     absl::Span<const NoteKey> keys);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SIGNED_NOTE_H_
