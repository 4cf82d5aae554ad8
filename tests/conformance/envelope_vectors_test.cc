// Our own vectors, which envelope_check.py passes too, having been written from
// docs/formats/ alone.
#include <simdjson.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "src/crypto/envelope.h"
#include "src/crypto/key_wrap.h"
#include "src/crypto/keyring_file.h"
#include "src/crypto/prf.h"
#include "src/crypto/row_tag.h"
#include "src/crypto/sealed_value.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

using simdjson::dom::element;

absl::Span<const uint8_t> BytesOf(const std::string& text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                             text.size());
}

std::string Text(const element& object, const char* name) {
  return std::string(std::string_view(object[name]));
}

std::string Bytes(const element& object, const char* name) {
  return absl::HexStringToBytes(Text(object, name));
}

uint64_t Number(const element& object, const char* name) {
  return uint64_t(object[name]);
}

SecretKey KeyOf(const element& object, const char* name) {
  return *SecretKey::FromBytes(BytesOf(Bytes(object, name)),
                               UnsafeSecretAccess::Get());
}

std::vector<std::string> PartsOf(const element& object) {
  std::vector<std::string> parts;
  for (const element part : simdjson::dom::array(object["parts"])) {
    parts.push_back(
        absl::HexStringToBytes(std::string(std::string_view(part))));
  }
  return parts;
}

// Owns what an EnvelopeContext points to.
class PlaceOf {
 public:
  explicit PlaceOf(const element& object)
      : texts_{Text(object, "entity"), Bytes(object, "data_ref"),
               Bytes(object, "record_ref"), Text(object, "schema"),
               Text(object, "purpose")},
        revision_(static_cast<uint32_t>(Number(object, "revision"))) {}

  EnvelopeContext context() const {
    EnvelopeContext context;
    context.entity = texts_[0];
    context.data_ref = texts_[1];
    context.record_ref = texts_[2];
    context.revision = revision_;
    context.schema = texts_[3];
    context.purpose = texts_[4];
    return context;
  }

 private:
  std::string texts_[5];
  uint32_t revision_;
};

class EnvelopeVectorsTest : public testing::Test {
 protected:
  // The vectors of a kind; each kind has some.
  simdjson::dom::array Of(const char* kind) {
    const simdjson::dom::array vectors =
        parser_.load("tests/conformance/envelope_vectors.json")[kind];
    EXPECT_GT(vectors.size(), 0u);
    return vectors;
  }

 private:
  simdjson::dom::parser parser_;
};

TEST_F(EnvelopeVectorsTest, EveryEnvelopeOpens) {
  for (const element vector : Of("envelopes")) {
    const PlaceOf place(vector);
    const std::string envelope = Bytes(vector, "envelope");
    std::string plaintext;

    ASSERT_TRUE(
        Open(KeyOf(vector, "key"), place.context(), envelope, &plaintext).ok())
        << Text(vector, "name");

    EXPECT_EQ(plaintext, Bytes(vector, "plaintext"));
    const EnvelopeHeader header = *ParseEnvelopeHeader(envelope);
    EXPECT_EQ(static_cast<uint64_t>(header.suite), Number(vector, "suite"));
    EXPECT_EQ(static_cast<uint64_t>(header.padding), Number(vector, "padded"));
    EXPECT_EQ(header.key.version, Number(vector, "key_version"));
  }
}

TEST_F(EnvelopeVectorsTest, WhatIsToBeRefusedDoesNotOpen) {
  for (const element vector : Of("refused")) {
    const PlaceOf place(vector);
    std::string plaintext;

    EXPECT_EQ(Open(KeyOf(vector, "key"), place.context(),
                   Bytes(vector, "envelope"), &plaintext),
              absl::InvalidArgumentError("envelope: does not open"))
        << Text(vector, "name");
  }
}

TEST_F(EnvelopeVectorsTest, EveryWrappedKeyOpens) {
  for (const element vector : Of("wrapped_keys")) {
    EXPECT_TRUE(UnwrapKey(KeyOf(vector, "wrapping_key"),
                          Bytes(vector, "wrapped"), Bytes(vector, "context"))
                    ->Equals(KeyOf(vector, "key")));
  }
}

TEST_F(EnvelopeVectorsTest, EverySealedValueOpens) {
  for (const element vector : Of("sealed_values")) {
    EXPECT_EQ(*OpenValue(KeyOf(vector, "key"), Bytes(vector, "context"),
                         Bytes(vector, "sealed")),
              Bytes(vector, "plaintext"));
  }
}

TEST_F(EnvelopeVectorsTest, EveryRowTagIsAccepted) {
  for (const element vector : Of("row_tags")) {
    const PlaceOf place(vector);
    const std::string source = Text(vector, "source");
    std::vector<int32_t> days;
    for (const int64_t day : simdjson::dom::array(vector["days"])) {
      days.push_back(static_cast<int32_t>(day));
    }
    RowColumns columns;
    columns.key_version = static_cast<uint32_t>(Number(vector, "key_version"));
    columns.categories = static_cast<uint32_t>(Number(vector, "categories"));
    columns.labels = Number(vector, "labels");
    columns.told = static_cast<uint32_t>(Number(vector, "told"));
    columns.source = source;
    columns.days = days;

    EXPECT_TRUE(CheckRowTag(KeyOf(vector, "key"), place.context(), columns,
                            Bytes(vector, "tag"))
                    .ok());
  }
}

TEST_F(EnvelopeVectorsTest, ThePrfAndDerivedKeysAreTheirs) {
  // Labels are literals; these are the vectors'.
  for (const element vector : Of("prf")) {
    const std::vector<std::string> parts = PartsOf(vector);
    const auto output =
        Prf(KeyOf(vector, "key"), "directory",
            std::vector<absl::string_view>(parts.begin(), parts.end()));
    EXPECT_EQ(std::string(output.begin(), output.end()),
              Bytes(vector, "output"));
  }
  for (const element vector : Of("derived_keys")) {
    const std::vector<std::string> parts = PartsOf(vector);
    EXPECT_TRUE(
        DeriveKey(KeyOf(vector, "key"), "0123456789abcdef",
                  std::vector<absl::string_view>(parts.begin(), parts.end()))
            ->Equals(KeyOf(vector, "output")));
  }
}

TEST_F(EnvelopeVectorsTest, EveryKeyringOpensWithItsPassphrase) {
  for (const element vector : Of("keyrings")) {
    const std::string file = Bytes(vector, "file");
    const SecretBuffer passphrase = *SecretBuffer::FromBytes(
        BytesOf(Bytes(vector, "passphrase")), UnsafeSecretAccess::Get());

    const SecretKey key = *KeyringKeyOf(passphrase, *ParseKeyringKdf(file));
    const absl::StatusOr<KeyringContent> content = OpenKeyring(key, file);

    EXPECT_TRUE(key.Equals(KeyOf(vector, "key")));
    ASSERT_TRUE(content.ok()) << content.status();
    EXPECT_EQ(content->generation, Number(vector, "generation"));
    EXPECT_EQ(content->entries.size(),
              simdjson::dom::array(vector["entries"]).size());
  }
}

}  // namespace
}  // namespace subrosa
