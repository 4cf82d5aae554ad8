#include "src/crypto/sealed_value.h"

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "src/crypto/key_wrap.h"

namespace subrosa {
namespace {

constexpr absl::string_view kContext = "directory/row 5";
constexpr absl::string_view kCanary = "canary-4410";

class SealedValueTest : public testing::Test {
 protected:
  const SecretKey key_ = *SecretKey::Random();
  const std::string sealed_ = *SealValue(key_, kContext, kCanary);
};

TEST_F(SealedValueTest, ASealedValueComesBack) {
  EXPECT_EQ(*OpenValue(key_, kContext, sealed_), kCanary);
  EXPECT_EQ(sealed_.size(), kCanary.size() + kSealedValueOverheadBytes);
}

TEST_F(SealedValueTest, AnEmptyValueIsAValue) {
  EXPECT_EQ(*OpenValue(key_, "", *SealValue(key_, "", "")), "");
}

TEST_F(SealedValueTest, TheLongestValueIsSealedAndOneByteMoreIsRefused) {
  const std::string longest(kMaxSealedValueBytes, 'v');

  EXPECT_EQ(*OpenValue(key_, kContext, *SealValue(key_, kContext, longest)),
            longest);
  EXPECT_TRUE(absl::IsInvalidArgument(
      SealValue(key_, kContext, longest + "v").status()));
}

TEST_F(SealedValueTest, EveryFlippedBitIsNoticedAndReadsAlike) {
  std::set<std::string> messages;
  for (size_t bit = 0; bit < sealed_.size() * 8; ++bit) {
    std::string bad = sealed_;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const absl::Status status = OpenValue(key_, kContext, bad).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << bit;
    EXPECT_FALSE(absl::StrContains(status.message(), "canary"));
    messages.insert(std::string(status.message()));
  }
  EXPECT_EQ(messages.size(), 1u);
}

TEST_F(SealedValueTest, TruncatedOrExtendedItDoesNotOpen) {
  for (size_t size = 0; size < sealed_.size(); ++size) {
    EXPECT_FALSE(OpenValue(key_, kContext, sealed_.substr(0, size)).ok());
  }
  EXPECT_FALSE(OpenValue(key_, kContext, absl::StrCat(sealed_, "x")).ok());
}

TEST_F(SealedValueTest, AnotherPlaceOrKeyDoesNotOpenIt) {
  EXPECT_FALSE(OpenValue(key_, "directory/row 6", sealed_).ok());
  EXPECT_FALSE(OpenValue(*SecretKey::Random(), kContext, sealed_).ok());
}

TEST_F(SealedValueTest, AWrappedKeyIsNoSealedValue) {
  const SecretKey other = *SecretKey::Random();
  const std::string wrapped = *WrapKey(key_, other, kContext);

  EXPECT_FALSE(OpenValue(key_, kContext, wrapped).ok());
}

TEST_F(SealedValueTest, ABufferOfAnotherSizeIsRefusedAndHoldsNoPlaintext) {
  std::string opened(kCanary.size() + 1, 'x');
  const auto open = [&](size_t size) {
    return OpenValueTo(key_, kContext, sealed_,
                       absl::MakeSpan(&opened[0], size));
  };

  EXPECT_TRUE(absl::IsInvalidArgument(open(kCanary.size() + 1)));
  EXPECT_EQ(opened, std::string(opened.size(), '\0'));
  EXPECT_TRUE(absl::IsInvalidArgument(open(kCanary.size() - 1)));
  EXPECT_TRUE(absl::IsInvalidArgument(
      SealValueTo(key_, kContext, kCanary, absl::MakeSpan(&opened[0], 10))));
  EXPECT_TRUE(open(kCanary.size()).ok());
  EXPECT_EQ(opened.substr(0, kCanary.size()), kCanary);
}

}  // namespace
}  // namespace subrosa
