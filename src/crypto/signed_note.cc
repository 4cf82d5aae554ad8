#include "src/crypto/signed_note.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "src/base/status_macros.h"
#include "src/crypto/base64.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/signed_note_text.h"

namespace subrosa {
namespace {

// An em dash and a space.
constexpr absl::string_view kSignatureStart = "\xe2\x80\x94 ";
constexpr size_t kKeyIdBytes = 4;

const uint8_t* Bytes(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

absl::Status Malformed(absl::string_view where, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("note", where, ": ", what));
}

uint32_t KeyId(absl::string_view name, uint8_t type,
               absl::string_view public_key) {
  const std::string input = absl::StrCat(
      name, "\n", absl::string_view(reinterpret_cast<const char*>(&type), 1),
      public_key);
  uint8_t digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, Bytes(input), input.size());
  return LoadBigEndian<uint32_t>(digest);
}

absl::StatusOr<NoteSignature> ParseSignatureLine(absl::string_view line,
                                                 const std::string& where) {
  if (!absl::ConsumePrefix(&line, kSignatureStart)) {
    return Malformed(where, "want a line that starts with an em dash");
  }
  const size_t space = line.find(' ');
  if (space == absl::string_view::npos || !IsNoteName(line.substr(0, space))) {
    return Malformed(where, "want a key name and a signature");
  }
  const absl::optional<std::string> bytes =
      DecodeBase64(line.substr(space + 1), Base64Padding::kEquals);
  if (!bytes.has_value() || bytes->size() <= kKeyIdBytes) {
    return Malformed(where, "want a key id and signature in canonical base64");
  }
  NoteSignature signature;
  signature.name = std::string(line.substr(0, space));
  signature.key_id = LoadBigEndian<uint32_t>(Bytes(*bytes));
  signature.signature = bytes->substr(kKeyIdBytes);
  return signature;
}

}  // namespace

NoteKey::NoteKey(absl::string_view name, uint8_t type,
                 absl::string_view public_key)
    : name_(name), type_(type), id_(KeyId(name, type, public_key)) {
  std::copy(public_key.begin(), public_key.end(), public_key_.begin());
}

absl::StatusOr<NoteKey> NoteKey::Create(absl::string_view name,
                                        absl::string_view public_key,
                                        uint8_t type) {
  if (!IsNoteName(name)) {
    return Malformed(
        ".key.name",
        absl::StrCat("want 1 to ", kNoteNameMaxBytes,
                     " bytes of UTF-8 without spaces or plus signs"));
  }
  if (public_key.size() != crypto_sign_PUBLICKEYBYTES) {
    return Malformed(".key.public_key",
                     absl::StrCat("want ", crypto_sign_PUBLICKEYBYTES,
                                  " bytes, got ", public_key.size()));
  }
  if (type != kNoteTypeEd25519 && type != kNoteTypeCosignature) {
    return Malformed(".key.type", absl::StrCat("want 1 or 4, got ", type));
  }
  return NoteKey(name, type, public_key);
}

absl::StatusOr<NoteKey> NoteKey::Parse(absl::string_view vkey) {
  // The base64 may hold plus signs, the name none.
  const size_t name_end = vkey.find('+');
  const size_t id_end = name_end == absl::string_view::npos
                            ? name_end
                            : vkey.find('+', name_end + 1);
  if (id_end == absl::string_view::npos || id_end - name_end != 9) {
    return Malformed(".key", "want name+id+key, the id of 8 digits");
  }
  const absl::string_view name = vkey.substr(0, name_end);
  const absl::optional<std::string> bytes =
      DecodeBase64(vkey.substr(id_end + 1), Base64Padding::kEquals);
  if (!bytes.has_value() || bytes->empty()) {
    return Malformed(".key", "want type and key in canonical base64");
  }
  SUBROSA_ASSIGN_OR_RETURN(
      NoteKey key,
      Create(name, bytes->substr(1), static_cast<uint8_t>(bytes->front())));
  if (key.ToString() != vkey) {
    return Malformed(".key.id", "want the id of this name and key");
  }
  return key;
}

