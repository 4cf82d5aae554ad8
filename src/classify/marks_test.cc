#include "src/classify/marks.h"

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/timestamp.pb.h"
#include "gtest/gtest.h"
#include "src/classify/classification.h"
#include "src/classify/text_schema.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

// A payload with one string field, marked so.
TextSchema Marked(const std::string& mark) {
  return TextSchema(
      "field { name: 'note' number: 1 label: LABEL_OPTIONAL type: TYPE_STRING "
      "options { [subrosa.v1.field] { " +
      mark + " } } }");
}

absl::StatusOr<v1::FieldMark> MarkIn(const std::string& mark) {
  const TextSchema schema = Marked(mark);
  return MarkOf(*schema.payload().field(0));
}

TEST(MarksTest, AMarkIsReadFromADescriptionKnownOnlyAtRunTime) {
  const auto mark = MarkIn(
      "health: HEALTH_CATEGORY_CONDITIONS label: HEALTH_LABEL_MOOD "
      "personal: PERSONAL_CATEGORY_COMMERCIAL "
      "sensitive: SENSITIVE_CATEGORY_SEX_LIFE identifier: IDENTIFIER_EMAIL");
  ASSERT_TRUE(mark.ok()) << mark.status();

  const Classification kinds = KindsOf(*mark);

  EXPECT_TRUE(kinds.categories.Has(v1::HEALTH_CATEGORY_CONDITIONS));
  EXPECT_TRUE(kinds.labels.Has(v1::HEALTH_LABEL_MOOD));
  EXPECT_TRUE(kinds.personal.Has(v1::PERSONAL_CATEGORY_COMMERCIAL));
  EXPECT_TRUE(kinds.sensitive.Has(v1::SENSITIVE_CATEGORY_SEX_LIFE));
  EXPECT_TRUE(kinds.identifiers.Has(v1::IDENTIFIER_EMAIL));
}

TEST(MarksTest, AFieldWithoutAMarkHasAnEmptyOne) {
  const TextSchema schema(
      "field { name: 'a' number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }");

  const auto mark = MarkOf(*schema.payload().field(0));

  ASSERT_TRUE(mark.ok());
  EXPECT_FALSE(IsMarked(*mark));
  EXPECT_EQ(KindsOf(*mark), Classification());
}

TEST(MarksTest, AnythingSaidMakesAMark) {
  for (const char* mark :
       {"health: HEALTH_CATEGORY_GENETIC", "label: HEALTH_LABEL_HIV",
        "personal: PERSONAL_CATEGORY_COMMERCIAL",
        "sensitive: SENSITIVE_CATEGORY_NEURAL", "identifier: IDENTIFIER_URL",
        "role: FIELD_ROLE_CODE", "free_text: true", "from_parent: true",
        "not_personal: true"}) {
    EXPECT_TRUE(IsMarked(*MarkIn(mark))) << mark;
  }
}

TEST(MarksTest, NumbersUnknownToTheTaxonomyAreRefusedByTheirPlace) {
  const struct {
    const char* mark;
    const char* error;
  } cases[] = {
      {"health: 14",
       "test.Payload.note: want a health category known here, got number 14"},
      {"health: 0",
       "test.Payload.note: want a health category known here, got number 0"},
      {"health: -1",
       "test.Payload.note: want a health category known here, got number -1"},
      {"label: 63",
       "test.Payload.note: want a health label known here, got number 63"},
      {"personal: 40",
       "test.Payload.note: want a personal category known here, got number 40"},
      {"sensitive: 13",
       "test.Payload.note: want a sensitive category known here, got number "
       "13"},
      {"identifier: 19",
       "test.Payload.note: want an identifier kind known here, got number 19"},
      {"role: 99",
       "test.Payload.note: want a field role known here, got number 99"},
  };
  for (const auto& bad : cases) {
    const absl::Status status = MarkIn(bad.mark).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << bad.mark;
    EXPECT_EQ(status.message(), bad.error);
  }
}

TEST(MarksTest, NotPersonalBesideAnythingElseIsRefused) {
  for (const char* other :
       {"health: HEALTH_CATEGORY_GENETIC", "free_text: true",
        "from_parent: true", "role: FIELD_ROLE_CODE",
        "identifier: IDENTIFIER_URL"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        MarkIn(std::string("not_personal: true ") + other).status()))
        << other;
  }
}

TEST(MarksTest, AMessagesMarkIsHeldToTheTaxonomyToo) {
  const TextSchema good(
      "options { [subrosa.v1.message] { health: HEALTH_CATEGORY_GENETIC } }");
  const TextSchema bad("options { [subrosa.v1.message] { label: 63 } }");

  EXPECT_TRUE(KindsOf(*MarkOf(good.payload()))
                  .categories.Has(v1::HEALTH_CATEGORY_GENETIC));
  EXPECT_EQ(MarkOf(bad.payload()).status().message(),
            "test.Payload: want a health label known here, got number 63");
}

TEST(MarksTest, AMessageSpeaksForTheFieldThatHoldsItUnlessItLooksToItsParent) {
  const auto& record = *v1::HealthRecord::descriptor();

  EXPECT_TRUE(SpeaksThroughItsFields(*record.FindFieldByName("origin")));
  EXPECT_FALSE(SpeaksThroughItsFields(*record.FindFieldByName("consumer")));
  EXPECT_FALSE(SpeaksThroughItsFields(*record.FindFieldByName("collected_at")));
  const TextSchema schema(
      "field { name: 'why' number: 1 label: LABEL_OPTIONAL type: TYPE_MESSAGE "
      "type_name: '.subrosa.v1.Coding' }");
  EXPECT_FALSE(SpeaksThroughItsFields(*schema.payload().field(0)));
}

TEST(MarksTest, ATimestampIsOneValue) {
  EXPECT_TRUE(IsSingleValue(*google::protobuf::Timestamp::descriptor()));
  EXPECT_FALSE(IsSingleValue(*v1::HealthRecord::descriptor()));
}

}  // namespace
}  // namespace subrosa
