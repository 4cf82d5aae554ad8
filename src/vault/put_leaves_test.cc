#include "src/vault/put_leaves.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/crypto/commitment.h"
#include "src/crypto/secret_key.h"
#include "src/vault/record_row.h"

namespace subrosa {
namespace {

constexpr int32_t kToday = 20635;

std::shared_ptr<const SecretKey> NewKey() {
  return std::make_shared<const SecretKey>(*SecretKey::Random());
}

RecordRow Row(const std::string& record_ref, uint32_t revision = 1) {
  RecordRow row;
  row.place.data_ref = "data ref of row ";
  row.place.record_ref = record_ref;
  row.place.revision = revision;
  row.digest = "digest of the ro";
  return row;
}

std::vector<Leaf> LeavesOf(const PutLeaves& puts) {
  const absl::StatusOr<std::vector<std::string>> entries =
      puts.Serialize(kToday);
  EXPECT_TRUE(entries.ok()) << entries.status();
  std::vector<Leaf> leaves;
  for (const std::string& entry : *entries) {
    leaves.push_back(*ParseLeaf(entry));
  }
  return leaves;
}

// Whether the leaf's commitment `which` is to `consumer` and `detail`.
bool Commits(const Leaf& leaf, size_t which, const SecretKey& key,
             absl::string_view consumer, absl::string_view detail) {
  return VerifyCommitment(leaf.commitments[which], DeriveOpening(key, leaf.tag),
                          kLeafConsumerLabel, {consumer, detail})
      .ok();
}

TEST(PutLeavesTest, WhereNothingWasPutNothingIsSaid) {
  EXPECT_TRUE(LeavesOf(PutLeaves()).empty());
}

TEST(PutLeavesTest, ABatchIsOneLeafWithACommitmentForEachConsumer) {
  const auto ada = NewKey();
  const auto bo = NewKey();
  PutLeaves puts;
  puts.Add("ada", ada, Row("record 1 of ada "));
  puts.Add("bo", bo, Row("record 1 of bo  "));
  puts.Add("ada", ada, Row("record 2 of ada ", 3));

  const std::vector<Leaf> leaves = LeavesOf(puts);

  ASSERT_EQ(leaves.size(), 1u);
  EXPECT_EQ(leaves[0].kind, LeafKind::kRecordsPut);
  EXPECT_EQ(leaves[0].outcome, LeafOutcome::kDone);
  EXPECT_EQ(leaves[0].day, static_cast<uint32_t>(kToday));
  EXPECT_EQ(leaves[0].numbers, (std::vector<uint64_t>{2, 1}));
  ASSERT_EQ(leaves[0].commitments.size(), 2u);
  EXPECT_TRUE(Commits(leaves[0], 0, *ada, "ada",
                      std::string("record 1 of ada \0\0\0\x01"
                                  "digest of the ro"
                                  "record 2 of ada \0\0\0\x03"
                                  "digest of the ro",
                                  72)));
  EXPECT_TRUE(Commits(leaves[0], 1, *bo, "bo",
                      std::string("record 1 of bo  \0\0\0\x01"
                                  "digest of the ro",
                                  36)));
}

TEST(PutLeavesTest, ACommitmentOpensForNoOtherIdKeyOrRecord) {
  const auto ada = NewKey();
  PutLeaves puts;
  puts.Add("ada", ada, Row("record 1 of ada "));
  const Leaf leaf = LeavesOf(puts)[0];
  const std::string detail(
      "record 1 of ada \0\0\0\x01"
      "digest of the ro",
      36);

  ASSERT_TRUE(Commits(leaf, 0, *ada, "ada", detail));
  EXPECT_FALSE(Commits(leaf, 0, *ada, "bo", detail));
  EXPECT_FALSE(Commits(leaf, 0, *NewKey(), "ada", detail));
  EXPECT_FALSE(Commits(leaf, 0, *ada, "ada", ""));
}

TEST(PutLeavesTest, TheSamePutAgainLooksUnrelated) {
  const auto ada = NewKey();
  PutLeaves puts;
  puts.Add("ada", ada, Row("record 1 of ada "));

  EXPECT_NE(LeavesOf(puts)[0].commitments, LeavesOf(puts)[0].commitments);
}

TEST(PutLeavesTest, ALeafHoldsNoReferenceAndNoDigest) {
  PutLeaves puts;
  puts.Add("canary-consumer", NewKey(), Row("record 1 of ada "));
  const std::string entry = puts.Serialize(kToday)->front();

  for (const absl::string_view secret :
       {"canary", "data ref", "record 1", "digest"}) {
    EXPECT_FALSE(absl::StrContains(entry, secret)) << secret;
  }
}

TEST(PutLeavesTest, MoreConsumersThanALeafHoldsMakeSeveralInOrder) {
  const auto key = NewKey();
  std::vector<std::string> consumers;
  for (size_t i = 0; i < 2 * kMaxLeafCommitments + 1; ++i) {
    consumers.push_back(absl::StrCat("c-", i));
  }
  PutLeaves puts;
  for (const std::string& consumer : consumers) {
    puts.Add(consumer, key, Row("record 1        "));
  }
  puts.Add(consumers.back(), key, Row("record 2        ", 2));

  const std::vector<Leaf> leaves = LeavesOf(puts);

  ASSERT_EQ(leaves.size(), 3u);
  EXPECT_EQ(leaves[0].commitments.size(), kMaxLeafCommitments);
  EXPECT_EQ(leaves[0].numbers, (std::vector<uint64_t>{kMaxLeafCommitments, 0}));
  EXPECT_EQ(leaves[2].commitments.size(), 1u);
  EXPECT_EQ(leaves[2].numbers, (std::vector<uint64_t>{1, 1}));
  EXPECT_TRUE(Commits(leaves[1], 0, *key, consumers[kMaxLeafCommitments],
                      std::string("record 1        \0\0\0\x01"
                                  "digest of the ro",
                                  36)));
}

}  // namespace
}  // namespace subrosa
