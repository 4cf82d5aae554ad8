#include "src/audit/receipt.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/audit/log_files.h"
#include "src/audit/log_reader.h"
#include "src/audit/scratch_log.h"
#include "src/audit/tlog_proof.h"
#include "src/crypto/commitment.h"
#include "src/crypto/cosignature.h"
#include "src/crypto/prf.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/signed_note.h"
#include "src/crypto/token_provider.h"

namespace subrosa {
namespace {

constexpr absl::string_view kAda = "ada@example.org";

// A log that holds the leaf of an erasure among others, and its receipt.
class ReceiptTest : public testing::Test {
 protected:
  ReceiptTest() : consumer_key_(*SecretKey::Random()) {
    Leaf leaf = NewLeaf(LeafKind::kConsumerKeyDestroyed, 20600);
    opening_.commitment = 1;
    opening_.opening = DeriveOpening(consumer_key_, leaf.tag);
    leaf.commitments.push_back(Prf(consumer_key_, kTombstoneLabel, {"1"}));
    leaf.commitments.push_back(
        *Commit(opening_.opening, kLeafConsumerLabel, {kAda, ""}));
    leaf_ = *SerializeLeaf(leaf);
    log_.Commit("records", std::vector<std::string>(300, "another"));
    log_.Commit("keys", {leaf_}, 300);
    log_.TakeAll(*log_.Open());
  }

  TlogProof Prove(const ReceiptExtra& extra, uint64_t index = 300) {
    LogReader reader =
        *LogReader::Open(log_.log_folder(), kCheckpointFile, log_.Keys());
    return *reader.Prove(index, SerializeReceiptExtra(extra));
  }
  std::string Receipt() { return SerializeTlogProof(Prove({leaf_, opening_})); }
  absl::StatusOr<VerifiedReceipt> Verify(const std::string& receipt) {
    return VerifyReceipt(receipt, log_.Keys(), {});
  }

  ScratchLog log_;
  const SecretKey consumer_key_;
  std::string leaf_;
  LeafOpening opening_;
};

// An Ed25519 signer of the test's own, as a witness has one.
struct TestWitness {
  explicit TestWitness(const std::string& witness_name)
      : name(witness_name),
        key(*NoteKey::Create(witness_name, *provider.CreateSigningKey("w"),
                             kNoteTypeCosignature)) {}

  // `note` with the witness's line at its end.
  std::string Cosign(const std::string& note, absl::Time at) {
    Note parsed = *ParseNote(note);
    const absl::StatusOr<NoteSignature> signature = subrosa::Cosign(
        parsed.text, key, at,
        [&](absl::string_view message) { return provider.Sign("w", message); });
    EXPECT_TRUE(signature.ok()) << signature.status();
    parsed.signatures.push_back(*signature);
    return SerializeNote(parsed);
  }

  std::string name;
  TokenProvider provider;
  NoteKey key;
};

TEST_F(ReceiptTest, AReceiptProvesItsLeafAndItsConsumer) {
  const absl::StatusOr<VerifiedReceipt> receipt = Verify(Receipt());

  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->index, 300u);
  EXPECT_EQ(receipt->checkpoint.size, 301u);
  EXPECT_EQ(receipt->checkpoint.origin, ScratchLog::kOrigin);
  EXPECT_EQ(receipt->leaf.kind, LeafKind::kConsumerKeyDestroyed);
  EXPECT_EQ(receipt->leaf.day, 20600u);
  EXPECT_TRUE(receipt->witnesses.empty());
  EXPECT_TRUE(CheckConsumer(*receipt, kAda).ok());
}

TEST_F(ReceiptTest, NoReceiptHoldsTheAccountId) {
  EXPECT_FALSE(absl::StrContains(Receipt(), kAda));
  EXPECT_FALSE(absl::StrContains(Prove({leaf_, opening_}).extra, kAda));
}

TEST_F(ReceiptTest, AReceiptIsNobodyElses) {
  const VerifiedReceipt receipt = *Verify(Receipt());

  for (const absl::string_view other :
       {"bo@example.org", "", "ada@example.or"}) {
    const absl::Status status = CheckConsumer(receipt, other);
    EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
    EXPECT_FALSE(absl::StrContains(status.message(), "example.or"));
  }
}

TEST_F(ReceiptTest, AReceiptWithoutAnOpeningProvesTheLeafAlone) {
  const absl::StatusOr<VerifiedReceipt> receipt =
      Verify(SerializeTlogProof(Prove({leaf_, std::nullopt})));

  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckConsumer(*receipt, kAda)));
}

TEST_F(ReceiptTest, AnAlteredOpeningBindsNobody) {
  LeafOpening altered = opening_;
  altered.opening[0] ^= 1;
  EXPECT_TRUE(absl::IsPermissionDenied(CheckConsumer(
      *Verify(SerializeTlogProof(Prove({leaf_, altered}))), kAda)));
  altered = opening_;
  altered.detail = "more";
  EXPECT_TRUE(absl::IsPermissionDenied(CheckConsumer(
      *Verify(SerializeTlogProof(Prove({leaf_, altered}))), kAda)));
  altered = opening_;
  altered.commitment = 0;  // The tombstone.
  EXPECT_TRUE(absl::IsPermissionDenied(CheckConsumer(
      *Verify(SerializeTlogProof(Prove({leaf_, altered}))), kAda)));
}

TEST_F(ReceiptTest, AnOpeningOfACommitmentThatIsNotThereIsRefused) {
  LeafOpening beyond = opening_;
  beyond.commitment = 2;

  const absl::Status status =
      Verify(SerializeTlogProof(Prove({leaf_, beyond}))).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_EQ(status.message(),
            "receipt.extra.commitment: want less than 2, got 2");
}

