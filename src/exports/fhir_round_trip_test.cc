#include "src/exports/fhir_round_trip.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "src/exports/fhir_types.h"
#include "src/ingest/fhir_elements.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

constexpr char kConcept[] =
    R"({"coding":[{"system":"http://loinc.org","version":"2.73","code":)"
    R"("8867-4","display":"Heart \"rate\" \u00e9"},{"system":"urn:oid:1.2",)"
    R"("code":"x"}],"text":"Pulse"})";
constexpr char kPlain[] = R"({"text":"Plain"})";
constexpr char kReference[] = R"({"reference":"Condition/7","display":"Mood"})";
constexpr char kQuantity[] =
    R"({"value":7.50,"comparator":"<","unit":"mg","system":)"
    R"("http://unitsofmeasure.org","code":"mg"})";

// A member for an element that the reader takes out.
struct Sample {
  std::string name;
  std::string member;
};

std::string Member(absl::string_view name, absl::string_view value) {
  return absl::StrCat("\"", name, "\":", value);
}

std::string ListOf(absl::string_view value) {
  return absl::StrCat("[", value, "]");
}

std::string ObjectOf(absl::string_view members) {
  return absl::StrCat("{", members, "}");
}

void AddEach(absl::Span<const FhirKey> keys, absl::string_view value,
             std::vector<Sample>* samples) {
  for (const FhirKey& key : keys) {
    const std::string name(key.text.data(), key.text.size());
    samples->push_back({name, Member(name, value)});
  }
}

void AddBelow(absl::Span<const FhirElementBelow> elements,
              absl::string_view value, std::vector<Sample>* samples) {
  for (const FhirElementBelow& element : elements) {
    samples->push_back(
        {absl::StrCat(element.list.text, ".", element.name.text),
         Member(element.list.text,
                ListOf(ObjectOf(Member(element.name.text, value))))});
  }
}

void AddPart(const FhirCodedPart& part, std::vector<Sample>* samples) {
  for (const bool is_code : {true, false}) {
    const FhirKey& key = is_code ? part.code : part.text;
    if (key.text.empty()) continue;
    std::string value =
        ObjectOf(Member(key.text, is_code ? kConcept : R"("said so")"));
    if (!part.below.text.empty()) {
      value = ObjectOf(Member(part.below.text, value));
    }
    samples->push_back(
        {absl::StrCat(part.name.text, ".", key.text),
         Member(part.name.text, part.is_list ? ListOf(value) : value)});
  }
}

void AddTimes(std::vector<Sample>* samples) {
  constexpr absl::string_view kStart = R"("2024-05-01T06:30:00.50-08:00")";
  for (const FhirKey& key : kFhirEffective) {
    const std::string value =
        absl::EndsWith(key.text, "eriod")
            ? absl::StrCat(R"({"start":"2024-01","end":)",
                           R"("2024-02-03T04:05:06+02:00"})")
            : std::string(kStart);
    AddEach({key}, value, samples);
  }
  for (const FhirEnd& end : kFhirEnds) {
    samples->push_back({std::string(end.end.text),
                        absl::StrCat(Member(end.start.text, kStart), ",",
                                     Member(end.end.text, R"("2025")"))});
  }
  AddEach(kFhirRecorded, R"("2024-05-02T00:00:00Z")", samples);
  samples->push_back(
      {"meta.lastUpdated",
       Member(kFhirMeta.text, ObjectOf(Member(kFhirMetaLastUpdated.text,
                                              R"("2024-05-03T00:00:00Z")")))});
}

