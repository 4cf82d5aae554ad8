#include "src/audit/leaf.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

Leaf PutOf(size_t consumers) {
  Leaf leaf = NewLeaf(LeafKind::kRecordsPut, 20782);
  leaf.jurisdiction = "US-WA";
  leaf.numbers = {3, 1};
  leaf.commitments.resize(consumers);
  return leaf;
}

std::string Bytes(const Leaf& leaf) {
  const absl::StatusOr<std::string> bytes = SerializeLeaf(leaf);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.value_or("");
}

// Whether the leaf is refused for the field named.
bool IsRefusedFor(const absl::Status& status, absl::string_view field) {
  return absl::IsInvalidArgument(status) &&
         absl::StartsWith(status.message(), absl::StrCat("leaf.", field, ":"));
}

TEST(LeafTest, WhatIsWrittenIsReadAgain) {
  const Leaf leaf = PutOf(2);
  const std::string bytes = Bytes(leaf);
  const absl::StatusOr<Leaf> read = ParseLeaf(bytes);

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->kind, LeafKind::kRecordsPut);
  EXPECT_EQ(read->day, 20782u);
  EXPECT_EQ(read->jurisdiction, "US-WA");
  EXPECT_EQ(read->tag, leaf.tag);
  EXPECT_EQ(read->numbers, leaf.numbers);
  EXPECT_EQ(read->commitments, leaf.commitments);
  EXPECT_EQ(Bytes(*read), bytes);
}

TEST(LeafTest, TheBytesAreThoseOfTheFormatPage) {
  Leaf leaf = NewLeaf(LeafKind::kEpochRetired, 258);
  leaf.tag = "0123456789abcdef";
  leaf.numbers = {1, 3};
  leaf.text = "gone";

  EXPECT_EQ(Bytes(leaf), std::string("SBL1\x06\x01\0\0\x01\x02\0"
                                     "0123456789abcdef"
                                     "\x02\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x03"
                                     "\0\0\0\x04gone",
                                     52));
}

TEST(LeafTest, TwoLeavesOfTheSameEventDiffer) {
  EXPECT_NE(NewLeaf(LeafKind::kEpochOpened, 1).tag,
            NewLeaf(LeafKind::kEpochOpened, 1).tag);
}

TEST(LeafTest, TheLargestBatchFits) {
  EXPECT_TRUE(ParseLeaf(Bytes(PutOf(kMaxLeafCommitments))).ok());
  EXPECT_TRUE(IsRefusedFor(
      SerializeLeaf(PutOf(kMaxLeafCommitments + 1)).status(), "commitments"));
}

TEST(LeafTest, AChoiceHasItsTagBesideItsTwoCommitments) {
  Leaf leaf = NewLeaf(LeafKind::kChoice, 1);
  leaf.numbers = {1};
  leaf.commitments.resize(2);
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "commitments"));

  leaf.commitments.resize(3);
  EXPECT_TRUE(ParseLeaf(Bytes(leaf)).ok());
}

TEST(LeafTest, WhatOutlivesAnErasureIsToldOfWithoutAnyCommitment) {
  Leaf kept = NewLeaf(LeafKind::kEvidenceKept, 1);
  kept.numbers = {2030};
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(kept).status(), "text"));
  kept.text = "us-wa/rcw-19.373.070";
  EXPECT_TRUE(ParseLeaf(Bytes(kept)).ok());

  Leaf over = NewLeaf(LeafKind::kEvidenceKeysDestroyed, 1);
  over.numbers = {2030, 7};
  EXPECT_TRUE(ParseLeaf(Bytes(over)).ok());
  over.commitments.resize(1);
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(over).status(), "commitments"));
}

TEST(LeafTest, AKindThatNobodyKnowsIsRefused) {
  EXPECT_TRUE(IsRefusedFor(
      SerializeLeaf(NewLeaf(static_cast<LeafKind>(255), 1)).status(), "kind"));
  EXPECT_TRUE(IsRefusedFor(
      SerializeLeaf(NewLeaf(static_cast<LeafKind>(0), 1)).status(), "kind"));
}

TEST(LeafTest, ALeafWithoutTheShapeOfItsKindIsRefused) {
  Leaf leaf = PutOf(0);
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "commitments"));
  leaf = PutOf(1);
  leaf.numbers.pop_back();
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "numbers"));
  leaf = PutOf(1);
  leaf.text = "why";
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "text"));
  leaf = PutOf(1);
  leaf.tag.pop_back();
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "tag"));
  leaf = PutOf(1);
  leaf.jurisdiction = "us-wa";
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "jurisdiction"));
  leaf = PutOf(1);
  leaf.outcome = static_cast<LeafOutcome>(0);
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "outcome"));
  leaf = PutOf(1);
  leaf.kind = static_cast<LeafKind>(200);
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "kind"));
}

TEST(LeafTest, ATextBeyondPrintableAsciiIsRefused) {
  Leaf leaf = NewLeaf(LeafKind::kEpochRetired, 1);
  leaf.numbers = {1, 3};
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "text"));
  leaf.text = "caf\xc3\xa9";
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "text"));
  leaf.text = std::string(70000, 'x');
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "size"));
}

TEST(LeafTest, AnAnnouncedKeyIsOneThatSignsAsALog) {
  Leaf leaf = NewLeaf(LeafKind::kLogKeyAnnounced, 1);
  const std::string key(32, '\1');
  leaf.text = NoteKey::Create("rosewater/audit", key)->ToString();
  EXPECT_TRUE(ParseLeaf(Bytes(leaf)).ok());

  leaf.text = NoteKey::Create("witness", key, kNoteTypeCosignature)->ToString();
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "text"));
  leaf.text = "the next key";
  EXPECT_TRUE(IsRefusedFor(SerializeLeaf(leaf).status(), "text"));
}

TEST(LeafTest, EveryCutAndEveryTrailingByteIsRefused) {
  const std::string bytes = Bytes(PutOf(2));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        ParseLeaf(absl::string_view(bytes).substr(0, size)).status()))
        << size;
  }
  EXPECT_TRUE(IsRefusedFor(ParseLeaf(bytes + "x").status(), "end"));
}

TEST(LeafTest, AnotherVersionIsRefused) {
  std::string bytes = Bytes(PutOf(1));
  bytes[3] = '2';
  EXPECT_TRUE(IsRefusedFor(ParseLeaf(bytes).status(), "magic"));
}

TEST(LeafTest, EveryKindHasAName) {
  for (int kind = 1; kind <= 17; ++kind) {
    EXPECT_FALSE(LeafKindName(static_cast<LeafKind>(kind)).empty()) << kind;
  }
  EXPECT_TRUE(LeafKindName(static_cast<LeafKind>(0)).empty());
}

}  // namespace
}  // namespace subrosa
