#include "src/crypto/token_provider.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "src/crypto/provider_contract.h"

namespace subrosa {
namespace {

const absl::Time kMonday = absl::FromUnixSeconds(1790000000);

TEST(TokenProviderTest, ATokenKeepsTheProvidersContract) {
  TokenProvider token;

  ExpectKeepsTheContract(&token);
}

TEST(TokenProviderTest, DestructionOnATokenIsAssuranceA) {
  TokenProvider token;
  ASSERT_TRUE(token.CreateEpoch("acme", 1, kMonday).ok());

  EXPECT_EQ(token.DestroyEpoch("acme", 1)->assurance,
            Assurance::kHardwareObject);
}

TEST(TokenProviderTest, APulledTokenIsUnavailableAndThenGoesOn) {
  TokenProvider token;
  const std::string blob = *token.CreateEpoch("acme", 1, kMonday);

  token.PullOut();
  EXPECT_TRUE(absl::IsUnavailable(token.OpenEpoch("acme", 1, blob).status()));
  EXPECT_TRUE(absl::IsUnavailable(token.DestroyEpoch("acme", 1).status()));
  token.PutBack();

  EXPECT_TRUE(token.OpenEpoch("acme", 1, blob).ok());
}

TEST(TokenProviderTest, WithoutAPinNothingIsAnswered) {
  TokenProvider token;
  const std::string blob = *token.CreateEpoch("acme", 1, kMonday);

  token.LogOut();

  EXPECT_TRUE(
      absl::IsPermissionDenied(token.OpenEpoch("acme", 1, blob).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(token.ListEpochs("acme").status()));
  token.LogIn();
  EXPECT_TRUE(token.OpenEpoch("acme", 1, blob).ok());
}

}  // namespace
}  // namespace subrosa
