#include "src/classify/published_terms.h"

#include <climits>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/classify/classification.h"
#include "src/classify/taxonomy_facts.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kPdTerms[] = "https://w3id.org/dpv/pd#";

const TermMap& BuiltIn() {
  static const TermMap* const map = new TermMap(*std::move(TermMap::BuiltIn()));
  return *map;
}

template <typename E>
void ExpectTermsForEach(void (*add)(E, Classification*)) {
  for (const E value : AllValues<E>()) {
    Classification kinds;
    add(value, &kinds);
    EXPECT_FALSE(BuiltIn().Of(kinds).fideslang.empty()) << Slug(value);
    EXPECT_FALSE(BuiltIn().Of(kinds).dpv.empty()) << Slug(value);
  }
}

// Every value of every set.
Classification Everything() {
  Classification kinds;
  kinds.categories = CategorySet::FromBits(~0u);
  kinds.labels = LabelSet::FromBits(~uint64_t{0});
  kinds.personal = PersonalSet::FromBits(~0u);
  kinds.sensitive = SensitiveSet::FromBits(~0u);
  kinds.identifiers = IdentifierSet::FromBits(~uint64_t{0});
  return kinds;
}

// The test's files are links into the checkout, so its place can be told.
std::string TaxonomyFile(absl::string_view name) {
  std::string folder;
  if (const char* given = getenv("SUBROSA_DATA")) {
    folder = given;
  } else {
    constexpr char kOwn[] = "/src/classify/terms/published_terms.tsv";
    char real[PATH_MAX];
    const std::string own = absl::StrCat(getenv("TEST_SRCDIR"), "/",
                                         getenv("TEST_WORKSPACE"), kOwn);
    if (realpath(own.c_str(), real) == nullptr) return "";
    folder = absl::StrCat(absl::StripSuffix(real, kOwn), "/../shared/data");
  }
  const auto text =
      ReadFile(absl::StrCat(folder, "/taxonomy/", name), 16 << 20);
  return text.ok() ? *text : "";
}

TEST(PublishedTermsTest, EveryKindHasATermInBothVocabularies) {
  ExpectTermsForEach<v1::HealthCategory>(
      [](v1::HealthCategory value, Classification* kinds) {
        kinds->categories.Add(value);
      });
  ExpectTermsForEach<v1::PersonalCategory>(
      [](v1::PersonalCategory value, Classification* kinds) {
        kinds->personal.Add(value);
      });
  ExpectTermsForEach<v1::SensitiveCategory>(
      [](v1::SensitiveCategory value, Classification* kinds) {
        kinds->sensitive.Add(value);
      });
  ExpectTermsForEach<v1::IdentifierKind>(
      [](v1::IdentifierKind value, Classification* kinds) {
        kinds->identifiers.Add(value);
      });
}

TEST(PublishedTermsTest, EveryTermIsOneOfFideslang) {
  const std::string text = TaxonomyFile("fideslang_data_categories.json");
  if (text.empty()) GTEST_SKIP() << "no fideslang in $SUBROSA_DATA";
  std::set<std::string> known;
  const nlohmann::json vocabulary = nlohmann::json::parse(text);
  for (const auto& category : vocabulary["data_category"]) {
    known.insert(category["fides_key"].get<std::string>());
  }
  ASSERT_GT(known.size(), 50u);

  for (const std::string& term : BuiltIn().Of(Everything()).fideslang) {
    EXPECT_EQ(known.count(term), 1u) << term;
  }
}

TEST(PublishedTermsTest, EveryTermIsOneOfDpv) {
  const std::string text = TaxonomyFile("dpv_pd.csv");
  if (text.empty()) GTEST_SKIP() << "no DPV in $SUBROSA_DATA";
  std::set<std::string> known;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::pair<absl::string_view, absl::string_view> cut =
        absl::StrSplit(line, absl::MaxSplits(',', 1));
    known.insert(absl::StrCat(kPdTerms, cut.first));
  }
  ASSERT_GT(known.size(), 100u);

  for (const std::string& term : BuiltIn().Of(Everything()).dpv) {
    EXPECT_EQ(known.count(term), 1u) << term;
  }
}

TEST(PublishedTermsTest, ATermAboveAnotherIsLeftOut) {
  Classification kinds;
  kinds.personal.Add(v1::PERSONAL_CATEGORY_GEOLOCATION);
  EXPECT_THAT(BuiltIn().Of(kinds).fideslang, ElementsAre("user.location"));

  kinds.identifiers.Add(v1::IDENTIFIER_PRECISE_LOCATION);
  EXPECT_THAT(BuiltIn().Of(kinds).fideslang,
              ElementsAre("user.location.precise"));
}

TEST(PublishedTermsTest, NothingHeldHasNoTerm) {
  EXPECT_TRUE(BuiltIn().Of(Classification()).fideslang.empty());
  EXPECT_TRUE(BuiltIn().Of(Classification()).dpv.empty());
}

TEST(PublishedTermsTest, AMalformedLineIsNamedByFileAndNumber) {
  const struct {
    std::string text;
    const char* error;
  } cases[] = {
      {"identifier\tname\n", "terms.tsv:1: want kind, slug, fideslang and DPV"},
      {"# a\nnonsense\tname\ta\tb\n", "terms.tsv:2: want a kind of the"},
      {"identifier\tnonsense\ta\tb\n", "terms.tsv:1: want a kind of the"},
      {"identifier\tname\ta\tb\nidentifier\tname\ta\tb\n",
       "terms.tsv:2: want each kind once, got `name`"},
  };
  for (const auto& bad : cases) {
    const absl::Status status = TermMap::Parse("terms.tsv", bad.text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_THAT(std::string(status.message()), HasSubstr(bad.error));
  }
}

}  // namespace
}  // namespace subrosa