void AddValues(std::vector<Sample>* samples) {
  const struct {
    const char* kind;
    std::string value;
  } kKinds[] = {
      {"Quantity", kQuantity},
      {"Age", kQuantity},
      {"Duration", kQuantity},
      {"Count", kQuantity},
      {"Money", R"({"value":12.10,"currency":"USD"})"},
      {"CodeableConcept", kConcept},
      {"Coding", R"({"system":"s","code":"c","display":"d"})"},
      {"Range",
       absl::StrCat(R"({"low":)", kQuantity, R"(,"high":)", kQuantity, "}")},
      {"Ratio", R"({"numerator":{"value":1},"denominator":{"value":128}})"},
      {"Period", R"({"start":"2024-01","end":"2024-02"})"},
      {"Reference", kReference},
      {"String", R"("line\none")"},
      {"Boolean", "true"},
      {"Integer", "-3"},
      {"Decimal", "1.20e1"},
      {"DateTime", R"("2024")"},
      {"Date", R"("2024-01-01")"},
      {"Time", R"("08:00:00")"},
      {"Instant", R"("2024-05-03T00:00:00Z")"},
      {"Uri", R"("urn:x")"},
      {"Url", R"("http://x.example")"},
      {"Code", R"("x")"},
      {"Markdown", R"("*x*")"},
  };
  for (const auto& kind : kKinds) {
    const std::string value =
        Member(absl::StrCat(kFhirValuePrefix, kind.kind), kind.value);
    samples->push_back({absl::StrCat("value", kind.kind), value});
    samples->push_back({absl::StrCat("component.value", kind.kind),
                        Member(kFhirComponent.text,
                               ListOf(ObjectOf(absl::StrCat(
                                   Member("code", kConcept), ",", value))))});
    samples->push_back(
        {absl::StrCat("item.answer.value", kind.kind),
         Member(kFhirItem.text,
                ListOf(ObjectOf(absl::StrCat(
                    Member(kFhirItemLinkId.text, R"("1.1")"), ",",
                    Member(kFhirItemText.text, R"("How often?")"), ",",
                    Member(kFhirItemAnswer.text, ListOf(ObjectOf(value)))))))});
  }
}

// One for each element of src/ingest/fhir_elements.h.
std::vector<Sample> Samples() {
  std::vector<Sample> samples;
  AddEach(kFhirCodes, kConcept, &samples);
  AddEach({kFhirMedicationReference}, R"({"display":"Sertraline"})", &samples);
  AddEach(kFhirReasonCodes, ListOf(absl::StrCat(kConcept, ",", kPlain)),
          &samples);
  AddEach(kFhirReasonReferences, ListOf(kReference), &samples);
  AddBelow(kFhirReasonReferencesBelow, kReference, &samples);
  AddBelow(kFhirReasonCodesBelow, ListOf(kConcept), &samples);
  AddEach(kFhirValueCodes, kConcept, &samples);
  AddEach(kFhirValueTexts, R"("as said")", &samples);
  AddEach({kFhirStatus}, R"("amended")", &samples);
  AddEach({kFhirClinicalStatus}, kConcept, &samples);
  AddEach(kFhirCategories, kConcept, &samples);
  for (const FhirCodedPart& part : kFhirCodedParts) AddPart(part, &samples);
  AddTimes(&samples);
  AddValues(&samples);
  return samples;
}

// A resource of `rule`'s type with what it must have, but for what `member`
// gives.
std::string ResourceWith(const FhirTypeRule& rule, absl::string_view member,
                         absl::string_view id = "7") {
  std::string text =
      absl::StrCat(R"({"resourceType":")", rule.type, R"(","id":")", id,
                   R"(",")", rule.subject, R"(":{"reference":"Patient/p"})");
  for (const absl::string_view name : rule.required) {
    const absl::string_view value = name == "status" || name == "intent" ||
                                            name == "lifecycleStatus" ||
                                            name == "occurrence[x]"
                                        ? R"("x")"
                                        : kPlain;
    const std::string full = name == "medication[x]"
                                 ? "medicationCodeableConcept"
                             : name == "occurrence[x]" ? "occurrenceString"
                                                       : std::string(name);
    // A choice has one member.
    const bool is_given =
        absl::StartsWith(member, Member(full, "")) ||
        (name == "medication[x]" && absl::StartsWith(member, "\"medication")) ||
        (name == "occurrence[x]" && absl::StartsWith(member, "\"occurrence"));
    if (!is_given) absl::StrAppend(&text, ",", Member(full, value));
  }
  absl::StrAppend(&text, member.empty() ? "" : ",", member, "}");
  return text;
}

std::vector<v1::HealthRecord> Read(const std::string& text) {
  Reading reading = ReadText(text, OptionsWithDefaults());
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_TRUE(reading.rejects.empty()) << reading.rejects[0] << text;
  return reading.records;
}

// What is kept of `record` if its resource's id were 7.
std::string KeptAsSeven(const v1::HealthRecord& record) {
  return absl::StrReplaceAll(KeptOf(record), {{record.origin().id(), "7"}});
}

TEST(FhirRoundTripTest, EveryElementThatIsReadIsWrittenForEveryType) {
  const std::vector<Sample> samples = Samples();
  std::vector<bool> is_read(samples.size());
  for (const FhirTypeRule& rule : FhirTypeRules()) {
    std::string lines = ResourceWith(rule, "");
    for (size_t i = 0; i < samples.size(); ++i) {
      absl::StrAppend(
          &lines, "\n",
          ResourceWith(rule, samples[i].member, absl::StrCat("sample-", i)));
    }
    const std::vector<v1::HealthRecord> records = Read(lines);
    ASSERT_EQ(records.size(), samples.size() + 1) << rule.type;
    for (size_t i = 0; i < samples.size(); ++i) {
      if (KeptAsSeven(records[i + 1]) != KeptOf(records[0])) is_read[i] = true;
    }

    EXPECT_EQ(ExpectRoundTrip(records), records.size()) << rule.type;
  }
  for (size_t i = 0; i < samples.size(); ++i) {
    EXPECT_TRUE(is_read[i]) << samples[i].name;
  }
}

TEST(FhirRoundTripTest, AContainedMedicineComesBackAsItsCode) {
  const std::vector<v1::HealthRecord> records = Read(absl::StrCat(
      R"({"resourceType":"MedicationRequest","id":"7","status":"active",)",
      R"("intent":"order","subject":{"reference":"Patient/p"},"contained":)",
      R"([{"resourceType":"Medication","id":"m","code":)", kConcept,
      R"(}],"medicationReference":{"reference":"#m","display":"Zoloft"}})"));

  EXPECT_EQ(ExpectRoundTrip(records), 1u);
}

TEST(FhirRoundTripTest, WhatHasNoIdComesBackToo) {
  std::string text = ResourceWith(*FindFhirTypeRule("Procedure"), "");
  text.replace(text.find(R"("id":"7",)"), 9, "");

  EXPECT_EQ(ExpectRoundTrip(Read(text)), 1u);
}

TEST(FhirRoundTripTest, ARecordThatChangedIsNotTakenForWhatItWas) {
  std::vector<v1::HealthRecord> records =
      Read(ResourceWith(*FindFhirTypeRule("Observation"), ""));
  v1::HealthRecord changed = records[0];
  v1::FhirResource resource;
  ASSERT_TRUE(changed.payload().UnpackTo(&resource));
  resource.set_status("y");
  changed.mutable_payload()->PackFrom(resource);

  EXPECT_NE(KeptOf(changed), KeptOf(records[0]));
}

}  // namespace
}  // namespace subrosa
