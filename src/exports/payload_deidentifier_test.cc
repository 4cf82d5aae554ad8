#include "src/exports/payload_deidentifier.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/timestamp.pb.h"
#include "gtest/gtest.h"
#include "src/classify/marks.h"
#include "src/law/law_book.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/sample.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using testing::HasSubstr;
using testing::Not;

constexpr int64_t kThisYear = 2026;
constexpr int64_t kMay2024 = 1'715'000'000;
constexpr int64_t kNewYear2024 = 1'704'067'200;

const SafeHarbor& Rules() {
  static const SafeHarbor* const rules = new SafeHarbor(
      *std::move(SafeHarbor::From(*std::move(LawBook::BuiltIn()))));
  return *rules;
}

const TextScanner& Scanner() {
  static const TextScanner* const scanner = [] {
    TextScanner::Options options;
    options.names = true;
    options.years = true;
    return std::move(TextScanner::Create(options)).value().release();
  }();
  return *scanner;
}

DeidentifiedCounts Apply(Message* payload, bool keep_text = true) {
  PayloadDeidentifier::Options options;
  options.this_year = kThisYear;
  options.keep_text = keep_text;
  const auto deidentifier =
      PayloadDeidentifier::Create(Rules(), Scanner(), options);
  EXPECT_TRUE(deidentifier.ok()) << deidentifier.status();
  DeidentifiedCounts counts;
  const absl::Status applied = (*deidentifier)->Apply(payload, &counts);
  EXPECT_TRUE(applied.ok()) << applied;
  return counts;
}

std::string TextAfter(const std::string& text) {
  v1::JournalEntry entry;
  entry.set_text(text);
  Apply(&entry);
  return entry.text();
}

TEST(PayloadDeidentifierTest, WordsOfAGreatAgeBecomeItsMarkerOtherYearsStay) {
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"I was born in 1931, I swim.", "I was born in [AGE_OVER_89], I swim."},
      {"Born 1936.", "Born [AGE_OVER_89]."},
      {"It is my 92nd birthday.", "It is my [AGE_OVER_89] birthday."},
      {"At ninety-three years I swim.", "At [AGE_OVER_89] years I swim."},
      {"I was born in 1937, I swim.", "I was born in 1937, I swim."},
      {"It has been so since 2019.", "It has been so since 2019."},
      {"The house is of 1850.", "The house is of 1850."},
  };
  for (const auto& [text, want] : texts) EXPECT_EQ(TextAfter(text), want);
}

TEST(PayloadDeidentifierTest, EachOfTheEighteenKindsInATextIsTakenOut) {
  // 45 CFR 164.514(b)(2)(i)(A) to (R). Nobody here exists. Biometrics (P) and
  // photographs (Q) are bytes, which have a test of their own.
  const std::vector<std::pair<std::string, std::string>> planted = {
      {"My name is Margaret Whitlock and I slept.", "Whitlock"},
      {"I moved to 415 Cedar Lane, Yakima, WA 98901 then.", "415 Cedar"},
      {"It began on March 5, 2024 after lunch.", "March 5"},
      {"Call (509) 555-0142 after six.", "555-0142"},
      {"Fax: (509) 555-0199 is the desk.", "555-0199"},
      {"Write to jo@post.example soon.", "jo@post"},
      {"SSN 219-09-9999 was on it.", "219-09-9999"},
      {"MRN: 00482913 on the band.", "00482913"},
      {"Member ID: RW88300211 on the card.", "RW88300211"},
      {"Account number: 4471982230 was charged.", "4471982230"},
      {"Driver's license: WDL8A2B3C4D5 was shown.", "WDL8A2B3C4D5"},
      {"VIN 1M8GDM9AXKP042788 was parked.", "1M8GDM9AXKP042788"},
      {"Serial number: SN48213377 of the pump.", "SN48213377"},
      {"See https://clinic.example/p/1182 for more.", "clinic.example"},
      {"It came from 203.0.113.77 at night.", "203.0.113.77"},
      {"Patient ID: p-10482 was called.", "p-10482"},
      {"She is 97 years old and well.", "97"},
  };
  for (const auto& [text, secret] : planted) {
    const std::string after = TextAfter(text);
    EXPECT_THAT(after, Not(HasSubstr(secret)));
    EXPECT_THAT(after, HasSubstr("["));
  }
}

TEST(PayloadDeidentifierTest, WordsThatNameNobodyStay) {
  const std::string text = "slept badly again, and the knee still hurts";

  EXPECT_EQ(TextAfter(text), text);
}

TEST(PayloadDeidentifierTest, ATextIsLeftOutWhereItsWordsAreNotToStay) {
  v1::JournalEntry entry;
  entry.set_text("slept badly again");

  Apply(&entry, /*keep_text=*/false);

  EXPECT_EQ(entry.text(), "");
}

