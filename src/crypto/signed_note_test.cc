#include "src/crypto/signed_note.h"

#include <sodium.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr char kText[] = "subrosa export\nrecipient: age1...\n\nlast\n";

// A key pair from a fixed seed.
struct Signer {
  explicit Signer(const std::string& name, char fill = 's') {
    const std::string seed(crypto_sign_SEEDBYTES, fill);
    std::string bytes(crypto_sign_PUBLICKEYBYTES, '\0');
    crypto_sign_seed_keypair(reinterpret_cast<uint8_t*>(&bytes[0]), secret,
                             reinterpret_cast<const uint8_t*>(seed.data()));
    keys.push_back(*NoteKey::Create(name, bytes));
  }

  const NoteKey& key() const { return keys.front(); }

  NoteSigner Function() const {
    return [this](absl::string_view message) -> absl::StatusOr<std::string> {
      std::string signature(crypto_sign_BYTES, '\0');
      crypto_sign_detached(reinterpret_cast<uint8_t*>(&signature[0]), nullptr,
                           reinterpret_cast<const uint8_t*>(message.data()),
                           message.size(), secret);
      return signature;
    };
  }

  std::string Sign(const std::string& text) const {
    return *SignNote(text, key(), Function());
  }

  std::vector<NoteKey> keys;
  uint8_t secret[crypto_sign_SECRETKEYBYTES];
};

TEST(SignedNoteTest, ASignedNoteOpensToItsText) {
  const Signer anna("example.org/exports");

  const std::string note = anna.Sign(kText);

  EXPECT_EQ(OpenNote(note, anna.keys).value(), kText);
  EXPECT_TRUE(absl::StartsWith(
      note, absl::StrCat(kText, "\n\xe2\x80\x94 example.org/exports ")));
}

// Computed with Python's hashlib and cryptography from the specification.
TEST(SignedNoteTest, ASecondImplementationWritesTheSameKeyAndNote) {
  const Signer anna("example.org/exports");

  EXPECT_EQ(anna.key().ToString(),
            "example.org/exports+5560bd25+Af7BQoZz9q/"
            "okmSzgHNErosmnRJaUDhVICaH21pxKFef");
  EXPECT_EQ(anna.Sign("under the rose\n"),
            "under the rose\n\n\xe2\x80\x94 example.org/exports "
            "VWC9JRNliVBChiqzP2Id5TAP/PEDptR3jxbSHKqUxwfe84RvcT"
            "vWa+KqCzR/I2BcIEkFLz8REuWDaklEEE97Nbi+gQ0=\n");
}

TEST(SignedNoteTest, AVerifierKeyIsReadAsItIsWritten) {
  const Signer anna("example.org/exports");
  const std::string vkey = anna.key().ToString();

  const absl::StatusOr<NoteKey> key = NoteKey::Parse(vkey);

  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->ToString(), vkey);
  EXPECT_EQ(key->id(), anna.key().id());
  EXPECT_TRUE(OpenNote(anna.Sign(kText), {*key}).ok());
}

TEST(SignedNoteTest, AKeyIsMadeForAKindOfSignatureThatIsKnown) {
  const std::string public_key(32, 'p');

  EXPECT_EQ(
      NoteKey::Create("a.example", public_key, kNoteTypeCosignature)->type(),
      kNoteTypeCosignature);
  EXPECT_NE(
      NoteKey::Create("a.example", public_key, kNoteTypeCosignature)->id(),
      NoteKey::Create("a.example", public_key)->id());
  for (const uint8_t type : {0, 2, 3, 5, 6, 255}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        NoteKey::Create("a.example", public_key, type).status()));
  }
}

TEST(SignedNoteTest, ANoteIsWrittenAsItWasRead) {
  const Signer anna("example.org/exports");
  const std::string note = anna.Sign(kText);

  const Note parsed = *ParseNote(note);

  EXPECT_EQ(parsed.text, kText);
  ASSERT_EQ(parsed.signatures.size(), 1u);
  EXPECT_EQ(parsed.signatures[0].key_id, anna.key().id());
  EXPECT_EQ(SerializeNote(parsed), note);
}

TEST(SignedNoteTest, OneKnownSignatureAmongOthersIsEnough) {
  const Signer anna("example.org/exports");
  const Signer stranger("elsewhere.org", 'x');
  Note note = *ParseNote(anna.Sign(kText));
  note.signatures.insert(note.signatures.begin(),
                         ParseNote(stranger.Sign(kText))->signatures[0]);

  EXPECT_TRUE(OpenNote(SerializeNote(note), anna.keys).ok());
}

TEST(SignedNoteTest, ANoteThatNoKnownKeySignedIsDenied) {
  const Signer anna("example.org/exports");
  const Signer same_name("example.org/exports", 'x');

  const absl::Status status =
      OpenNote(anna.Sign(kText), same_name.keys).status();

  EXPECT_TRUE(absl::IsPermissionDenied(status));
  EXPECT_TRUE(
      absl::IsPermissionDenied(OpenNote(anna.Sign(kText), {}).status()));
}

