// What Explain says: that its findings are exactly Classify's answer, in words
// a privacy officer can read, with no value of the record in them.
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "src/classify/classification.h"
#include "src/classify/classifier.h"
#include "src/classify/code_table.h"
#include "src/classify/consequences.h"
#include "src/classify/marks.h"
#include "src/classify/payload_types.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::Reflection;
using testing::Contains;

constexpr char kIcd10Cm[] = "http://hl7.org/fhir/sid/icd-10-cm";
constexpr int kRecordsPerType = 300;

const CodeTable& Codes() {
  static const CodeTable* const codes =
      new CodeTable(*std::move(CodeTable::BuiltIn()));
  return *codes;
}

const Classifier& TheClassifier() {
  static const Classifier* const classifier =
      Classifier::Create(*std::move(CodeTable::BuiltIn()))->release();
  return *classifier;
}

std::vector<Finding> Explained(const Message& payload) {
  auto findings = TheClassifier().ExplainPayload(
      payload.GetDescriptor()->full_name(), payload.SerializeAsString());
  EXPECT_TRUE(findings.ok()) << findings.status();
  return *std::move(findings);
}

// The kinds of `findings` together.
Classification Joined(const std::vector<Finding>& findings) {
  Classification kinds;
  for (const Finding& finding : findings) {
    kinds.categories.Add(finding.category);
    kinds.labels |= finding.labels;
    kinds.personal.Add(finding.personal);
    kinds.sensitive.Add(finding.sensitive);
    kinds.identifiers.Add(finding.identifier);
  }
  return kinds;
}

// Fills fields of `message` at random, with codes from `codes` where a code
// belongs and `canary` in every other string.
class Filler {
 public:
  explicit Filler(unsigned seed) : random_(seed) {}

  void Fill(Message* message, const std::string& canary, int depth = 0) {
    const Reflection& reflection = *message->GetReflection();
    const Descriptor& type = *message->GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor* field = type.field(i);
      if (Chance(2) || depth > 4) continue;
      const int count = field->is_repeated() ? 1 + Chance(2) : 1;
      for (int n = 0; n < count; ++n) {
        FillOne(message, reflection, field, canary, depth);
      }
    }
  }

  bool Chance(unsigned of) { return random_() % of == 0; }

 private:
  void FillOne(Message* message, const Reflection& reflection,
               const FieldDescriptor* field, const std::string& canary,
               int depth) {
    const bool many = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Fill(many ? reflection.AddMessage(message, field)
                  : reflection.MutableMessage(message, field),
             canary, depth + 1);
        break;
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string text = Text(*field, canary);
        many ? reflection.AddString(message, field, text)
             : reflection.SetString(message, field, text);
        break;
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        reflection.SetEnumValue(message, field, random_() % 3);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        reflection.SetInt32(message, field, random_() % 3 - 1);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        reflection.SetInt64(message, field, random_());
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        reflection.SetDouble(message, field, random_() % 2);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        reflection.SetBool(message, field, Chance(2));
        break;
      default:
        FAIL() << "no filling for " << field->full_name();
    }
  }

  std::string Text(const FieldDescriptor& field, const std::string& canary) {
    const auto pick = [this](std::vector<std::string> texts) {
      return texts[random_() % texts.size()];
    };
    switch (field.options().GetExtension(v1::field).role()) {
      case v1::FIELD_ROLE_CODE_SYSTEM:
        return pick({kIcd10Cm, "http://snomed.info/sct", "http://loinc.org",
                     canary, ""});
      case v1::FIELD_ROLE_CODE:
        return pick({"F33.1", "B20", "O98.711", "72892002", "44261-6", canary});
      case v1::FIELD_ROLE_RESOURCE_TYPE:
        return pick(
            {"Condition", "Patient", "Observation", "Encounter", canary});
      default:
        return pick({canary, canary, ""});
    }
  }

  std::mt19937 random_;
};

// What Classify should say, worked out from a parsed message by reflection.
class Reference {
 public:
  Classification Of(const Message& payload) {
    Walk(payload, /*says_record=*/true);
    const Descriptor& type = *payload.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      if (type.field(i)->options().GetExtension(v1::field).role() !=
          v1::FIELD_ROLE_RESOURCE_TYPE) {
        continue;
      }
      const std::string named =
          payload.GetReflection()->GetString(payload, type.field(i));
      const CodeRule& rule =
          *Codes().Find(CodeTable::kFhirResourceTypes, named);
      kinds_ |= rule.adds;
      if (!coded_) kinds_ |= rule.adds_if_uncoded;
    }
    return WithConsequences(kinds_);
  }

 private:
  void Walk(const Message& message, bool says_record) {
    if (IsSingleValue(*message.GetDescriptor())) return;
    kinds_ |= KindsOf(*MarkOf(*message.GetDescriptor()));
    std::vector<const FieldDescriptor*> present;
    const Reflection& reflection = *message.GetReflection();
    reflection.ListFields(message, &present);
    std::string system, code;
    for (const FieldDescriptor* field : present) {
      const v1::FieldMark mark = *MarkOf(*field);
      kinds_ |= KindsOf(mark);
      if (mark.role() == v1::FIELD_ROLE_CODE_SYSTEM) {
        system = reflection.GetString(message, field);
      }
      if (mark.role() == v1::FIELD_ROLE_CODE) {
        code = reflection.GetString(message, field);
      }
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      const bool says = says_record && mark.from_parent();
      if (!field->is_repeated()) {
        Walk(reflection.GetMessage(message, field), says);
        continue;
      }
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        Walk(reflection.GetRepeatedMessage(message, field, i), says);
      }
    }
    const CodeRule* rule = code.empty() ? nullptr : Codes().Find(system, code);
    if (rule == nullptr) return;
    kinds_ |= rule->adds;
    coded_ |= says_record && !rule->adds.categories.empty();
  }

  Classification kinds_;
  bool coded_ = false;
};

