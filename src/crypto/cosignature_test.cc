#include "src/crypto/cosignature.h"

#include <sodium.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr char kText[] =
    "example.com/behind-the-sofa\n20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
constexpr absl::Time kAt = absl::FromUnixSeconds(1679315147);

// A key pair from a fixed seed.
struct CosigningKey {
  explicit CosigningKey(const std::string& name, char fill = 'w',
                        uint8_t type = kNoteTypeCosignature)
      : key(*NoteKey::Create(name, MakePair(fill), type)) {}

  std::string MakePair(char fill) {
    const std::string seed(crypto_sign_SEEDBYTES, fill);
    std::string bytes(crypto_sign_PUBLICKEYBYTES, '\0');
    crypto_sign_seed_keypair(reinterpret_cast<uint8_t*>(&bytes[0]), secret,
                             reinterpret_cast<const uint8_t*>(seed.data()));
    return bytes;
  }

  NoteSigner Function() const {
    return [this](absl::string_view message) -> absl::StatusOr<std::string> {
      std::string signature(crypto_sign_BYTES, '\0');
      crypto_sign_detached(reinterpret_cast<uint8_t*>(&signature[0]), nullptr,
                           reinterpret_cast<const uint8_t*>(message.data()),
                           message.size(), secret);
      return signature;
    };
  }

  uint8_t secret[crypto_sign_SECRETKEYBYTES];
  const NoteKey key;
};

TEST(CosignatureTest, ACosignatureSaysWhenTheWitnessSawTheText) {
  const CosigningKey witness("witness.example/w1");

  const absl::StatusOr<NoteSignature> signature = Cosign(
      kText, witness.key, kAt + absl::Milliseconds(999), witness.Function());

  ASSERT_TRUE(signature.ok()) << signature.status();
  EXPECT_EQ(signature->signature.size(), 72u);
  EXPECT_EQ(CosignedAt(witness.key, kText, *signature), kAt);
}

// Computed with Python's hashlib and cryptography from the specification.
TEST(CosignatureTest, ASecondImplementationWritesTheSameLine) {
  const CosigningKey witness("witness.example/w1");

  EXPECT_EQ(witness.key.ToString(),
            "witness.example/w1+773a6c12+"
            "BMhTrQ8M0rYZrqks7sT9VqJNZJnVhM55JX5Fz9gTm2Cn");
  EXPECT_EQ(SerializeNoteSignature(
                *Cosign(kText, witness.key, kAt, witness.Function())),
            "\xe2\x80\x94 witness.example/w1 "
            "dzpsEgAAAABkGFDL6xiGmErLsq1ZiG6Pv+2v7R2LxDMb3E0xUOlMZhVfeio17Yvz"
            "SuK5Tvl29yr3lLe3gojQsl//ImMZvd2sOnfjDQ==\n");
}

TEST(CosignatureTest, TimesFromTheFirstToTheLastAreKept) {
  const CosigningKey witness("witness.example/w1");
  for (const absl::Time at :
       {absl::UnixEpoch(), absl::FromUnixSeconds(1),
        absl::FromUnixSeconds(int64_t{0x7fffffffffffffff})}) {
    const absl::StatusOr<NoteSignature> signature =
        Cosign(kText, witness.key, at, witness.Function());
    ASSERT_TRUE(signature.ok()) << at;
    EXPECT_EQ(CosignedAt(witness.key, kText, *signature), at);
  }
}

TEST(CosignatureTest, AnyBitFlippedInACosignatureMakesItFalse) {
  const CosigningKey witness("witness.example/w1");
  NoteSignature signature =
      *Cosign(kText, witness.key, kAt, witness.Function());
  for (size_t bit = 0; bit < 8 * signature.signature.size(); ++bit) {
    signature.signature[bit / 8] ^= 1 << (bit % 8);
    EXPECT_FALSE(CosignedAt(witness.key, kText, signature).has_value()) << bit;
    signature.signature[bit / 8] ^= 1 << (bit % 8);
  }
}

TEST(CosignatureTest, ACosignatureIsOfOneTextByOneKey) {
  const CosigningKey witness("witness.example/w1");
  const CosigningKey same_name("witness.example/w1", 'x');
  const NoteSignature signature =
      *Cosign(kText, witness.key, kAt, witness.Function());

  EXPECT_FALSE(CosignedAt(witness.key, "another text\n", signature));
  EXPECT_FALSE(CosignedAt(same_name.key, kText, signature));
  NoteSignature claimed = signature;
  claimed.key_id = same_name.key.id();
  EXPECT_FALSE(CosignedAt(same_name.key, kText, claimed));
  claimed = signature;
  claimed.name = "witness.example/w2";
  EXPECT_FALSE(CosignedAt(witness.key, kText, claimed));
}

TEST(CosignatureTest, ACosignatureOfAnotherLengthIsFalse) {
  const CosigningKey witness("witness.example/w1");
  const NoteSignature signature =
      *Cosign(kText, witness.key, kAt, witness.Function());
  for (const std::string& bytes :
       {std::string(), signature.signature.substr(8),
        signature.signature.substr(0, 71), signature.signature + '\0'}) {
    NoteSignature cut = signature;
    cut.signature = bytes;
    EXPECT_FALSE(CosignedAt(witness.key, kText, cut)) << bytes.size();
  }
}

TEST(CosignatureTest, ANotesSignatureIsNoCosignatureNorTheOtherWayRound) {
  const CosigningKey witness("witness.example/w1");
  const CosigningKey log("witness.example/w1", 'w', kNoteTypeEd25519);
  const NoteSignature cosignature =
      *Cosign(kText, witness.key, kAt, witness.Function());
  const Note note = *ParseNote(*SignNote(kText, log.key, log.Function()));

  EXPECT_FALSE(CosignedAt(log.key, kText, cosignature));
  EXPECT_FALSE(CosignedAt(witness.key, kText, note.signatures[0]));
  EXPECT_FALSE(IsSignedBy(witness.key, kText, cosignature));
  EXPECT_TRUE(absl::IsInvalidArgument(
      Cosign(kText, log.key, kAt, log.Function()).status()));
}

TEST(CosignatureTest, ATimeBefore1970OrATextThatIsNoneIsNotCosigned) {
  const CosigningKey witness("witness.example/w1");
  for (const absl::Time at :
       {absl::UnixEpoch() - absl::Seconds(1), absl::InfinitePast()}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        Cosign(kText, witness.key, at, witness.Function()).status()));
  }
  for (const char* text : {"", "no newline", "a\tb\n"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        Cosign(text, witness.key, kAt, witness.Function()).status()));
  }
}

TEST(CosignatureTest, ASignerThatFailsOrHoldsAnotherKeyGivesNoCosignature) {
  const CosigningKey witness("witness.example/w1");
  const CosigningKey other("witness.example/w1", 'x');
  const NoteSigner unplugged = [](absl::string_view) {
    return absl::StatusOr<std::string>(absl::UnavailableError("no token"));
  };

  EXPECT_TRUE(
      absl::IsUnavailable(Cosign(kText, witness.key, kAt, unplugged).status()));
  EXPECT_TRUE(absl::IsInternal(
      Cosign(kText, witness.key, kAt, other.Function()).status()));
}

}  // namespace
}  // namespace subrosa
