#include "src/exports/others_found.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/steward/scratch_home.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

v1::HealthRecord Journal(const std::string& id, const std::string& text) {
  v1::JournalEntry entry;
  entry.set_text(text);
  return RecordOf("ada", id, entry);
}

OthersFound FoundIn(const std::vector<v1::HealthRecord>& records) {
  ScratchHome home;
  home.Put(records);
  const auto found = FindOthers(home.steward(), "ada", CopyRange());
  EXPECT_TRUE(found.ok()) << found.status();
  return found.value_or(OthersFound());
}

std::string SaidOf(const OthersFound& found) {
  std::string said;
  for (const FoundPlace& place : found.places) {
    said += place.type + place.id + place.when + place.what;
    for (const FoundHealth& health : place.health) {
      said += health.field + health.of;
    }
  }
  return said;
}

TEST(OthersFoundTest, TheHealthOfARelativeIsShown) {
  const OthersFound found =
      FoundIn({Journal("abortion", "my daughter had an abortion last week"),
               Journal("cancer", "my mother has breast cancer"),
               Journal("hiv", "my husband is HIV positive and hides it")});

  EXPECT_EQ(found.with_others, 3);
  EXPECT_EQ(found.kinds.count("health of a relative"), 1u);
  ASSERT_EQ(found.places.size(), 3u);
  for (const FoundPlace& place : found.places) {
    std::vector<v1::HealthCategory> categories;
    for (const FoundHealth& health : place.health) {
      EXPECT_EQ(health.field, "text");
      EXPECT_EQ(health.of, "family");
      categories.push_back(health.category);
    }
    EXPECT_THAT(categories,
                Contains(place.id == "abortion"
                             ? v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL
                             : v1::HEALTH_CATEGORY_CONDITIONS))
        << place.id;
  }
  EXPECT_THAT(SaidOf(found), Not(HasSubstr("mother")));
  EXPECT_THAT(SaidOf(found), Not(HasSubstr("positive")));
}

TEST(OthersFoundTest, TheHealthOfAFriendIsShownAndTheConsumersOwnIsNot) {
  const OthersFound found =
      FoundIn({Journal("friend", "my friend is depressed"),
               Journal("own", "i am depressed and i have diabetes"),
               Journal("none", "a long walk by the sea")});

  EXPECT_EQ(found.records, 3);
  EXPECT_EQ(found.with_others, 1);
  ASSERT_EQ(found.places.size(), 1u);
  EXPECT_EQ(found.places[0].id, "friend");
  ASSERT_FALSE(found.places[0].health.empty());
  EXPECT_EQ(found.places[0].health[0].of, "other");
}

TEST(OthersFoundTest, InACoachsNoteSheIsTheConsumer) {
  v1::HealthRecord by_coach = Journal("coach", "she is depressed");
  by_coach.mutable_provenance()->set_collection(v1::COLLECTION_PROVIDER);

  const OthersFound found =
      FoundIn({by_coach, Journal("own", "she is depressed")});

  EXPECT_EQ(found.with_others, 1);
  ASSERT_EQ(found.places.size(), 1u);
  EXPECT_EQ(found.places[0].id, "own");
}

TEST(OthersFoundTest, AFamilysHistoryIsAlwaysShown) {
  v1::FhirResource history;
  history.set_resource_type("FamilyMemberHistory");
  history.set_json(R"({"resourceType":"FamilyMemberHistory"})");
  v1::CdaEntry section;
  section.set_section("cda:family-history");
  section.set_xml("<entry/>");
  v1::FhirResource observation;
  observation.set_resource_type("Observation");
  observation.set_json(R"({"resourceType":"Observation"})");

  const OthersFound found = FoundIn({RecordOf("ada", "fhir", history),
                                     RecordOf("ada", "cda", section),
                                     RecordOf("ada", "own", observation)});

  EXPECT_EQ(found.with_others, 2);
  EXPECT_EQ(found.kinds.at("health of a relative"), 2);
  for (const FoundPlace& place : found.places) {
    ASSERT_FALSE(place.health.empty()) << place.id;
    EXPECT_EQ(place.health[0].of, "family");
    EXPECT_EQ(place.health[0].category, v1::HEALTH_CATEGORY_CONDITIONS);
  }
}

TEST(OthersFoundTest, ADigestStandsForWhatWasFoundAndWhatTheRecordsSay) {
  ScratchHome home;
  const auto digest = [&home] {
    const auto found = FindOthers(home.steward(), "ada", CopyRange());
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? found->digest : "";
  };
  home.Put({Journal("none", "a long walk by the sea")});
  EXPECT_EQ(digest(), "");
  home.Put({Journal("1", "my mother has cancer")});
  const std::string seen = digest();
  EXPECT_EQ(seen.size(), 16u);
  EXPECT_EQ(digest(), seen);

  home.Put({Journal("none", "a longer walk by the sea")});
  EXPECT_EQ(digest(), seen);
  home.Put({Journal("1", "my mother has a cancer")});
  const std::string revised = digest();
  EXPECT_NE(revised, seen);
  home.Put({Journal("2", "my father is depressed")});
  EXPECT_NE(digest(), revised);
}

TEST(OthersFoundTest, WhatIsShownIsBounded) {
  v1::MoodCheckIn check_in;
  check_in.set_note("my mother has cancer");
  std::vector<v1::HealthRecord> records;
  for (size_t i = 0; i <= OthersFound::kMostPlaces; ++i) {
    records.push_back(RecordOf("ada", std::to_string(i), check_in));
  }

  const OthersFound found = FoundIn(records);

  EXPECT_EQ(found.with_others,
            static_cast<int64_t>(OthersFound::kMostPlaces) + 1);
  EXPECT_EQ(found.places.size(), OthersFound::kMostPlaces);
}

}  // namespace
}  // namespace subrosa
