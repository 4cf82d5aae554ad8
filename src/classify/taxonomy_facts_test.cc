#include "src/classify/taxonomy_facts.h"

#include <set>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(TaxonomyFactsTest, ACategoryCarriesItsClauseAndItsWords) {
  const v1::ClauseFacts& facts = FactsOf(v1::HEALTH_CATEGORY_CONDITIONS);

  EXPECT_EQ(facts.clause(), "RCW 19.373.010(8)(b)(i)");
  EXPECT_EQ(facts.nevada(), "NRS 603A.430(1)(a)(1)");
  EXPECT_EQ(Title(v1::HEALTH_CATEGORY_CONDITIONS), facts.title());
}

TEST(TaxonomyFactsTest, ALabelKnowsTheCategoriesItHangsBelow) {
  const v1::LabelFacts& facts = FactsOf(v1::HEALTH_LABEL_CYCLE);

  ASSERT_EQ(facts.under_size(), 1);
  EXPECT_EQ(facts.under(0), v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL);
}

TEST(TaxonomyFactsTest, TheStatuteNamesThirteenCategoriesInItsOrder) {
  const auto& categories = AllValues<v1::HealthCategory>();

  ASSERT_EQ(categories.size(), 13u);
  EXPECT_EQ(categories.front(), v1::HEALTH_CATEGORY_CONDITIONS);
  EXPECT_EQ(categories.back(), v1::HEALTH_CATEGORY_INFERRED);
}

template <typename E>
void ExpectEveryValueToHaveFacts() {
  std::set<std::string> slugs;
  for (const E value : AllValues<E>()) {
    EXPECT_FALSE(FactsOf(value).title().empty()) << Slug(value);
    EXPECT_TRUE(slugs.insert(std::string(Slug(value))).second) << Slug(value);
    const auto parsed = ParseSlug<E>(Slug(value));
    ASSERT_TRUE(parsed.ok()) << Slug(value);
    EXPECT_EQ(*parsed, value);
  }
}

TEST(TaxonomyFactsTest, EveryValueHasWordsAndASlugThatReadsBack) {
  ExpectEveryValueToHaveFacts<v1::HealthCategory>();
  ExpectEveryValueToHaveFacts<v1::HealthLabel>();
  ExpectEveryValueToHaveFacts<v1::PersonalCategory>();
  ExpectEveryValueToHaveFacts<v1::SensitiveCategory>();
  ExpectEveryValueToHaveFacts<v1::IdentifierKind>();
}

TEST(TaxonomyFactsTest, EveryClauseIsCitedAndItsCertaintySaid) {
  const auto cited = [](const v1::ClauseFacts& facts) {
    return !facts.clause().empty() &&
           facts.certainty() != v1::TEXT_CERTAINTY_UNSPECIFIED;
  };
  for (const auto value : AllValues<v1::HealthCategory>()) {
    EXPECT_TRUE(cited(FactsOf(value))) << Slug(value);
  }
  for (const auto value : AllValues<v1::PersonalCategory>()) {
    EXPECT_TRUE(cited(FactsOf(value))) << Slug(value);
  }
  for (const auto value : AllValues<v1::SensitiveCategory>()) {
    EXPECT_TRUE(cited(FactsOf(value))) << Slug(value);
  }
  for (const auto value : AllValues<v1::IdentifierKind>()) {
    EXPECT_TRUE(cited(FactsOf(value))) << Slug(value);
  }
}

TEST(TaxonomyFactsTest, SlugsAreTheNamesInLowerCase) {
  EXPECT_EQ(Slug(v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL),
            "reproductive-or-sexual");
  EXPECT_EQ(Slug(v1::HEALTH_LABEL_MENTAL_HEALTH), "mental-health");
  EXPECT_EQ(Slug(v1::IDENTIFIER_MEDICAL_RECORD_NUMBER),
            "medical-record-number");
  EXPECT_EQ(Slug(v1::HEALTH_CATEGORY_UNSPECIFIED), "unspecified");
}

TEST(TaxonomyFactsTest, ANumberUnknownHereHasNoFacts) {
  const auto unknown = static_cast<v1::HealthCategory>(99);

  EXPECT_TRUE(FactsOf(unknown).clause().empty());
  EXPECT_EQ(Slug(unknown), "unknown");
  EXPECT_EQ(Title(unknown), "unknown");
  EXPECT_TRUE(FactsOf(static_cast<v1::HealthLabel>(-1)).title().empty());
}

TEST(TaxonomyFactsTest, OnlyExactSlugsAreRead) {
  for (const char* slug :
       {"", "unspecified", "unknown", "Conditions", "conditions ",
        " conditions", "HEALTH_CATEGORY_CONDITIONS", "mental-health",
        "condition", "1"}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(ParseSlug<v1::HealthCategory>(slug).status()))
        << slug;
  }
}

TEST(TaxonomyFactsTest, AnUnknownSlugIsNotRepeated) {
  const absl::Status status =
      ParseSlug<v1::HealthLabel>("canary-7f3a").status();

  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("canary")));
  EXPECT_EQ(status.message(),
            "want a health label such as `mental-health`, got something else");
}

TEST(TaxonomyFactsTest, CertaintyIsSaidInWordsAndUnsaidIsMemory) {
  EXPECT_EQ(CertaintyText(v1::TEXT_CERTAINTY_STATUTE_READ), "statute read");
  EXPECT_EQ(CertaintyText(v1::TEXT_CERTAINTY_SECONDARY), "secondary source");
  EXPECT_EQ(CertaintyText(v1::TEXT_CERTAINTY_MEMORY), "from memory: check");
  EXPECT_EQ(CertaintyText(v1::TEXT_CERTAINTY_UNSPECIFIED),
            "from memory: check");
}

}  // namespace
}  // namespace subrosa
