// log_vectors.json, which a program without any code of ours made from
// docs/formats/audit.md, against our own reading of that page.
#include <simdjson.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "src/audit/checkpoint.h"
#include "src/audit/leaf.h"
#include "src/audit/log_check.h"
#include "src/audit/log_files.h"
#include "src/audit/merkle.h"
#include "src/audit/receipt.h"
#include "src/audit/tlog_proof.h"
#include "src/crypto/commitment.h"
#include "src/crypto/prf.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/signed_note.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

using simdjson::dom::element;

std::string Text(const element& object, const char* name) {
  return std::string(std::string_view(object[name]));
}

std::string Bytes(const element& object, const char* name) {
  return absl::HexStringToBytes(Text(object, name));
}

uint64_t Number(const element& object, const char* name) {
  return uint64_t(object[name]);
}

SecretKey ConsumerKeyOf(const element& object) {
  const std::string bytes = Bytes(object, "consumer_key");
  return *SecretKey::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()),
                          bytes.size()),
      UnsafeSecretAccess::Get());
}

template <typename Array>
std::string Joined(const Array& bytes) {
  return std::string(bytes.begin(), bytes.end());
}

class LogVectorsTest : public testing::Test {
 protected:
  LogVectorsTest()
      : vectors_(parser_.load("tests/conformance/log_vectors.json")),
        key_(*NoteKey::Parse(Text(vectors_["log_key"], "vkey"))),
        witness_(*NoteKey::Parse(Text(vectors_["witness_key"], "vkey"))) {}

  simdjson::dom::array Of(const char* kind) {
    const simdjson::dom::array vectors = vectors_[kind];
    EXPECT_GT(vectors.size(), 0u);
    return vectors;
  }

  std::string LeafBytes(uint64_t index) {
    return Bytes(Of("leaves").at(index), "leaf");
  }

  simdjson::dom::parser parser_;
  const element vectors_;
  const NoteKey key_;
  const NoteKey witness_;
};

TEST_F(LogVectorsTest, EveryLeafParsesToTheSameBytesAndHash) {
  for (const element vector : Of("leaves")) {
    const absl::StatusOr<Leaf> leaf = ParseLeaf(Bytes(vector, "leaf"));

    ASSERT_TRUE(leaf.ok()) << leaf.status();
    EXPECT_EQ(*SerializeLeaf(*leaf), Bytes(vector, "leaf"));
    EXPECT_EQ(BytesOf(MerkleHasher().Leaf(Bytes(vector, "leaf"))),
              Bytes(vector, "hash"));
  }
}

TEST_F(LogVectorsTest, CommitmentsComeOfTheConsumersKey) {
  for (const element vector : Of("commitments")) {
    const Opening opening =
        DeriveOpening(ConsumerKeyOf(vector), Bytes(vector, "tag"));
    const absl::StatusOr<Commitment> commitment =
        Commit(opening, kLeafConsumerLabel,
               {Text(vector, "account"), Bytes(vector, "detail")});

    EXPECT_EQ(Joined(opening), Bytes(vector, "opening"));
    ASSERT_TRUE(commitment.ok()) << commitment.status();
    EXPECT_EQ(Joined(*commitment), Bytes(vector, "commitment"));
    const Leaf leaf = *ParseLeaf(LeafBytes(Number(vector, "leaf")));
    EXPECT_EQ(leaf.tag, Bytes(vector, "tag"));
    EXPECT_EQ(leaf.commitments.at(Number(vector, "which")), *commitment);
  }
}

TEST_F(LogVectorsTest, TombstonesComeOfTheStableSecret) {
  for (const element vector : Of("tombstones")) {
    const absl::StatusOr<SecretKey> secret =
        DeriveKey(ConsumerKeyOf(vector), "stable secret", {});
    ASSERT_TRUE(secret.ok());
    const Commitment tombstone = Prf(*secret, kTombstoneLabel, {});

    EXPECT_EQ(Joined(tombstone), Bytes(vector, "tombstone"));
    EXPECT_EQ(ParseLeaf(LeafBytes(Number(vector, "leaf")))->commitments.at(0),
              tombstone);
  }
}

TEST_F(LogVectorsTest, TheCheckpointIsTheLogs) {
  const absl::StatusOr<Checkpoint> checkpoint =
      OpenCheckpoint(Text(vectors_, "checkpoint"), {key_});

  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(checkpoint->origin, Text(vectors_, "origin"));
  EXPECT_EQ(checkpoint->size, Of("leaves").size());
  EXPECT_EQ(BytesOf(checkpoint->root), Bytes(vectors_, "root"));
}

TEST_F(LogVectorsTest, TheFilesAreAWholeLog) {
  const std::string folder = absl::StrCat(testing::TempDir(), "/log");
  LogFiles files(folder);
  ASSERT_TRUE(files.MakeFolder().ok());
  const simdjson::dom::object paths = vectors_["files"];
  for (const auto& file : paths) {
    ASSERT_TRUE(files
                    .Write(std::string(file.key),
                           absl::HexStringToBytes(
                               std::string(std::string_view(file.value))))
                    .ok());
  }

  const absl::StatusOr<LogCheck> check = CheckLog(
      folder, *OpenCheckpoint(Text(vectors_, "checkpoint"), {key_}), {});

  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_TRUE(check->ok());
  EXPECT_EQ(check->entries, Of("leaves").size());
}

TEST_F(LogVectorsTest, EveryReceiptIsProvenForItsAccountAndNoOther) {
  for (const element vector : Of("receipts")) {
    const std::string account = Text(vector, "account");
    const absl::StatusOr<VerifiedReceipt> receipt =
        VerifyReceipt(Text(vector, "receipt"), {key_}, {});

    ASSERT_TRUE(receipt.ok()) << Text(vector, "name") << receipt.status();
    EXPECT_EQ(CheckConsumer(*receipt, account).ok(), !account.empty());
    EXPECT_FALSE(CheckConsumer(*receipt, "c-000005").ok());
    const absl::StatusOr<TlogProof> proof =
        ParseTlogProof(Text(vector, "receipt"));
    EXPECT_EQ(SerializeTlogProof(*proof), Text(vector, "receipt"));
    EXPECT_EQ(proof->extra, Bytes(vector, "extra"));
    EXPECT_EQ(SerializeReceiptExtra(*ParseReceiptExtra(proof->extra)),
              proof->extra);
  }
}

TEST_F(LogVectorsTest, AReceiptTellsWhichWitnessSawItsLog) {
  const simdjson::dom::array receipts = Of("receipts");

  EXPECT_TRUE(VerifyReceipt(Text(receipts.at(0), "receipt"), {key_}, {witness_})
                  ->witnesses.empty());
  const std::vector<SeenByWitness> witnesses =
      VerifyReceipt(Text(receipts.at(2), "receipt"), {key_}, {witness_})
          ->witnesses;
  ASSERT_EQ(witnesses.size(), 1u);
  EXPECT_EQ(witnesses[0].name, witness_.name());
}

}  // namespace
}  // namespace subrosa
