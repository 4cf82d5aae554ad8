#include "src/vault/index_keys.h"

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/crypto/secret_key.h"

namespace subrosa {
namespace {

BlindIndex DeviceIndex(int bits = 12, int partitions = 1) {
  BlindIndex index;
  index.number = 1;
  index.schema = "subrosa.v1.MoodCheckIn";
  index.field = "device_id";
  index.bits = bits;
  index.partitions = partitions;
  return index;
}

KeyId IdOf(uint8_t first) {
  KeyId id = {};
  id[0] = first;
  return id;
}

class IndexKeysTest : public testing::Test {
 protected:
  IndexKeys KeysOf(uint32_t epoch, const SecretKey& working,
                   absl::string_view entity = "rosewater") {
    return IndexKeys::Derive(entity, epoch, working, inner_).value();
  }

  IndexPointer Pointer() {
    IndexPointer pointer;
    pointer.inner_token = "inner";
    pointer.data_ref = std::string(16, 'd');
    pointer.consumer_ref = std::string(16, 'c');
    pointer.key_id = IdOf(7);
    return pointer;
  }

  const SecretKey inner_ = SecretKey::Random().value();
  const SecretKey first_ = SecretKey::Random().value();
  const SecretKey second_ = SecretKey::Random().value();
};

TEST_F(IndexKeysTest, AValueTokenOutlivesEpochsAndATokenDoesNot) {
  const IndexKeys now = KeysOf(1, first_);
  const IndexKeys later = KeysOf(2, second_);

  EXPECT_EQ(now.ValueToken(DeviceIndex(), "d-1").value(),
            later.ValueToken(DeviceIndex(), "d-1").value());
  EXPECT_EQ(now.PartitionOf(DeviceIndex(12, 8), IdOf(3)),
            later.PartitionOf(DeviceIndex(12, 8), IdOf(3)));
  EXPECT_NE(now.Token(1, "inner"), later.Token(1, "inner"));
  EXPECT_NE(now.Owner(1, IdOf(7)), later.Owner(1, IdOf(7)));
}

TEST_F(IndexKeysTest, OneValueHasUnrelatedTokensInTwoIndexes) {
  const IndexKeys keys = KeysOf(1, first_);
  BlindIndex other = DeviceIndex();
  other.field = "note";

  EXPECT_NE(keys.ValueToken(DeviceIndex(), "d-1").value(),
            keys.ValueToken(other, "d-1").value());
  EXPECT_NE(keys.Token(1, "inner"), keys.Token(2, "inner"));
}

TEST_F(IndexKeysTest, AConsumersEntriesOfTwoIndexesCannotBePutTogether) {
  const IndexKeys keys = KeysOf(1, first_);

  EXPECT_NE(keys.Owner(1, IdOf(7)), keys.Owner(2, IdOf(7)));
  EXPECT_NE(keys.Owner(1, IdOf(7)), keys.Owner(1, IdOf(8)));
}

TEST_F(IndexKeysTest, ASlowIndexHasOtherTokens) {
  const IndexKeys keys = KeysOf(1, first_);
  BlindIndex slow = DeviceIndex();
  slow.kind = IndexKind::kSlow;

  EXPECT_NE(keys.ValueToken(slow, "d-1").value(),
            keys.ValueToken(DeviceIndex(), "d-1").value());
  EXPECT_EQ(keys.ValueToken(slow, "d-1").value(),
            keys.ValueToken(slow, "d-1").value());
}

TEST_F(IndexKeysTest, AnInnerTokenTellsNoMoreBitsThanThePlanGives) {
  const IndexKeys keys = KeysOf(1, first_);
  for (const int bits : {1, 3, 8, 11}) {
    // So many that a token that none of them has is out of the question.
    const int values = 64 << bits;
    std::set<std::string> inner_tokens;
    for (int i = 0; i < values; ++i) {
      inner_tokens.insert(IndexKeys::InnerToken(
          DeviceIndex(bits),
          keys.ValueToken(DeviceIndex(bits), absl::StrCat(i)).value(),
          /*partition=*/0));
    }

    EXPECT_EQ(inner_tokens.size(), size_t{1} << bits);
  }
}

TEST_F(IndexKeysTest, PartitionsAreAllUsedAndNoOthers) {
  const IndexKeys keys = KeysOf(1, first_);
  std::set<int> partitions;
  for (int i = 0; i < 200; ++i) {
    partitions.insert(keys.PartitionOf(DeviceIndex(12, 4), IdOf(i)));
  }

  EXPECT_EQ(partitions, (std::set<int>{0, 1, 2, 3}));
  EXPECT_NE(IndexKeys::InnerToken(DeviceIndex(), std::string(32, 'v'), 0),
            IndexKeys::InnerToken(DeviceIndex(), std::string(32, 'v'), 1));
}

TEST_F(IndexKeysTest, APointerOpensAtItsPlace) {
  const IndexKeys keys = KeysOf(1, first_);

  const auto sealed = keys.SealPointer(1, "token", Pointer());
  const auto opened = keys.OpenPointer(1, "token", *sealed);

  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->inner_token, "inner");
  EXPECT_EQ(opened->data_ref, Pointer().data_ref);
  EXPECT_EQ(opened->consumer_ref, Pointer().consumer_ref);
  EXPECT_EQ(opened->key_id, Pointer().key_id);
}

TEST_F(IndexKeysTest, APointerOpensNowhereElse) {
  const IndexKeys keys = KeysOf(1, first_);
  const std::string sealed = keys.SealPointer(1, "token", Pointer()).value();
  std::string changed = sealed;
  changed[changed.size() / 2] ^= 1;

  EXPECT_TRUE(absl::IsDataLoss(keys.OpenPointer(2, "token", sealed).status()));
  EXPECT_TRUE(absl::IsDataLoss(keys.OpenPointer(1, "other", sealed).status()));
  EXPECT_TRUE(absl::IsDataLoss(keys.OpenPointer(1, "token", changed).status()));
  EXPECT_TRUE(absl::IsDataLoss(keys.OpenPointer(1, "token", "").status()));
  EXPECT_TRUE(absl::IsDataLoss(
      KeysOf(2, first_).OpenPointer(1, "token", sealed).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      KeysOf(1, second_).OpenPointer(1, "token", sealed).status()));
  EXPECT_TRUE(absl::IsDataLoss(KeysOf(1, first_, "thornfield")
                                   .OpenPointer(1, "token", sealed)
                                   .status()));
}

}  // namespace
}  // namespace subrosa
