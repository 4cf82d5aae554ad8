#include "src/vault/entity_keys.h"

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"

namespace subrosa {
namespace {

class EntityKeysTest : public testing::Test {
 protected:
  EntityKeysTest()
      : working_(std::move(SecretKey::Random()).value()),
        wrapped_(EntityKeys::Create(working_, "rosewater", 1).value()),
        keys_(Open("rosewater", 1).value()) {
    pointer_.inner_token = keys_.InnerToken("ada");
    pointer_.data_ref = std::string(16, 'd');
    pointer_.consumer_ref = std::string(16, 'c');
    pointer_.key_id.fill(7);
  }

  absl::StatusOr<EntityKeys> Open(const std::string& entity, uint32_t epoch) {
    return EntityKeys::Open(working_.Clone().value(), entity, epoch, wrapped_);
  }

  SecretKey working_;
  WrappedEntityKeys wrapped_;
  EntityKeys keys_;
  DirectoryPointer pointer_;
};

TEST_F(EntityKeysTest, TokensAreTheSameWheneverTheKeysAreOpened) {
  const EntityKeys again = Open("rosewater", 1).value();

  EXPECT_EQ(again.InnerToken("ada"), keys_.InnerToken("ada"));
  EXPECT_EQ(again.DirectoryToken("x"), keys_.DirectoryToken("x"));
  EXPECT_EQ(again.SuppressionToken("ada"), keys_.SuppressionToken("ada"));
}

TEST_F(EntityKeysTest, TokensOfTwoConsumersOrTwoUsesDiffer) {
  EXPECT_NE(keys_.InnerToken("ada"), keys_.InnerToken("bo"));
  EXPECT_NE(keys_.InnerToken("ada"), keys_.SuppressionToken("ada"));
  EXPECT_NE(keys_.InnerToken("ada"), keys_.DirectoryToken("ada"));
}

TEST_F(EntityKeysTest, AnotherEntitysTokensForTheSameIdDiffer) {
  const auto wrapped = EntityKeys::Create(working_, "other", 1);
  const auto other =
      EntityKeys::Open(working_.Clone().value(), "other", 1, *wrapped);

  EXPECT_NE(other->InnerToken("ada"), keys_.InnerToken("ada"));
  EXPECT_NE(other->SuppressionToken("ada"), keys_.SuppressionToken("ada"));
}

TEST_F(EntityKeysTest, KeysOpenForTheirEntityAndEpochAlone) {
  EXPECT_TRUE(absl::IsDataLoss(Open("other", 1).status()));
  EXPECT_TRUE(absl::IsDataLoss(Open("rosewater", 2).status()));
  std::swap(wrapped_.inner, wrapped_.suppression);
  EXPECT_TRUE(absl::IsDataLoss(Open("rosewater", 1).status()));
}

TEST_F(EntityKeysTest, APointerComesBackAtItsToken) {
  const auto sealed = keys_.SealPointer("token", pointer_);

  const auto opened = keys_.OpenPointer("token", *sealed);

  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->inner_token, pointer_.inner_token);
  EXPECT_EQ(opened->data_ref, pointer_.data_ref);
  EXPECT_EQ(opened->consumer_ref, pointer_.consumer_ref);
  EXPECT_EQ(opened->key_id, pointer_.key_id);
}

TEST_F(EntityKeysTest, APointerMovedToAnotherTokenOrChangedIsLostData) {
  std::string sealed = *keys_.SealPointer("token", pointer_);

  EXPECT_TRUE(absl::IsDataLoss(keys_.OpenPointer("other", sealed).status()));
  EXPECT_TRUE(absl::IsDataLoss(keys_.OpenPointer("token", "").status()));
  sealed.back() ^= 1;
  EXPECT_TRUE(absl::IsDataLoss(keys_.OpenPointer("token", sealed).status()));
}

TEST_F(EntityKeysTest, AConsumersKeyOpensForItsIdAndVersionAlone) {
  const SecretKey key = SecretKey::Random().value();
  const KeyRef ref{pointer_.key_id, 1};
  const std::string wrapped = *keys_.WrapConsumerKey(ref, key);

  EXPECT_TRUE(keys_.UnwrapConsumerKey(ref, wrapped)->Equals(key));
  EXPECT_TRUE(
      absl::IsDataLoss(keys_.UnwrapConsumerKey({ref.id, 2}, wrapped).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      keys_.UnwrapConsumerKey({KeyId(), 1}, wrapped).status()));
}

class MovingTest : public EntityKeysTest {
 protected:
  MovingTest() {
    const auto wrapped = keys_.RewrapFor(next_working_, 2);
    next_ = std::make_unique<EntityKeys>(
        EntityKeys::Open(next_working_.Clone().value(), "rosewater", 2,
                         *wrapped)
            .value());
    const std::string token = keys_.DirectoryToken(pointer_.inner_token);
    token.copy(row_.token.data(), token.size());
    keys_.SealPointer(token, pointer_)
        ->copy(row_.pointer.data(), row_.pointer.size());
    keys_.WrapConsumerKey(ref_, key_)
        ->copy(wrapped_key_.data(), wrapped_key_.size());
  }

  template <size_t size>
  static std::string Text(const std::array<char, size>& bytes) {
    return std::string(bytes.data(), size);
  }

  const SecretKey next_working_ = SecretKey::Random().value();
  std::unique_ptr<EntityKeys> next_;
  DirectoryRow row_;
  const SecretKey key_ = SecretKey::Random().value();
  const KeyRef ref_{KeyId(), 3};
  WrappedConsumerKey wrapped_key_;
};

TEST_F(MovingTest, AMovedPointerIsFoundAndOpenedInTheNextEpochAlone) {
  ASSERT_TRUE(keys_.MovePointer(*next_, &row_).ok());

  const std::string token = next_->DirectoryToken(pointer_.inner_token);
  EXPECT_EQ(Text(row_.token), token);
  const auto opened = next_->OpenPointer(token, Text(row_.pointer));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->inner_token, pointer_.inner_token);
  EXPECT_EQ(opened->consumer_ref, pointer_.consumer_ref);
  EXPECT_TRUE(
      absl::IsDataLoss(keys_.OpenPointer(token, Text(row_.pointer)).status()));
}

TEST_F(MovingTest, AMovedKeyOpensInTheNextEpochAlone) {
  ASSERT_TRUE(keys_.MoveConsumerKey(*next_, ref_, &wrapped_key_).ok());

  const std::string moved = Text(wrapped_key_);
  EXPECT_TRUE(next_->UnwrapConsumerKey(ref_, moved)->Equals(key_));
  EXPECT_TRUE(absl::IsDataLoss(keys_.UnwrapConsumerKey(ref_, moved).status()));
}

TEST_F(MovingTest, WhatDoesNotOpenIsNotMovedAndStaysAsItWas) {
  row_.pointer.back() ^= 1;
  wrapped_key_.back() ^= 1;
  const std::string pointer = Text(row_.pointer);
  const std::string wrapped = Text(wrapped_key_);

  EXPECT_TRUE(absl::IsDataLoss(keys_.MovePointer(*next_, &row_)));
  EXPECT_TRUE(
      absl::IsDataLoss(keys_.MoveConsumerKey(*next_, ref_, &wrapped_key_)));

  EXPECT_EQ(Text(row_.pointer), pointer);
  EXPECT_EQ(Text(wrapped_key_), wrapped);
}

}  // namespace
}  // namespace subrosa