TEST_F(ReceiptTest, AnAlteredLeafIsNotInTheLog) {
  for (size_t i = 0; i < leaf_.size(); ++i) {
    std::string altered = leaf_;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    const absl::Status status =
        Verify(SerializeTlogProof(Prove({altered, opening_}))).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << i << status;
  }
}

TEST_F(ReceiptTest, ALeafAtAnotherPlaceIsRefused) {
  TlogProof proof = Prove({leaf_, opening_});
  proof.index = 299;
  EXPECT_FALSE(Verify(SerializeTlogProof(proof)).ok());
  EXPECT_FALSE(Verify(SerializeTlogProof(Prove({leaf_, opening_}, 7))).ok());
}

TEST_F(ReceiptTest, WhatIsInTheLogAndIsNoLeafIsRefused) {
  const absl::Status status =
      Verify(SerializeTlogProof(Prove({"another", std::nullopt}, 5))).status();

  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "leaf.")) << status;
}

TEST_F(ReceiptTest, AStrangersLogProvesNothing) {
  TokenProvider stranger;
  const NoteKey key =
      *NoteKey::Create(ScratchLog::kOrigin, *stranger.CreateSigningKey("log"));

  EXPECT_TRUE(
      absl::IsPermissionDenied(VerifyReceipt(Receipt(), {key}, {}).status()));
  EXPECT_TRUE(
      absl::IsPermissionDenied(VerifyReceipt(Receipt(), {}, {}).status()));
}

TEST_F(ReceiptTest, AnAlteredCheckpointIsRefused) {
  TlogProof proof = Prove({leaf_, opening_});
  proof.checkpoint.replace(proof.checkpoint.find("\n301\n"), 5, "\n302\n");

  EXPECT_FALSE(Verify(SerializeTlogProof(proof)).ok());
}

TEST_F(ReceiptTest, AWitnessIsNamedWithTheTimeAtWhichItSawTheLog) {
  TestWitness witness("witness.example/w1");
  TlogProof proof = Prove({leaf_, opening_});
  const absl::Time at = absl::FromUnixSeconds(1782864000);
  proof.checkpoint = witness.Cosign(proof.checkpoint, at);

  const absl::StatusOr<VerifiedReceipt> receipt =
      VerifyReceipt(SerializeTlogProof(proof), log_.Keys(), {witness.key});

  ASSERT_TRUE(receipt.ok()) << receipt.status();
  ASSERT_EQ(receipt->witnesses.size(), 1u);
  EXPECT_EQ(receipt->witnesses[0].name, "witness.example/w1");
  EXPECT_EQ(receipt->witnesses[0].at, at);
}

TEST_F(ReceiptTest, AWitnessThatNobodyAskedForCountsForNothing) {
  TestWitness witness("witness.example/w1");
  TestWitness other("witness.example/w2");
  TlogProof proof = Prove({leaf_, opening_});
  proof.checkpoint = witness.Cosign(proof.checkpoint, absl::FromUnixSeconds(1));

  EXPECT_TRUE(VerifyReceipt(SerializeTlogProof(proof), log_.Keys(), {other.key})
                  ->witnesses.empty());
}

TEST_F(ReceiptTest, AFalseCosignatureIsRefused) {
  TestWitness witness("witness.example/w1");
  TlogProof proof = Prove({leaf_, opening_});
  Note note =
      *ParseNote(witness.Cosign(proof.checkpoint, absl::FromUnixSeconds(1)));
  note.signatures.back().signature.back() ^= 1;
  proof.checkpoint = SerializeNote(note);

  const absl::Status status =
      VerifyReceipt(SerializeTlogProof(proof), log_.Keys(), {witness.key})
          .status();

  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "witness.example/w1"));
}

TEST_F(ReceiptTest, ExtrasParseToWhatTheyWereAndBackToTheSameBytes) {
  for (const ReceiptExtra& extra :
       {ReceiptExtra{leaf_, opening_}, ReceiptExtra{leaf_, std::nullopt},
        ReceiptExtra{"", std::nullopt},
        ReceiptExtra{std::string(65535, 'x'),
                     LeafOpening{65535, {}, std::string(70000, 'd')}}}) {
    const std::string bytes = SerializeReceiptExtra(extra);
    const absl::StatusOr<ReceiptExtra> parsed = ParseReceiptExtra(bytes);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->leaf, extra.leaf);
    EXPECT_EQ(parsed->opening.has_value(), extra.opening.has_value());
    EXPECT_EQ(SerializeReceiptExtra(*parsed), bytes);
  }
}

TEST_F(ReceiptTest, EveryCutAndEveryTrailingByteOfAnExtraIsRefused) {
  const std::string bytes = SerializeReceiptExtra({leaf_, opening_});
  for (size_t size = 0; size < bytes.size(); ++size) {
    const absl::Status status =
        ParseReceiptExtra(absl::string_view(bytes).substr(0, size)).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << size << status;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(ParseReceiptExtra(bytes + "x").status()));
}

TEST_F(ReceiptTest, AnExtraOfAnotherVersionOrWithTwoOpeningsIsRefused) {
  std::string bytes = SerializeReceiptExtra({leaf_, std::nullopt});
  std::string other = bytes;
  other[3] = '2';
  EXPECT_TRUE(absl::IsInvalidArgument(ParseReceiptExtra(other).status()));
  bytes.back() = 2;
  EXPECT_EQ(ParseReceiptExtra(bytes).status().message(),
            "receipt.extra.openings: want 0 or 1, got 2");
}

}  // namespace
}  // namespace subrosa