TEST(ExplainTest, WalkingTheBytesAgreesWithReadingTheParsedMessage) {
  Filler filler(1);
  for (const Descriptor* type : ShippedPayloads()) {
    const Message& prototype =
        *MessageFactory::generated_factory()->GetPrototype(type);
    for (int i = 0; i < kRecordsPerType; ++i) {
      std::unique_ptr<Message> payload(prototype.New());
      filler.Fill(payload.get(), "canary-5e1f");

      const auto kinds = TheClassifier().ClassifyPayload(
          type->full_name(), payload->SerializeAsString());

      ASSERT_TRUE(kinds.ok()) << kinds.status();
      ASSERT_EQ(*kinds, Reference().Of(*payload)) << payload->DebugString();
    }
  }
}

TEST(ExplainTest, TheFindingsTogetherAreExactlyTheClassification) {
  Filler filler(2);
  for (const Descriptor* type : ShippedPayloads()) {
    const Message& prototype =
        *MessageFactory::generated_factory()->GetPrototype(type);
    for (int i = 0; i < kRecordsPerType; ++i) {
      std::unique_ptr<Message> payload(prototype.New());
      filler.Fill(payload.get(), "canary-5e1f");
      v1::HealthRecord record;
      record.mutable_payload()->PackFrom(*payload);
      if (filler.Chance(2)) record.set_consumer("canary-5e1f");
      if (filler.Chance(2)) record.mutable_origin()->set_id("canary-5e1f");

      const auto kinds = TheClassifier().Classify(record);
      const auto findings = TheClassifier().Explain(record);

      ASSERT_TRUE(kinds.ok() && findings.ok());
      ASSERT_EQ(Joined(*findings), *kinds) << payload->DebugString();
    }
  }
}

TEST(ExplainTest, NoFindingHoldsAValueOfTheRecord) {
  Filler filler(3);
  for (const Descriptor* type : ShippedPayloads()) {
    const Message& prototype =
        *MessageFactory::generated_factory()->GetPrototype(type);
    for (int i = 0; i < kRecordsPerType; ++i) {
      std::unique_ptr<Message> payload(prototype.New());
      filler.Fill(payload.get(), "canary-5e1f");
      for (const Finding& finding : Explained(*payload)) {
        const std::string said =
            absl::StrCat(finding.field_path, "\n", finding.rule_id, "\n",
                         finding.clause, "\n", finding.reason);
        for (const char* value :
             {"canary", "F33", "B20", "O98", "72892002", "44261", kIcd10Cm}) {
          EXPECT_FALSE(absl::StrContains(said, value)) << said;
        }
      }
    }
  }
}

TEST(ExplainTest, EveryFindingHasOneKindAndSaysWhy) {
  Filler filler(4);
  for (const Descriptor* type : ShippedPayloads()) {
    std::unique_ptr<Message> payload(
        MessageFactory::generated_factory()->GetPrototype(type)->New());
    filler.Fill(payload.get(), "canary-5e1f");
    const size_t size = payload->ByteSizeLong();
    for (const Finding& finding : Explained(*payload)) {
      const int kinds =
          (finding.category != v1::HEALTH_CATEGORY_UNSPECIFIED) +
          (finding.personal != v1::PERSONAL_CATEGORY_UNSPECIFIED) +
          (finding.sensitive != v1::SENSITIVE_CATEGORY_UNSPECIFIED) +
          (finding.identifier != v1::IDENTIFIER_UNSPECIFIED);
      EXPECT_EQ(kinds, kinds == 0 ? 0 : 1);
      EXPECT_TRUE(kinds == 1 || !finding.labels.empty());
      EXPECT_EQ(finding.clause.empty(), kinds == 0);
      EXPECT_FALSE(finding.rule_id.empty());
      EXPECT_FALSE(finding.reason.empty());
      EXPECT_TRUE(absl::StartsWith(finding.field_path, "payload"));
      EXPECT_LE(finding.span.offset + finding.span.length, size);
      EXPECT_EQ(finding.score, 1.0);
    }
  }
}

