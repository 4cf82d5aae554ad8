#include "src/classify/redactor.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/crypto/secret_key.h"

namespace subrosa {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

TEST(RedactorTest, AMarkerSaysTheTypeAndNothingElse) {
  const Redactor redactor = Redactor::Markers();

  EXPECT_EQ("[PHONE]", redactor.Replacement("text/phone", "555-0100"));
  EXPECT_EQ("[USER_NAME]", redactor.Replacement("text/user-name", ""));
  EXPECT_EQ("[BARE]", redactor.Replacement("bare", "x"));
}

TEST(RedactorTest, EqualValuesOfOneTypeGetOnePseudonym) {
  const Redactor redactor =
      Redactor::Pseudonyms(std::move(SecretKey::Random()).value());

  const std::string first = redactor.Replacement("text/phone", "555-0100");
  EXPECT_THAT(first, MatchesRegex("\\[PHONE:[a-z2-7]{12}\\]"));
  EXPECT_EQ(first, redactor.Replacement("text/phone", "555-0100"));
  EXPECT_THAT(first, Not(HasSubstr("555")));
}

TEST(RedactorTest, OtherValuesTypesAndKeysGetOtherPseudonyms) {
  SecretKey key = std::move(SecretKey::Random()).value();
  const Redactor same = Redactor::Pseudonyms(std::move(key.Clone()).value());
  const Redactor redactor = Redactor::Pseudonyms(std::move(key));
  const Redactor other =
      Redactor::Pseudonyms(std::move(SecretKey::Random()).value());
  const std::string pseudonym = redactor.Replacement("text/phone", "555-0100");

  EXPECT_EQ(pseudonym, same.Replacement("text/phone", "555-0100"));
  EXPECT_NE(pseudonym, redactor.Replacement("text/phone", "5550100"));
  EXPECT_NE(pseudonym, other.Replacement("text/phone", "555-0100"));
  EXPECT_NE(pseudonym.substr(7),
            redactor.Replacement("text/other", "555-0100").substr(7));
}

TEST(RedactorTest, ThousandsOfValuesDoNotMeet) {
  const Redactor redactor =
      Redactor::Pseudonyms(std::move(SecretKey::Random()).value());

  std::set<std::string> seen;
  for (int i = 0; i < 10000; ++i) {
    seen.insert(redactor.Replacement("text/phone", absl::StrCat(i)));
  }
  EXPECT_EQ(10000, seen.size());
}

}  // namespace
}  // namespace subrosa
