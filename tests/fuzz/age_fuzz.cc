// Bytes from strangers, into everything that reads age: the first byte says
// what the rest is.
//
//   'f'  a whole file, binary or armored, for a fixed key and passphrase
//   'h'  a header: what parses serializes to the same bytes
//   'a'  armor: what decodes, encodes to the same text but for white space
//   'k'  a key in Bech32: what decodes, encodes to the same text
//   'p'  plaintext and edits of its payload: an edited file opens only if the
//        edits cancel out
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "src/crypto/age_armor.h"
#include "src/crypto/age_bech32.h"
#include "src/crypto/age_chunk.h"
#include "src/crypto/age_file_key.h"
#include "src/crypto/age_header.h"
#include "src/crypto/age_io.h"
#include "src/crypto/age_reader.h"
#include "src/crypto/age_recipient.h"
#include "src/crypto/age_scrypt.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

SecretBuffer Secret(absl::string_view text) {
  return *SecretBuffer::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                          text.size()),
      UnsafeSecretAccess::Get());
}

SecretBuffer FixedFileKey() { return Secret("sixteen bytes!!!"); }

// Opens every file that has the fixed file key.
class FixedIdentity : public AgeIdentity {
 public:
  absl::StatusOr<absl::optional<SecretBuffer>> Unwrap(
      absl::Span<const AgeStanza>) const override {
    return absl::make_optional(FixedFileKey());
  }
};

// The code of any answer must be one that the reader promises.
void CheckPromised(const absl::Status& status) {
  Check(status.ok() || absl::IsInvalidArgument(status) ||
        absl::IsPermissionDenied(status));
}

void ReadFile(absl::string_view file) {
  // The key that age_seeds.py encrypts to. It protects nothing.
  static const X25519Identity* const key = new X25519Identity(
      *X25519Identity::Parse(Secret("AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGW"
                                    "PUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG")));
  // A low bound on the work factor keeps hostile files cheap.
  static const ScryptIdentity* const passphrase =
      new ScryptIdentity(*ScryptIdentity::Create(Secret("rose"), 4));
  static const FixedIdentity* const fixed = new FixedIdentity;
  AgeReadOptions options;
  options.threads = 1;
  for (const AgeIdentity* identity :
       {static_cast<const AgeIdentity*>(key),
        static_cast<const AgeIdentity*>(passphrase),
        static_cast<const AgeIdentity*>(fixed)}) {
    StringSource source(file);
    std::string plaintext;
    StringSink sink(&plaintext);
    CheckPromised(AgeDecrypt(&source, {identity}, options, &sink));
  }
}

void ReadHeader(absl::string_view text) {
  const absl::StatusOr<AgeHeader> header = ParseAgeHeader(text);
  CheckPromised(header.status());
  if (header.ok()) Check(SerializeAgeHeader(*header) == text);
}

void ReadArmor(absl::string_view text) {
  if (text.empty()) return;
  // The second byte chooses how much is asked for at a time.
  const size_t step = 1 + static_cast<uint8_t>(text[0]);
  text.remove_prefix(1);
  StringSource source(text);
  ArmorSource armor(&source);
  std::string bytes;
  std::string part(step, '\0');
  for (;;) {
    const absl::StatusOr<size_t> got = armor.Read(absl::MakeSpan(part));
    CheckPromised(got.status());
    if (!got.ok()) return;
    if (*got == 0) break;
    bytes.append(part, 0, *got);
  }
  std::string again;
  StringSink out(&again);
  ArmorSink encoder(&out);
  Check(encoder.Append(bytes).ok() && encoder.Finish().ok());
  const std::string normal = absl::StrReplaceAll(text, {{"\r\n", "\n"}});
  Check(absl::StripAsciiWhitespace(again) ==
        absl::StripAsciiWhitespace(normal));
}

void ReadKey(absl::string_view text) {
  const absl::StatusOr<std::string> bytes = DecodeBech32("age", text);
  CheckPromised(bytes.status());
  if (bytes.ok()) {
    Check(EncodeBech32("age", *bytes) == absl::AsciiStrToLower(text));
  }
}

