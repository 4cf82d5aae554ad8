// Bytes from strangers, into the readers of signed notes: the first byte says
// what the rest is.
//
//   'n'  a note: what parses serializes to the same bytes
//   'k'  a verifier key: what parses is written as it was read
//   't'  a text: what may be signed, opens to the same text, and not with one
//        bit changed
#include <sodium.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

// A key pair from a fixed seed. It protects nothing.
struct Signer {
  Signer() {
    const uint8_t seed[crypto_sign_SEEDBYTES] = {'s'};
    crypto_sign_seed_keypair(public_key, secret, seed);
  }
  NoteKey Key() const {
    return *NoteKey::Create(
        "example.org/fuzz",
        absl::string_view(reinterpret_cast<const char*>(public_key),
                          sizeof(public_key)));
  }
  absl::StatusOr<std::string> Sign(absl::string_view text) const {
    return SignNote(text, Key(), [this](absl::string_view message) {
      std::string signature(crypto_sign_BYTES, '\0');
      crypto_sign_detached(reinterpret_cast<uint8_t*>(&signature[0]), nullptr,
                           reinterpret_cast<const uint8_t*>(message.data()),
                           message.size(), secret);
      return absl::StatusOr<std::string>(signature);
    });
  }

  uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
  uint8_t secret[crypto_sign_SECRETKEYBYTES];
};

void ReadNote(const Signer& signer, absl::string_view note) {
  const absl::StatusOr<Note> parsed = ParseNote(note);
  Check(parsed.ok() || absl::IsInvalidArgument(parsed.status()));
  if (parsed.ok()) Check(SerializeNote(*parsed) == note);
  const absl::Status opened = OpenNote(note, {signer.Key()}).status();
  Check(opened.ok() || absl::IsInvalidArgument(opened) ||
        absl::IsPermissionDenied(opened));
}

void ReadKey(absl::string_view vkey) {
  const absl::StatusOr<NoteKey> key = NoteKey::Parse(vkey);
  Check(key.ok() || absl::IsInvalidArgument(key.status()));
  if (key.ok()) Check(key->ToString() == vkey);
}

void SignText(const Signer& signer, absl::string_view text) {
  absl::StatusOr<std::string> note = signer.Sign(text);
  Check(note.ok() || absl::IsInvalidArgument(note.status()));
  // The longest texts leave no room for a signature.
  if (!note.ok() || note->size() > kNoteMaxBytes) return;
  Check(*OpenNote(*note, {signer.Key()}) == text);
  (*note)[text.size() % note->size()] ^= 1;
  Check(!OpenNote(*note, {signer.Key()}).ok());
  (*note)[text.size() / 2] ^= 1;
  Check(!OpenNote(*note, {signer.Key()}).ok());
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const signer = new subrosa::Signer;
  if (size == 0) return 0;
  const absl::string_view rest(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  switch (data[0]) {
    case 'n':
      subrosa::ReadNote(*signer, rest);
      break;
    case 'k':
      subrosa::ReadKey(rest);
      break;
    case 't':
      subrosa::SignText(*signer, rest);
      break;
  }
  return 0;
}