TEST(PayloadDeidentifierTest, ADocumentIsTakenOutWhole) {
  for (const char* text : {"{\"a\": 1}", "  [1, 2]", "<Patient/>"}) {
    EXPECT_EQ(TextAfter(text), "") << text;
  }
  v1::FhirResource resource;
  resource.set_resource_type("Condition");
  resource.set_resource_id("c-1");
  resource.set_json("{\"resourceType\": \"Condition\"}");

  Apply(&resource);

  EXPECT_EQ(resource.resource_type(), "Condition");
  EXPECT_EQ(resource.resource_id(), "");
  EXPECT_EQ(resource.json(), "");
}

TEST(PayloadDeidentifierTest, FieldsThatNobodyDescribesAreTakenOut) {
  v1::JournalEntry entry;
  entry.set_text("slept");
  entry.GetReflection()->MutableUnknownFields(&entry)->AddLengthDelimited(
      4711, "canary");

  const DeidentifiedCounts counts = Apply(&entry);

  EXPECT_EQ(counts.removed, 1);
  EXPECT_THAT(entry.SerializeAsString(), Not(HasSubstr("canary")));
}

// Fills every field of `message`, one element where there may be many.
void Fill(Message* message, int depth) {
  const auto& reflection = *message->GetReflection();
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    if (field->is_map()) continue;
    const bool many = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        many ? reflection.AddString(message, field, "98101")
             : reflection.SetString(message, field, "98101");
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        many ? reflection.AddInt32(message, field, 104)
             : reflection.SetInt32(message, field, 104);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        // Of a Timestamp, its seconds.
        many ? reflection.AddInt64(message, field, kMay2024)
             : reflection.SetInt64(message, field, kMay2024);
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        many ? reflection.AddDouble(message, field, 47.6)
             : reflection.SetDouble(message, field, 47.6);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth == 0) break;
        Fill(many ? reflection.AddMessage(message, field)
                  : reflection.MutableMessage(message, field),
             depth - 1);
        break;
      default:
        break;
    }
  }
}

// That nothing in `message` says more than it may, by the marks alone.
void ExpectCoarse(const Message& message) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const v1::FieldMark mark = *MarkOf(*field);
    const std::string& name = field->full_name();
    EXPECT_EQ(mark.personal_size(), 0) << name;
    EXPECT_EQ(mark.sensitive_size(), 0) << name;
    EXPECT_NE(field->type(), FieldDescriptor::TYPE_BYTES) << name;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const int size =
          field->is_repeated() ? reflection.FieldSize(message, field) : 1;
      for (int i = 0; i < size; ++i) {
        const Message& below =
            field->is_repeated()
                ? reflection.GetRepeatedMessage(message, field, i)
                : reflection.GetMessage(message, field);
        if (below.GetTypeName() == "google.protobuf.Timestamp") {
          EXPECT_EQ(
              static_cast<const google::protobuf::Timestamp&>(below).seconds(),
              kNewYear2024)
              << name;
        } else if (!IsSingleValue(*below.GetDescriptor())) {
          ExpectCoarse(below);
        }
      }
      continue;
    }
    EXPECT_TRUE(IsMarked(mark)) << name;
    if (mark.identifier() == v1::IDENTIFIER_UNSPECIFIED) continue;
    // What is left of an identifier is an area, a year or a category of ages.
    EXPECT_TRUE(mark.identifier() == v1::IDENTIFIER_ADDRESS ||
                mark.identifier() == v1::IDENTIFIER_DATE)
        << name;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      EXPECT_LE(reflection.GetString(message, field).size(), 4u) << name;
    } else {
      EXPECT_EQ(reflection.GetInt32(message, field), 90) << name;
    }
  }
}

// Covers: us-hipaa-safe-harbor/identifiers
TEST(PayloadDeidentifierTest, NoShippedPayloadKeepsAMarkedIdentifier) {
  int types = 0;
  for (const auto* file : {v1::JournalEntry::descriptor()->file(),
                           v1::FhirResource::descriptor()->file(),
                           v1::HealthSample::descriptor()->file(),
                           v1::CycleEntry::descriptor()->file(),
                           v1::LocationVisit::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      const std::unique_ptr<Message> payload(
          google::protobuf::MessageFactory::generated_factory()
              ->GetPrototype(file->message_type(i))
              ->New());
      Fill(payload.get(), /*depth=*/4);
      Apply(payload.get());
      ExpectCoarse(*payload);
      ++types;
    }
  }
  EXPECT_GE(types, 20);
}

TEST(PayloadDeidentifierTest, WhatIsDoneTwiceChangesNothingMore) {
  v1::JournalEntry entry;
  entry.set_text("Call (509) 555-0142 or write to jo@post.example.");
  Apply(&entry);
  const std::string once = entry.SerializeAsString();

  Apply(&entry);

  EXPECT_EQ(entry.SerializeAsString(), once);
}

TEST(PayloadDeidentifierTest, AYearThatIsNoneIsRefused) {
  for (const int64_t year : {0, 26, 20260}) {
    PayloadDeidentifier::Options options;
    options.this_year = year;
    EXPECT_TRUE(absl::IsInvalidArgument(
        PayloadDeidentifier::Create(Rules(), Scanner(), options).status()));
  }
}

}  // namespace
}  // namespace subrosa
