#include "src/crypto/slow_token.h"

#include "gtest/gtest.h"

namespace subrosa {
namespace {

class SlowTokenTest : public testing::Test {
 protected:
  std::array<uint8_t, kPrfBytes> Token(absl::string_view context,
                                       absl::string_view value) {
    return SlowToken(key_, context, value).value();
  }

  const SecretKey key_ = SecretKey::Random().value();
};

TEST_F(SlowTokenTest, OneValueHasOneTokenUnderOneKey) {
  EXPECT_EQ(Token("ssn", "078-05-1120"), Token("ssn", "078-05-1120"));
}

TEST_F(SlowTokenTest, WithoutTheKeyAGuessedValueCannotBeConfirmed) {
  const SecretKey other = SecretKey::Random().value();

  EXPECT_NE(SlowToken(other, "ssn", "078-05-1120").value(),
            Token("ssn", "078-05-1120"));
}

TEST_F(SlowTokenTest, OneValueInTwoPlacesHasUnrelatedTokens) {
  EXPECT_NE(Token("ssn", "078-05-1120"), Token("phone", "078-05-1120"));
  EXPECT_NE(Token("ssn", "078-05-1120"), Token("ssn0", "78-05-1120"));
}

TEST_F(SlowTokenTest, NoValueIsAValueToo) {
  EXPECT_NE(Token("ssn", ""), Token("ssn", "0"));
}

TEST_F(SlowTokenTest, TheCostIsAtLeastWhatOwaspAsks) {
  EXPECT_GE(kSlowTokenCost.memory_kib, uint32_t{19} << 10);
  EXPECT_GE(kSlowTokenCost.passes, 2u);
}

}  // namespace
}  // namespace subrosa
