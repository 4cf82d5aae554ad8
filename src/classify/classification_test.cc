#include "src/classify/classification.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ClassificationTest, AKindIsTheBitOfItsNumber) {
  CategorySet set(v1::HEALTH_CATEGORY_CONDITIONS);
  set.Add(v1::HEALTH_CATEGORY_INFERRED);

  EXPECT_EQ(set.bits(), (1u << 1) | (1u << 13));
  EXPECT_THAT(set.Values(), ElementsAre(v1::HEALTH_CATEGORY_CONDITIONS,
                                        v1::HEALTH_CATEGORY_INFERRED));
}

TEST(ClassificationTest, ASetReadsBackFromItsBits) {
  const auto set = LabelSet::FromBits(uint64_t{1} << 42);

  EXPECT_TRUE(set.Has(v1::HEALTH_LABEL_NEURODEVELOPMENT));
  EXPECT_EQ(LabelSet::FromBits(set.bits()), set);
}

TEST(ClassificationTest, UnspecifiedIsNeverAMember) {
  CategorySet set(v1::HEALTH_CATEGORY_UNSPECIFIED);

  EXPECT_TRUE(set.empty());
  EXPECT_FALSE(set.Has(v1::HEALTH_CATEGORY_UNSPECIFIED));
  EXPECT_TRUE(CategorySet::FromBits(1).empty());
}

TEST(ClassificationTest, NumbersBeyondTheWordAreNeverMembers) {
  CategorySet set;
  for (const int number : {-1, 32, 33, 64, 1 << 30}) {
    set.Add(static_cast<v1::HealthCategory>(number));
    EXPECT_FALSE(set.Has(static_cast<v1::HealthCategory>(number))) << number;
  }
  EXPECT_TRUE(set.empty());
  LabelSet labels;
  labels.Add(static_cast<v1::HealthLabel>(64));
  EXPECT_TRUE(labels.empty());
}

TEST(ClassificationTest, EveryKindOfTheTaxonomyFitsItsWord) {
  EXPECT_LE(v1::HealthCategory_MAX, CategorySet::kMaxNumber);
  EXPECT_LT(v1::HealthLabel_MAX, LabelSet::kMaxNumber);  // Of a signed column.
  EXPECT_LE(v1::PersonalCategory_MAX, PersonalSet::kMaxNumber);
  EXPECT_LE(v1::SensitiveCategory_MAX, SensitiveSet::kMaxNumber);
  EXPECT_LE(v1::IdentifierKind_MAX, IdentifierSet::kMaxNumber);
}

TEST(ClassificationTest, JoiningKeepsAllOfBoth) {
  Classification a, b;
  a.categories.Add(v1::HEALTH_CATEGORY_MEDICATION);
  a.identifiers.Add(v1::IDENTIFIER_EMAIL);
  b.labels.Add(v1::HEALTH_LABEL_HIV);
  b.personal.Add(v1::PERSONAL_CATEGORY_COMMERCIAL);
  b.sensitive.Add(v1::SENSITIVE_CATEGORY_HEALTH);
  b.has_unmarked = true;

  a |= b;

  EXPECT_TRUE(a.categories.Has(v1::HEALTH_CATEGORY_MEDICATION));
  EXPECT_TRUE(a.identifiers.Has(v1::IDENTIFIER_EMAIL));
  EXPECT_TRUE(a.labels.Has(v1::HEALTH_LABEL_HIV));
  EXPECT_TRUE(a.personal.Has(v1::PERSONAL_CATEGORY_COMMERCIAL));
  EXPECT_TRUE(a.sensitive.Has(v1::SENSITIVE_CATEGORY_HEALTH));
  EXPECT_TRUE(a.has_unmarked);
  EXPECT_NE(a, b);
}

TEST(ClassificationTest, NoKindsAtAllIsALegalOutcome) {
  EXPECT_EQ(Classification(), Classification());
  EXPECT_THAT(Classification().categories.Values(), IsEmpty());
}

TEST(ClassificationTest, AnythingThatDiffersMakesTwoDiffer) {
  Classification unmarked;
  unmarked.has_unmarked = true;
  Classification labelled;
  labelled.labels.Add(v1::HEALTH_LABEL_HIV);

  EXPECT_NE(unmarked, Classification());
  EXPECT_NE(labelled, Classification());
}

TEST(ClassificationTest, EveryBasisHasItsWord) {
  EXPECT_EQ(BasisText(FindingBasis::kMark), "mark");
  EXPECT_EQ(BasisText(FindingBasis::kCode), "code");
  EXPECT_EQ(BasisText(FindingBasis::kIdentifier), "identifier");
  EXPECT_EQ(BasisText(FindingBasis::kLanguage), "language");
  EXPECT_EQ(BasisText(FindingBasis::kInference), "inference");
  EXPECT_EQ(BasisText(static_cast<FindingBasis>(0)), "unknown");
}

}  // namespace
}  // namespace subrosa
