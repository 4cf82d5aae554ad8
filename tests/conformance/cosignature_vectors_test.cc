// cosignature_vectors.json, which a program without any code of ours made from
// C2SP tlog-cosignature, against our own cosignatures.
#include <simdjson.h>
#include <sodium.h>

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/crypto/cosignature.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

using simdjson::dom::element;

std::string Text(const element& object, const char* name) {
  return std::string(std::string_view(object[name]));
}

// The signature in the vector's line, read as part of a note.
NoteSignature LineOf(const element& vector) {
  return ParseNote(absl::StrCat("text\n\n", Text(vector, "line")))
      ->signatures[0];
}

NoteSigner SignerFrom(const std::string& seed) {
  return [seed](absl::string_view message) -> absl::StatusOr<std::string> {
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(public_key, secret,
                             reinterpret_cast<const uint8_t*>(seed.data()));
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<uint8_t*>(&signature[0]), nullptr,
                         reinterpret_cast<const uint8_t*>(message.data()),
                         message.size(), secret);
    return signature;
  };
}

class CosignatureVectorsTest : public testing::Test {
 protected:
  CosignatureVectorsTest()
      : vectors_(parser_.load("tests/conformance/cosignature_vectors.json")
                     .value()) {}

  simdjson::dom::parser parser_;
  const element vectors_;
};

TEST_F(CosignatureVectorsTest, WeReadAndWriteTheSameLines) {
  size_t count = 0;
  for (const element vector : vectors_["cosignatures"]) {
    const NoteKey key = NoteKey::Parse(Text(vector, "vkey")).value();
    const absl::Time at = absl::FromUnixSeconds(int64_t(vector["time"]));
    const std::string text = Text(vector, "text");

    EXPECT_EQ(CosignedAt(key, text, LineOf(vector)), at);
    EXPECT_EQ(SerializeNoteSignature(*Cosign(
                  text, key, at,
                  SignerFrom(absl::HexStringToBytes(Text(vector, "seed"))))),
              Text(vector, "line"));
    ++count;
  }
  EXPECT_EQ(count, 24u);
}

TEST_F(CosignatureVectorsTest, WhatIsNoCosignatureIsNone) {
  size_t count = 0;
  for (const element vector : vectors_["refused"]) {
    const NoteKey key = NoteKey::Parse(Text(vector, "vkey")).value();

    EXPECT_FALSE(CosignedAt(key, Text(vector, "text"), LineOf(vector)))
        << Text(vector, "what");
    ++count;
  }
  EXPECT_EQ(count, 11u);
}

}  // namespace
}  // namespace subrosa