struct Edit {
  enum Kind { kFlip, kCut, kDropChunk, kRepeatChunk, kSwapChunks, kKinds };
  uint8_t kind;
  uint16_t at;
};

std::string SealWithFixedKey(absl::string_view plaintext) {
  const SecretBuffer file_key = FixedFileKey();
  AgeStanza stanza;
  stanza.arguments = {"fuzz"};
  std::string file =
      SerializeAgeHeader(*AuthenticateAgeHeader(file_key, {stanza}));
  const std::string nonce(kAgePayloadNonceBytes, 'n');
  file += nonce;
  AgeChunkCipher cipher = *AgeChunkCipher::Create(
      *DeriveAgePayloadKey(file_key, nonce), AgeChunkCipher::Direction::kSeal);
  for (uint64_t index = 0;; ++index) {
    std::string chunk(plaintext.substr(0, kAgeChunkBytes));
    const size_t size = chunk.size();
    plaintext.remove_prefix(size);
    chunk.resize(size + kAgeTagBytes);
    Check(cipher.Seal(index, plaintext.empty(), &chunk[0], size).ok());
    file += chunk;
    if (plaintext.empty()) return file;
  }
}

void Apply(const Edit& edit, size_t front, std::string* file) {
  const size_t payload = file->size() - front;
  if (payload == 0) return;
  const size_t chunk =
      edit.at % (payload / kAgeSealedChunkBytes + 1) * kAgeSealedChunkBytes;
  const std::string bytes = file->substr(front + chunk, kAgeSealedChunkBytes);
  switch (edit.kind % Edit::kKinds) {
    case Edit::kFlip:
      (*file)[front + edit.at % payload] ^= 1 << (edit.at % 8);
      break;
    case Edit::kCut:
      file->resize(file->size() - std::min<size_t>(edit.at, payload));
      break;
    case Edit::kDropChunk:
      file->erase(front + chunk, bytes.size());
      break;
    case Edit::kRepeatChunk:
      file->insert(front + chunk, bytes);
      break;
    case Edit::kSwapChunks:
      file->erase(front + chunk, bytes.size());
      file->append(bytes);
      break;
  }
}

void ReadEditedPayload(absl::string_view data) {
  // Two bytes: how many times the plaintext is repeated, and how many edits of
  // three bytes follow.
  if (data.size() < 2) return;
  const size_t repeats = 1 + static_cast<uint8_t>(data[0]);
  const size_t edits = static_cast<uint8_t>(data[1]) % 4;
  data.remove_prefix(2);
  if (data.size() < 3 * edits) return;
  const absl::string_view instructions = data.substr(0, 3 * edits);
  data.remove_prefix(3 * edits);
  std::string plaintext;
  for (size_t i = 0; i < repeats && plaintext.size() < 3 * kAgeChunkBytes;
       ++i) {
    plaintext.append(data.data(), data.size());
  }
  const std::string original = SealWithFixedKey(plaintext);
  const size_t front = original.find("\n---") + 1;
  std::string edited = original;
  for (size_t i = 0; i < instructions.size(); i += 3) {
    Edit edit;
    edit.kind = static_cast<uint8_t>(instructions[i]);
    edit.at =
        static_cast<uint16_t>(static_cast<uint8_t>(instructions[i + 1]) << 8 |
                              static_cast<uint8_t>(instructions[i + 2]));
    Apply(edit, front, &edited);
  }

  AgeReadOptions options;
  options.threads = 1;
  const FixedIdentity identity;
  StringSource source(edited);
  std::string opened;
  StringSink sink(&opened);
  const absl::Status status = AgeDecrypt(&source, {&identity}, options, &sink);
  CheckPromised(status);
  Check(status.ok() == (edited == original));
  // Even what is given before an error is what was written, from its start.
  Check(plaintext.compare(0, opened.size(), opened) == 0);
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const absl::string_view rest(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  switch (data[0]) {
    case 'f':
      subrosa::ReadFile(rest);
      break;
    case 'h':
      subrosa::ReadHeader(rest);
      break;
    case 'a':
      subrosa::ReadArmor(rest);
      break;
    case 'k':
      subrosa::ReadKey(rest);
      break;
    case 'p':
      subrosa::ReadEditedPayload(rest);
      break;
  }
  return 0;
}