TEST(SignedNoteTest, EveryBitFlippedInANoteIsNoticed) {
  const Signer anna("example.org/exports");
  std::string note = anna.Sign("under the rose\n");
  for (size_t bit = 0; bit < 8 * note.size(); ++bit) {
    note[bit / 8] ^= 1 << (bit % 8);
    const absl::Status status = OpenNote(note, anna.keys).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status) ||
                absl::IsPermissionDenied(status))
        << bit << " " << status;
    note[bit / 8] ^= 1 << (bit % 8);
  }
}

TEST(SignedNoteTest, AFalseSignatureInAKnownNameIsRefusedBesideATrueOne) {
  const Signer anna("example.org/exports");
  Note note = *ParseNote(anna.Sign(kText));
  note.signatures.push_back(note.signatures[0]);
  note.signatures[1].signature[5] ^= 1;

  const absl::Status status = OpenNote(SerializeNote(note), anna.keys).status();

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(),
            "note.signatures[1]: want a signature of this text, got another");
}

TEST(SignedNoteTest, AMalformedNoteIsRefusedWithWhatWasWanted) {
  const Signer anna("example.org/exports");
  const std::string note = anna.Sign("text\n");
  const auto changed = [&](const char* from, const std::string& to) {
    return absl::StrReplaceAll(note, {{from, to}});
  };
  std::string many = note;
  const std::string line = note.substr(note.find("\n\n") + 2);
  for (int i = 0; i < 100; ++i) many += line;
  const struct {
    std::string note;
    const char* wanted;
  } kCases[] = {
      {"", "note.text: want a newline at the end"},
      {"text", "note.text: want a newline at the end"},
      {"text\n", "note: want an empty line before the signatures"},
      {"text\n\n", "note.signatures: want at least 1, got 0"},
      {note.substr(0, note.size() - 1), "want a newline at the end"},
      {changed("text", "te\rxt"), "want UTF-8 without control characters"},
      {changed("text", std::string("te\0xt", 5)), "another byte at 2"},
      {changed("text", "te\xc0\x80"), "another byte at 2"},
      {changed("text", "te\xed\xa0\x80"), "another byte at 2"},
      {changed("text", "te\xf4\x90\x80\x80"), "another byte at 2"},
      {changed("text", "te\xe2\x80"), "another byte at 2"},
      {changed("\xe2\x80\x94", "-"), "signatures[0]: want a line that starts"},
      {changed("example.org", "exa+mple"), "signatures[0]: want a key name"},
      {changed("example.org", "exa\xe2\x80\x83mple"), "want a key name"},
      {changed("exports ", "exports  "), "in canonical base64"},
      {changed("=\n", "\n"), "in canonical base64"},
      {"text\n\n\xe2\x80\x94 name AAAAAA==\n", "in canonical base64"},
      {"text\n\n\xe2\x80\x94 name\n", "want a key name and a signature"},
      {many, "note.signatures: want at most 100"},
      {std::string(kNoteMaxBytes + 1, '\n'), "note: want at most 1048576"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = ParseNote(c.note).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.wanted;
    EXPECT_TRUE(absl::StrContains(status.message(), c.wanted)) << status;
  }
}

TEST(SignedNoteTest, AMalformedKeyIsRefusedWithWhatWasWanted) {
  const Signer anna("example.org/exports");
  const std::string vkey = anna.key().ToString();
  const struct {
    std::string vkey;
    const char* wanted;
  } kCases[] = {
      {"", "note.key: want name+id+key"},
      {"name", "note.key: want name+id+key"},
      {"name+0123456+AAAA", "note.key: want name+id+key"},
      {"name+01234567+", "note.key: want type and key in canonical base64"},
      {"name+01234567+A*AA", "note.key: want type and key in canonical base64"},
      {"+01234567+AQAA", "note.key.name: want 1 to 255 bytes"},
      {"na me+01234567+AQAA", "note.key.name: want 1 to 255 bytes"},
      {"name+01234567+AQAA", "note.key.public_key: want 32 bytes, got 2"},
      {absl::StrReplaceAll(vkey, {{"+", "x+"}}), "note.key"},
      {absl::StrReplaceAll(vkey, {{"example", "Example"}}),
       "note.key.id: want the id of this name and key"},
      {absl::StrReplaceAll(vkey, {{"+A", "+Z"}}), "note.key.type: want 1 or 4"},
      {vkey + "AAAA", "note.key"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = NoteKey::Parse(c.vkey).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.vkey;
    EXPECT_TRUE(absl::StrContains(status.message(), c.wanted)) << status;
  }
}

TEST(SignedNoteTest, TextThatCannotBeANoteIsNotSigned) {
  const Signer anna("example.org/exports");
  for (const char* text : {"", "no newline", "a\tb\n", "\xff\n"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        SignNote(text, anna.key(), anna.Function()).status()));
  }
}

TEST(SignedNoteTest, ASignerThatFailsOrHoldsAnotherKeyGivesNoNote) {
  const Signer anna("example.org/exports");
  const Signer boris("example.org/exports", 'x');
  const NoteSigner unplugged = [](absl::string_view) {
    return absl::StatusOr<std::string>(absl::UnavailableError("no token"));
  };

  EXPECT_TRUE(
      absl::IsUnavailable(SignNote(kText, anna.key(), unplugged).status()));
  EXPECT_TRUE(
      absl::IsInternal(SignNote(kText, anna.key(), boris.Function()).status()));
}

}  // namespace
}  // namespace subrosa