std::string NoteKey::ToString() const {
  std::string bytes(1, static_cast<char>(type_));
  bytes.append(public_key_.begin(), public_key_.end());
  return absl::StrCat(name_, "+", absl::StrFormat("%08x", id_), "+",
                      EncodeBase64(bytes, Base64Padding::kEquals));
}

absl::StatusOr<std::string> SignNote(absl::string_view text, const NoteKey& key,
                                     const NoteSigner& signer) {
  SUBROSA_RETURN_IF_ERROR(CheckNoteText(text));
  NoteSignature signature;
  signature.name = key.name();
  signature.key_id = key.id();
  SUBROSA_ASSIGN_OR_RETURN(signature.signature, signer(text));
  if (!IsSignedBy(key, text, signature)) {
    return absl::InternalError(
        "note.signature: want one by the named key, got another");
  }
  return SerializeNote(Note{std::string(text), {std::move(signature)}});
}

std::string SerializeNote(const Note& note) {
  std::string out = absl::StrCat(note.text, "\n");
  for (const NoteSignature& signature : note.signatures) {
    absl::StrAppend(&out, SerializeNoteSignature(signature));
  }
  return out;
}

std::string SerializeNoteSignature(const NoteSignature& signature) {
  const BigEndianBytes<uint32_t> id(signature.key_id);
  return absl::StrCat(kSignatureStart, signature.name, " ",
                      EncodeBase64(absl::StrCat(id.view(), signature.signature),
                                   Base64Padding::kEquals),
                      "\n");
}

absl::StatusOr<Note> ParseNote(absl::string_view note) {
  if (note.size() > kNoteMaxBytes) {
    return Malformed("", absl::StrCat("want at most ", kNoteMaxBytes,
                                      " bytes, got ", note.size()));
  }
  SUBROSA_RETURN_IF_ERROR(CheckNoteText(note));
  // The last empty line: the text may hold others.
  const size_t end = note.rfind("\n\n");
  if (end == absl::string_view::npos) {
    return Malformed("", "want an empty line before the signatures");
  }
  Note parsed;
  parsed.text = std::string(note.substr(0, end + 1));
  absl::string_view rest = note.substr(end + 2);
  while (!rest.empty()) {
    const size_t count = parsed.signatures.size();
    if (count == kNoteMaxSignatures) {
      return Malformed(".signatures",
                       absl::StrCat("want at most ", kNoteMaxSignatures));
    }
    const size_t newline = rest.find('\n');
    SUBROSA_ASSIGN_OR_RETURN(
        NoteSignature signature,
        ParseSignatureLine(rest.substr(0, newline),
                           absl::StrCat(".signatures[", count, "]")));
    parsed.signatures.push_back(std::move(signature));
    rest.remove_prefix(newline + 1);
  }
  if (parsed.signatures.empty()) {
    return Malformed(".signatures", "want at least 1, got 0");
  }
  return parsed;
}

bool IsSignedBy(const NoteKey& key, absl::string_view text,
                const NoteSignature& signature) {
  return key.type() == kNoteTypeEd25519 && signature.name == key.name() &&
         signature.key_id == key.id() &&
         signature.signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(Bytes(signature.signature), Bytes(text),
                                     text.size(), key.public_key().data()) == 0;
}

absl::StatusOr<std::string> OpenNote(absl::string_view note,
                                     absl::Span<const NoteKey> keys) {
  SUBROSA_ASSIGN_OR_RETURN(Note parsed, ParseNote(note));
  bool verified = false;
  for (size_t i = 0; i < parsed.signatures.size(); ++i) {
    const NoteSignature& signature = parsed.signatures[i];
    for (const NoteKey& key : keys) {
      if (key.type() != kNoteTypeEd25519 || key.name() != signature.name ||
          key.id() != signature.key_id) {
        continue;
      }
      if (!IsSignedBy(key, parsed.text, signature)) {
        return Malformed(absl::StrCat(".signatures[", i, "]"),
                         "want a signature of this text, got another");
      }
      verified = true;
    }
  }
  if (!verified) {
    return absl::PermissionDeniedError(
        absl::StrCat("note.signatures: want one by a known key, got ",
                     parsed.signatures.size(), " by others"));
  }
  return std::move(parsed.text);
}

}  // namespace subrosa