TEST(ExplainTest, ACodeIsFoundInItsPlaceWithItsRuleAndClause) {
  v1::Condition condition;
  v1::Coding* coding = condition.mutable_condition()->add_coding();
  coding->set_system(kIcd10Cm);
  coding->set_code("B20");
  const std::string wire = condition.SerializeAsString();

  for (const Finding& finding : Explained(condition)) {
    if (finding.basis != FindingBasis::kCode) continue;
    EXPECT_EQ(finding.field_path, "payload.condition.coding[0]");
    EXPECT_EQ(wire.substr(finding.span.offset, finding.span.length), "B20");
    EXPECT_EQ(finding.rule_id, "icd-10-cm/hiv");
    EXPECT_EQ(finding.category, v1::HEALTH_CATEGORY_CONDITIONS);
    EXPECT_TRUE(finding.labels.Has(v1::HEALTH_LABEL_HIV));
    EXPECT_EQ(finding.clause, "RCW 19.373.010(8)(b)(i)");
    EXPECT_EQ(finding.reason,
              "it holds a code about HIV: disease, infection, test, contact or "
              "counseling (ICD-10-CM, CDC/NCHS, chapters and blocks, 2021)");
    return;
  }
  FAIL() << "no finding by code";
}

TEST(ExplainTest, AMarkIsFoundAtItsFieldAndItsMessage) {
  v1::MoodCheckIn mood;
  mood.add_feelings("tired");
  std::vector<std::string> places;
  for (const Finding& finding : Explained(mood)) {
    places.push_back(absl::StrCat(finding.field_path, " ", finding.rule_id));
  }

  EXPECT_THAT(places, Contains("payload mark:subrosa.v1.MoodCheckIn"));
  EXPECT_THAT(places, Contains("payload.feelings[0] "
                               "mark:subrosa.v1.MoodCheckIn.feelings"));
}

TEST(ExplainTest, ElementsThatSayTheSameAreToldOnce) {
  v1::CycleEntry entry;
  for (int i = 0; i < 1000; ++i) entry.add_symptoms("cramps");

  EXPECT_LT(Explained(entry).size(), 20u);
}

TEST(ExplainTest, WhatFollowsInCaliforniaIsSaidToFollow) {
  std::vector<std::string> inferred;
  for (const Finding& finding : Explained(v1::SleepSession())) {
    if (finding.basis == FindingBasis::kInference) {
      inferred.push_back(finding.clause);
    }
  }

  EXPECT_THAT(inferred, testing::ElementsAre("Civ. Code 1798.140(v)(1)(L)",
                                             "Civ. Code 1798.140(ae)(2)(B)"));
}

TEST(ExplainTest, FieldsOutsideThePayloadAreNamedWithoutIt) {
  v1::HealthRecord record;
  record.set_consumer("someone");
  record.mutable_origin()->set_id("7");
  record.mutable_payload()->PackFrom(v1::SleepSession());
  std::vector<std::string> paths;
  const auto findings = TheClassifier().Explain(record);
  ASSERT_TRUE(findings.ok());
  for (const Finding& finding : *findings) {
    if (finding.identifier == v1::IDENTIFIER_UNSPECIFIED) continue;
    paths.push_back(finding.field_path);
    EXPECT_EQ(finding.span.length, 0u);
  }

  EXPECT_THAT(paths, testing::ElementsAre("consumer", "origin.id"));
}

// Cutting and flipping bytes must never read outside them (the sanitizers
// watch), and what protobuf can parse, the walk can too.
TEST(ExplainTest, DamagedBytesAreRefusedOrClassifiedAndNeverWorse) {
  Filler filler(5);
  std::mt19937 random(6);
  int parsed = 0, refused = 0;
  for (const Descriptor* type : ShippedPayloads()) {
    const Message& prototype =
        *MessageFactory::generated_factory()->GetPrototype(type);
    for (int i = 0; i < kRecordsPerType; ++i) {
      std::unique_ptr<Message> payload(prototype.New());
      filler.Fill(payload.get(), "canary-5e1f");
      std::string wire = payload->SerializeAsString();
      if (wire.empty()) continue;
      wire[random() % wire.size()] = static_cast<char>(random());
      if (filler.Chance(3)) wire.resize(random() % wire.size());
      // In a heap block of its own size, so that one byte too far is noticed.
      const std::vector<char> exact(wire.begin(), wire.end());
      const absl::string_view bytes(exact.data(), exact.size());

      const auto kinds =
          TheClassifier().ClassifyPayload(type->full_name(), bytes);
      const auto findings =
          TheClassifier().ExplainPayload(type->full_name(), bytes);

      ASSERT_EQ(kinds.ok(), findings.ok());
      if (payload->ParseFromString(wire)) {
        EXPECT_TRUE(kinds.ok()) << kinds.status();
        ++parsed;
      }
      if (!kinds.ok()) ++refused;
    }
  }
  EXPECT_GT(parsed, 100);
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace subrosa
