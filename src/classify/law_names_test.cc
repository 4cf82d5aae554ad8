// The taxonomy names the kinds of data that the law packs name, by their
// clauses.
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "gtest/gtest.h"
#include "src/classify/taxonomy_facts.h"
#include "src/law/law_book.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

const v1::LawRule& Rule(const std::string& id) {
  static const LawBook* const book = new LawBook(LawBook::BuiltIn().value());
  return *book->Find(id)->rule;
}

template <typename E>
std::set<E> SetOf(const google::protobuf::RepeatedField<int>& values) {
  std::set<E> set;
  for (const int value : values) set.insert(static_cast<E>(value));
  return set;
}

template <typename E>
std::set<E> All() {
  const auto& values = AllValues<E>();
  return std::set<E>(values.begin(), values.end());
}

// Covers: wa-mhmda/consumer-health-data
TEST(LawNamesTest, WashingtonsThirteenKindsAreOursAndCiteItsDefinition) {
  const v1::LawRule& rule = Rule("wa-mhmda/consumer-health-data");
  EXPECT_EQ(SetOf<v1::HealthCategory>(rule.names().health()),
            All<v1::HealthCategory>());
  for (const v1::HealthCategory category : AllValues<v1::HealthCategory>()) {
    EXPECT_TRUE(absl::StartsWith(FactsOf(category).clause(), rule.citation()))
        << Slug(category);
  }
}

// Covers: nv-sb370/consumer-health-data
TEST(LawNamesTest, NevadaNamesWhatTheTaxonomyGivesACounterpartThere) {
  const v1::LawRule& rule = Rule("nv-sb370/consumer-health-data");
  const auto named = SetOf<v1::HealthCategory>(rule.names().health());
  for (const v1::HealthCategory category : AllValues<v1::HealthCategory>()) {
    EXPECT_EQ(named.count(category) != 0, !FactsOf(category).nevada().empty())
        << Slug(category);
    EXPECT_TRUE(FactsOf(category).nevada().empty() ||
                absl::StartsWith(FactsOf(category).nevada(), rule.citation()))
        << Slug(category);
  }
}

// Covers: wa-mhmda/persistent-identifiers
TEST(LawNamesTest, PersistentIdentifiersAreIdentifiers) {
  const v1::LawRule& rule = Rule("wa-mhmda/persistent-identifiers");
  for (const v1::IdentifierKind kind :
       SetOf<v1::IdentifierKind>(rule.names().identifier())) {
    EXPECT_FALSE(FactsOf(kind).clause().empty()) << Slug(kind);
  }
  EXPECT_EQ(FactsOf(v1::IDENTIFIER_COOKIE_ID).clause(), rule.citation());
}

// Covers: ca-ccpa/personal-information
TEST(LawNamesTest, CaliforniasTwelveCategoriesAreOurs) {
  const v1::LawRule& rule = Rule("ca-ccpa/personal-information");
  EXPECT_EQ(SetOf<v1::PersonalCategory>(rule.names().personal()),
            All<v1::PersonalCategory>());
  for (const v1::PersonalCategory kind : AllValues<v1::PersonalCategory>()) {
    EXPECT_TRUE(absl::StartsWith(absl::StrCat("Cal. ", FactsOf(kind).clause()),
                                 rule.citation()))
        << Slug(kind);
  }
}

// Covers: ca-ccpa/sensitive-personal-information, ca-ccpa/sensitive-under-16
TEST(LawNamesTest, CaliforniasSensitiveKindsAreOurs) {
  const v1::LawRule& under_16 = Rule("ca-ccpa/sensitive-under-16");
  auto named = SetOf<v1::SensitiveCategory>(
      Rule("ca-ccpa/sensitive-personal-information").names().sensitive());
  named.merge(SetOf<v1::SensitiveCategory>(under_16.names().sensitive()));
  EXPECT_EQ(named, All<v1::SensitiveCategory>());
  EXPECT_EQ(FactsOf(v1::SENSITIVE_CATEGORY_UNDER_16).clause(),
            under_16.citation());
}

// Covers: us-hipaa-safe-harbor/identifiers
TEST(LawNamesTest, SafeHarborsEighteenIdentifiersAreOurs) {
  const v1::LawRule& rule = Rule("us-hipaa-safe-harbor/identifiers");
  const auto named = SetOf<v1::IdentifierKind>(rule.names().identifier());
  EXPECT_EQ(named.size(), 18u);
  for (const v1::IdentifierKind kind : AllValues<v1::IdentifierKind>()) {
    EXPECT_EQ(named.count(kind) != 0,
              absl::StartsWith(FactsOf(kind).clause(), rule.citation()))
        << Slug(kind);
  }
}

}  // namespace
}  // namespace subrosa
