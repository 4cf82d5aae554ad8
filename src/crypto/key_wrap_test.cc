#include "src/crypto/key_wrap.h"

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr absl::string_view kContext = "acme/key 1/version 3/epoch 9";

class KeyWrapTest : public testing::Test {
 protected:
  absl::Status WhyNot(absl::string_view wrapped,
                      absl::string_view context = kContext) {
    return UnwrapKey(epoch_, wrapped, context).status();
  }

  const SecretKey epoch_ = *SecretKey::Random();
  const SecretKey key_ = *SecretKey::Random();
  const std::string wrapped_ = *WrapKey(epoch_, key_, kContext);
};

TEST_F(KeyWrapTest, AWrappedKeyComesBack) {
  EXPECT_EQ(wrapped_.size(), kWrappedKeyBytes);
  EXPECT_TRUE(UnwrapKey(epoch_, wrapped_, kContext)->Equals(key_));
}

TEST_F(KeyWrapTest, TwoWrapsOfOneKeyLookUnrelated) {
  EXPECT_NE(*WrapKey(epoch_, key_, kContext), wrapped_);
}

TEST_F(KeyWrapTest, EveryFlippedBitIsNoticedAndReadsAlike) {
  std::set<std::string> messages;
  for (size_t bit = 0; bit < wrapped_.size() * 8; ++bit) {
    std::string bad = wrapped_;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const absl::Status status = WhyNot(bad);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << bit;
    messages.insert(std::string(status.message()));
  }
  EXPECT_EQ(messages.size(), 1u);
}

TEST_F(KeyWrapTest, EveryOtherLengthIsRefused) {
  for (size_t size = 0; size < wrapped_.size(); ++size) {
    EXPECT_TRUE(absl::IsInvalidArgument(WhyNot(wrapped_.substr(0, size))));
  }
  EXPECT_TRUE(absl::IsInvalidArgument(WhyNot(wrapped_ + "x")));
}

TEST_F(KeyWrapTest, AKeyMovedToAnotherPlaceDoesNotOpen) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      WhyNot(wrapped_, "acme/key 1/version 3/epoch 8")));
  EXPECT_TRUE(absl::IsInvalidArgument(WhyNot(wrapped_, "")));
}

TEST_F(KeyWrapTest, AnotherWrappingKeyDoesNotOpenIt) {
  EXPECT_TRUE(
      absl::IsInvalidArgument(UnwrapKey(key_, wrapped_, kContext).status()));
}

TEST_F(KeyWrapTest, ARewrappedKeyOpensAtItsNewPlaceAlone) {
  const SecretKey next = *SecretKey::Random();
  std::string moved = wrapped_;

  ASSERT_TRUE(RewrapKey({epoch_, kContext}, moved, {next, "epoch 10"},
                        absl::MakeSpan(&moved[0], moved.size()))
                  .ok());

  EXPECT_TRUE(UnwrapKey(next, moved, "epoch 10")->Equals(key_));
  EXPECT_TRUE(absl::IsInvalidArgument(WhyNot(moved)));
  EXPECT_FALSE(UnwrapKey(next, moved, kContext).ok());
}

TEST_F(KeyWrapTest, WhatDoesNotOpenIsNotRewrapped) {
  const SecretKey next = *SecretKey::Random();
  std::string bad = wrapped_;
  bad[50] ^= 1;
  const std::string before = bad;
  const auto rewrap = [&](absl::string_view wrapped, size_t size) {
    return RewrapKey({epoch_, kContext}, wrapped, {next, kContext},
                     absl::MakeSpan(&bad[0], size));
  };

  EXPECT_EQ(rewrap(bad, bad.size()), WhyNot(bad));
  EXPECT_EQ(rewrap(wrapped_.substr(1), bad.size()), WhyNot(bad));
  EXPECT_TRUE(absl::IsInvalidArgument(rewrap(wrapped_, bad.size() - 1)));
  EXPECT_EQ(bad, before);
}

}  // namespace
}  // namespace subrosa
