#include "src/vault/indexed_field.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/ingest/message_types.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kCheckIn[] = "subrosa.v1.MoodCheckIn";

absl::StatusOr<IndexedField> Resolve(absl::string_view schema,
                                     absl::string_view path) {
  return IndexedField::Resolve(schema, path, *MessageTypes::Linked());
}

IndexedField FieldAt(absl::string_view schema, absl::string_view path) {
  auto field = Resolve(schema, path);
  EXPECT_TRUE(field.ok()) << field.status();
  return *std::move(field);
}

v1::HealthRecord RecordOf(const google::protobuf::Message& payload) {
  v1::HealthRecord record;
  record.mutable_payload()->PackFrom(payload);
  return record;
}

v1::HealthRecord CheckInFrom(const std::string& device) {
  v1::MoodCheckIn check_in;
  check_in.set_device_id(device);
  return RecordOf(check_in);
}

TEST(IndexedFieldTest, AMessageThatIsNotKnownIsRefused) {
  const auto field = Resolve("clinic.v1.Visit", "room");

  EXPECT_TRUE(absl::IsFailedPrecondition(field.status())) << field.status();
  EXPECT_THAT(std::string(field.status().message()),
              HasSubstr("--descriptor-set"));
}

TEST(IndexedFieldTest, AFieldThatTheMessageHasNotIsRefused) {
  for (const char* path :
       {"", "device", "device_id.", "device_id.x", ".note"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Resolve(kCheckIn, path).status()))
        << path;
  }
}

TEST(IndexedFieldTest, AnIdentifierIsNeitherSensitiveNorEnumerable) {
  const IndexFieldFacts facts = FieldAt(kCheckIn, "device_id").facts();

  EXPECT_TRUE(facts.is_exact);
  EXPECT_TRUE(facts.is_marked);
  EXPECT_FALSE(facts.is_sensitive);
  EXPECT_FALSE(facts.is_enumerable);
  EXPECT_FALSE(facts.is_free_text);
}

TEST(IndexedFieldTest, HealthMarksFreeTextAndEnumsAreSeen) {
  EXPECT_TRUE(FieldAt(kCheckIn, "feelings").facts().is_sensitive);
  EXPECT_TRUE(FieldAt(kCheckIn, "note").facts().is_free_text);
  EXPECT_TRUE(FieldAt(kCheckIn, "score").facts().is_enumerable);
  EXPECT_TRUE(FieldAt("subrosa.v1.SubscriptionEvent", "age_band")
                  .facts()
                  .has_few_values);
  EXPECT_FALSE(
      FieldAt("subrosa.v1.LocationVisit", "latitude").facts().is_exact);
  EXPECT_TRUE(FieldAt("subrosa.v1.SubscriptionEvent", "household_id")
                  .facts()
                  .is_enumerable);
}

TEST(IndexedFieldTest, AMarkOnAMessageHoldsForTheCodesBelowIt) {
  const IndexFieldFacts facts =
      FieldAt("subrosa.v1.Medication", "medicine.coding.code").facts();

  EXPECT_TRUE(facts.is_exact);
  EXPECT_TRUE(facts.is_sensitive);
}

TEST(IndexedFieldTest, ValuesThatDifferInCaseOrCompositionAreOne) {
  const IndexedField field = FieldAt(kCheckIn, "device_id");

  const auto values = field.ValuesIn(CheckInFrom("CAF\u00c9"));

  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_THAT(*values, ElementsAre(field.Normalize("cafe\u0301").value()));
  EXPECT_EQ(field.Normalize("Stra\u00dfe").value(),
            field.Normalize("STRASSE").value());
}

TEST(IndexedFieldTest, SpaceAndPunctuationKeepValuesApart) {
  const IndexedField field = FieldAt(kCheckIn, "device_id");

  EXPECT_NE(field.Normalize("555 0100").value(),
            field.Normalize("555-0100").value());
  EXPECT_NE(field.Normalize("d-1 ").value(), field.Normalize("d-1").value());
}

TEST(IndexedFieldTest, EachElementOfARepeatedFieldIsAValueOnce) {
  v1::MoodCheckIn check_in;
  for (const char* feeling : {"tired", "Calm", "TIRED", ""}) {
    check_in.add_feelings(feeling);
  }

  const auto values =
      FieldAt(kCheckIn, "feelings").ValuesIn(RecordOf(check_in));

  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_THAT(*values, ElementsAre("calm", "tired"));
}

TEST(IndexedFieldTest, NestedAndRepeatedMessagesAreGoneThrough) {
  v1::Medication medication;
  medication.mutable_medicine()->add_coding()->set_code("6901");
  medication.mutable_medicine()->add_coding()->set_code("A10BA02");

  const auto values = FieldAt("subrosa.v1.Medication", "medicine.coding.code")
                          .ValuesIn(RecordOf(medication));

  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_THAT(*values, ElementsAre("6901", "a10ba02"));
}

TEST(IndexedFieldTest, ARecordOfAnotherTypeHasNoValue) {
  v1::JournalEntry entry;
  entry.set_title("d-1");

  EXPECT_THAT(FieldAt(kCheckIn, "device_id").ValuesIn(RecordOf(entry)).value(),
              IsEmpty());
}

TEST(IndexedFieldTest, APayloadThatIsNoMessageOfItsTypeHasNoValue) {
  v1::HealthRecord record = CheckInFrom("d-1");
  record.mutable_payload()->set_value("\xff");

  EXPECT_THAT(FieldAt(kCheckIn, "device_id").ValuesIn(record).value(),
              IsEmpty());
}

TEST(IndexedFieldTest, ANumberIsTypedInDecimal) {
  const IndexedField field = FieldAt(kCheckIn, "score");

  EXPECT_EQ(field.Normalize("+7").value(), field.Normalize("07").value());
  const auto wrong = field.Normalize("seven");
  EXPECT_TRUE(absl::IsInvalidArgument(wrong.status()));
  EXPECT_THAT(std::string(wrong.status().message()), Not(HasSubstr("seven")));
}

TEST(IndexedFieldTest, NothingCannotBeSearchedFor) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      FieldAt(kCheckIn, "device_id").Normalize("").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      FieldAt("subrosa.v1.LocationVisit", "latitude").Normalize("1").status()));
}

}  // namespace
}  // namespace subrosa
