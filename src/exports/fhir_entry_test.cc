#include "src/exports/fhir_entry.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/exports/fhir_bundle.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/concept.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kSubject[] = "0b9c7f0e-6d0f-4a3e-9a55-2f3f0a7f1c11";
constexpr char kLoinc[] = "http://loinc.org";

v1::HealthRecord RecordAt(const std::string& id) {
  v1::HealthRecord record;
  record.set_consumer("ada");
  record.set_id(id);
  record.set_source("clinic");
  record.mutable_collected_at()->set_seconds(1714550400);
  return record;
}

v1::FhirResource Resource(const std::string& type, const std::string& members) {
  v1::FhirResource resource;
  resource.set_resource_type(type);
  resource.set_resource_id("7");
  resource.set_json(absl::StrCat(R"({"resourceType":")", type, R"(","id":"7",)",
                                 members, "}"));
  return resource;
}

// The entry of `payload`; empty if it has none.
std::string EntryOf(const google::protobuf::Message& payload,
                    const v1::HealthRecord& record = RecordAt("Type/7")) {
  FhirEntryWriter writer(kSubject);
  std::string entry = "kept";
  if (!writer.Append(record, payload, &entry)) {
    EXPECT_EQ(entry, "kept");
    return "";
  }
  EXPECT_TRUE(absl::StartsWith(entry, "kept{"));
  EXPECT_FALSE(absl::StrContains(entry, "\n"));
  return entry.substr(4);
}

Json ResourceOf(const google::protobuf::Message& payload,
                const v1::HealthRecord& record = RecordAt("Type/7")) {
  const std::string entry = EntryOf(payload, record);
  if (entry.empty()) return nullptr;
  return Json::parse(entry)["resource"];
}

v1::FhirResource Pulse(const std::string& more) {
  return Resource("Observation",
                  absl::StrCat(R"("status":"final","subject":{"reference":)"
                               R"("Patient/p"},"code":{"text":"Pulse"})",
                               more));
}

v1::CodedConcept Code(const std::string& system, const std::string& code) {
  v1::CodedConcept concept;
  concept.add_coding()->set_system(system);
  concept.mutable_coding(0)->set_code(code);
  return concept;
}

TEST(FhirEntryTest, AResourceIsAboutThePseudonymAndNobodyElse) {
  const Json entry = Json::parse(EntryOf(Pulse("")));

  EXPECT_EQ(entry["resource"]["subject"]["reference"],
            absl::StrCat("urn:uuid:", kSubject));
  EXPECT_EQ(entry["resource"]["id"], "7");
  EXPECT_EQ(entry.dump().find("Patient/p"), std::string::npos);
  EXPECT_EQ(entry.dump().find("ada"), std::string::npos);
}

TEST(FhirEntryTest, NumbersKeepTheirDigits) {
  const std::string entry = EntryOf(
      Pulse(R"(,"valueQuantity" : { "value" : 62.50 , "unit":"/min" })"));

  EXPECT_TRUE(absl::StrContains(
      entry, R"("valueQuantity":{"value":62.50,"unit":"/min"})"))
      << entry;
}

// Each place of R4 in which somebody's name or number may stand and which no
// reader takes out.
TEST(FhirEntryTest, WhatIsNotReadIsNotHandedOut) {
  for (const char* const member : {
           R"("identifier":[{"system":"urn:ssn","value":"PLANTED"}])",
           R"("text":{"status":"generated","div":"<div>PLANTED</div>"})",
           R"("contained":[{"resourceType":"Patient","name":"PLANTED"}])",
           R"("extension":[{"url":"u","valueString":"PLANTED"}])",
           R"("performer":[{"display":"PLANTED"}])",
           R"("note":[{"text":"PLANTED"}])",
           R"("meta":{"source":"PLANTED","tag":[{"display":"PLANTED"}]})",
           R"("valueIdentifier":{"system":"s","value":"PLANTED"})",
           R"("valueHumanName":{"text":"PLANTED"})",
           R"("valueAttachment":{"title":"PLANTED"})",
           R"("valueReference":{"reference":"PLANTED","type":"PLANTED"})",
           R"("reasonReference":[{"identifier":{"value":"PLANTED"}}])",
           R"("reasonReference":["PLANTED"])",
           R"("_status":{"extension":[{"valueString":"PLANTED"}]})",
           R"("component":[{"code":{"text":"x","extension":"PLANTED"}}])",
           R"("value\u0022PLANTED":1)",
           R"("component":[{"value\u0022PLANTED":1}])",
       }) {
    const std::string entry = EntryOf(Pulse(absl::StrCat(",", member)));

    EXPECT_FALSE(entry.empty()) << member;
    EXPECT_FALSE(absl::StrContains(entry, "PLANTED")) << entry;
  }
}

TEST(FhirEntryTest, WhatAReaderMustUnderstandIsNotPassedOver) {
  for (const char* const member : {
           R"("modifierExtension":[{"url":"u","valueBoolean":true}])",
           R"("implicitRules":"http://rules.example")",
           R"("component":[{"modifierExtension":[],"code":{"text":"x"}}])",
       }) {
    EXPECT_EQ(EntryOf(Pulse(absl::StrCat(",", member))), "") << member;
  }
  const std::string consent =
      R"("status":"active","patient":{"reference":"Patient/p"},)"
      R"("scope":{"text":"s"},"category":[{"text":"c"}],)"
      R"("provision":{"type":"permit")";
  EXPECT_NE(EntryOf(Resource("Consent", absl::StrCat(consent, "}"))), "");
  for (const char* const member :
       {R"(,"actor":[{"role":{"text":"r"}}]})", R"(,"data":[{}]})",
        R"(,"provision":[{"type":"deny","actor":[]}]})"}) {
    EXPECT_EQ(EntryOf(Resource("Consent", absl::StrCat(consent, member))), "");
  }
}

TEST(FhirEntryTest, WhatIsNoWholeResourceOfR4IsLeftOut) {
  const std::string subject = R"("subject":{"reference":"Patient/p"})";
  const std::string patient = R"("patient":{"reference":"Patient/p"})";
  const struct {
    const char* type;
    std::string members;
  } kCases[] = {
      {"Patient", R"("name":[{"text":"Ada"}])"},
      {"Claim", R"("status":"active",)" + patient},
      {"Observation", R"("code":{"text":"x"},)" + subject},
      {"Observation", R"("status":"final",)" + subject},
      {"Observation", R"("status":null,"code":{"text":"x"},)" + subject},
      {"Condition", R"("code":{"text":"x"},)" + patient},
      {"Condition", R"("clinicalStatus":"active",)" + subject},
      {"Condition", R"("verificationStatus":"refuted",)" + subject},
      {"MedicationRequest", R"("status":"active","intent":"order",)" + subject},
      {"Immunization",
       R"("status":"completed","vaccineCode":{"text":"x"},)" + patient},
      {"Goal", R"("description":{"text":"x"},)" + subject},
      {"Procedure", R"("status":"completed","status":"x",)" + subject},
      {"Procedure",
       R"("status":"completed","code":{"text":"a","text":"b"},)" + subject},
      {"Procedure", R"("status":"compl)"},
      {"Procedure", R"("status":"completed","x":[}],)" + subject},
      {"Procedure", R"("status":completed,)" + subject},
      {"Procedure", R"("status":"completed"},{"x":1,)" + subject},
      {"Procedure", ""},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(EntryOf(Resource(c.type, c.members)), "") << c.members;
  }
  v1::FhirResource none;
  none.set_resource_type("Procedure");
  EXPECT_EQ(EntryOf(none), "");
  std::string deep = R"(,"item":)";
  for (int i = 0; i < 70; ++i) deep += R"([{"linkId":"x","item":)";
  deep += "[]";
  for (int i = 0; i < 70; ++i) deep += "}]";
  EXPECT_EQ(EntryOf(Pulse(deep)), "");
}

TEST(FhirEntryTest, AMedicineThatIsReferredToIsSaidByItsCode) {
  v1::FhirResource request =
      Resource("MedicationRequest",
               R"("status":"active","intent":"order","subject":{"reference":)"
               R"("Patient/p"},"medicationReference":{"reference":"#m"})");
  EXPECT_EQ(EntryOf(request), "");

  *request.mutable_code() =
      Code("http://www.nlm.nih.gov/research/umls/rxnorm", "312938");
  const Json resource = ResourceOf(request);

  EXPECT_EQ(resource["medicationCodeableConcept"]["coding"][0]["code"],
            "312938");
  EXPECT_FALSE(resource.contains("medicationReference"));
}

TEST(FhirEntryTest, EntriesHaveNamesOfTheirOwnThatStay) {
  v1::HealthRecord other_source = RecordAt("Type/7");
  other_source.set_source("lab");
  v1::HealthRecord without_id = RecordAt("");
  v1::HealthRecord without_id_later = RecordAt("");
  without_id_later.mutable_collected_at()->set_seconds(1714550401);
  const auto name = [](const v1::HealthRecord& record) {
    return Json::parse(EntryOf(Pulse(""), record))["fullUrl"]
        .get<std::string>();
  };

  EXPECT_EQ(name(RecordAt("Type/7")), name(RecordAt("Type/7")));
  EXPECT_NE(name(RecordAt("Type/7")), name(RecordAt("Type/8")));
  EXPECT_NE(name(RecordAt("Type/7")), name(other_source));
  EXPECT_EQ(name(without_id), name(without_id));
  EXPECT_NE(name(without_id), name(without_id_later));
  // A name confirms no guess of what was taken out of the payload.
  v1::HealthRecord taken_out = without_id;
  taken_out.mutable_payload()->PackFrom(Pulse(R"(,"note":"secret")"));
  taken_out.mutable_origin()->set_raw_digest("of the secret");
  taken_out.set_consumer("another id");
  EXPECT_EQ(name(taken_out), name(without_id));
}

TEST(FhirEntryTest, AnIdThatWasTakenOutIsNotMadeUp) {
  v1::FhirResource pulse = Pulse("");
  pulse.set_resource_id("[removed]");

  EXPECT_FALSE(ResourceOf(pulse).contains("id"));
}

TEST(FhirEntryTest, AConditionIsSaidWithItsCodesAndTimes) {
  v1::Condition condition;
  *condition.mutable_condition() = Code("http://snomed.info/sct", "370143000");
  condition.set_clinical_status("remission");
  condition.set_note("since \"spring\"");
  v1::HealthRecord record = RecordAt("c-1");
  record.mutable_effective()->mutable_start()->set_seconds(1706745600);
  record.mutable_effective()->set_given_start("2024-02");

  const Json resource = ResourceOf(condition, record);

  EXPECT_EQ(resource["resourceType"], "Condition");
  EXPECT_EQ(resource["id"], "c-1");
  EXPECT_EQ(resource["code"]["coding"][0]["system"], "http://snomed.info/sct");
  EXPECT_EQ(resource["clinicalStatus"]["coding"][0]["code"], "remission");
  EXPECT_EQ(resource["onsetDateTime"], "2024-02");
  EXPECT_EQ(resource["recordedDate"], "2024-05-01T08:00:00Z");
  EXPECT_EQ(resource["note"][0]["text"], "since \"spring\"");
}

TEST(FhirEntryTest, AVitalSampleHasItsValueUnitAndZone) {
  v1::VitalSample sample;
  *sample.mutable_type() = Code(kLoinc, "8867-4");
  sample.mutable_value()->set_value(62);
  sample.mutable_value()->set_unit("/min");
  sample.mutable_value()->set_given_unit("bpm");
  sample.set_device_id("PLANTED");
  v1::HealthRecord record = RecordAt("a b");
  record.mutable_effective()->mutable_start()->set_seconds(1714537800);
  record.mutable_effective()->set_utc_offset_minutes(120);

  const Json resource = ResourceOf(sample, record);

  EXPECT_EQ(resource["status"], "unknown");
  EXPECT_EQ(resource["effectiveDateTime"], "2024-05-01T06:30:00+02:00");
  EXPECT_EQ(resource["valueQuantity"].dump(),
            R"({"value":62,"unit":"bpm","system":"http://unitsofmeasure.org",)"
            R"("code":"/min"})");
  EXPECT_FALSE(resource.contains("id"));
  EXPECT_EQ(resource.dump().find("PLANTED"), std::string::npos);
}

TEST(FhirEntryTest, ABoundIsNoValueAndAWordIsNoNumber) {
  v1::VitalSample sample;
  *sample.mutable_type() = Code(kLoinc, "2160-0");
  sample.mutable_value()->set_value(0.5);
  sample.mutable_value()->set_given_value("<=0.5");
  const Json bound = ResourceOf(sample);
  sample.mutable_value()->set_value(0);
  sample.mutable_value()->set_given_value("not found");

  EXPECT_EQ(bound["valueQuantity"].dump(),
            R"({"value":0.5,"comparator":"<="})");
  EXPECT_EQ(EntryOf(sample), "");
}

TEST(FhirEntryTest, WordsThatWereTakenOutOfTheTextStayOut) {
  v1::FhirResource pulse = Pulse(R"(,"valueString":"[number taken out]")");
  v1::HealthRecord record = RecordAt("Type/7");
  record.mutable_payload()->PackFrom(Pulse(R"(,"valueString":"PLANTED")"));

  const std::string entry = EntryOf(pulse, record);

  EXPECT_TRUE(absl::StrContains(entry, "[number taken out]"));
  EXPECT_FALSE(absl::StrContains(entry, "PLANTED"));
}

TEST(FhirEntryTest, AMedicationIsSaidWithItsReasons) {
  v1::Medication medication;
  medication.mutable_medicine()->set_text("Sertraline");
  medication.set_dosage("one at night");
  *medication.add_reasons() = Code("http://snomed.info/sct", "35489007");
  v1::HealthRecord record = RecordAt("m-1");
  record.mutable_effective()->mutable_start()->set_seconds(1714537800);
  record.mutable_effective()->mutable_end()->set_seconds(1714541400);

  const Json resource = ResourceOf(medication, record);

  EXPECT_EQ(resource["medicationCodeableConcept"]["text"], "Sertraline");
  EXPECT_EQ(resource["dosage"][0]["text"], "one at night");
  EXPECT_EQ(resource["reasonCode"][0]["coding"][0]["code"], "35489007");
  EXPECT_EQ(resource["effectivePeriod"]["start"], "2024-05-01T04:30:00Z");
  EXPECT_EQ(resource["effectivePeriod"]["end"], "2024-05-01T05:30:00Z");
}

TEST(FhirEntryTest, WhatHasNoCodesHasNoForm) {
  EXPECT_FALSE(HasFhirForm(*v1::MoodCheckIn::descriptor()));
  EXPECT_TRUE(HasFhirForm(*v1::Condition::descriptor()));
  EXPECT_EQ(EntryOf(v1::MoodCheckIn()), "");
  EXPECT_EQ(EntryOf(v1::Condition()), "");
  EXPECT_EQ(EntryOf(v1::Medication()), "");
  v1::VitalSample sample;
  EXPECT_EQ(EntryOf(sample), "");
  *sample.mutable_type() = Code(kLoinc, "8867-4");
  EXPECT_EQ(EntryOf(sample), "");
}

TEST(FhirBundleTest, ABundleIsJsonWithThePatientFirst) {
  std::string text;
  FhirBundleWriter bundle(kSubject, absl::FromUnixSeconds(1714550400),
                          [&text](absl::string_view bytes) {
                            absl::StrAppend(&text, bytes);
                            return absl::OkStatus();
                          });
  ASSERT_TRUE(bundle.Start().ok());
  EXPECT_TRUE(*bundle.Add(RecordAt("Observation/7"), Pulse("")));
  EXPECT_FALSE(*bundle.Add(RecordAt("1"), v1::MoodCheckIn()));
  ASSERT_TRUE(bundle.Finish().ok());

  const Json json = Json::parse(text);
  EXPECT_EQ(json["type"], "collection");
  EXPECT_EQ(json["timestamp"], "2024-05-01T08:00:00Z");
  ASSERT_EQ(json["entry"].size(), 2u);
  EXPECT_EQ(json["entry"][0]["resource"]["resourceType"], "Patient");
  EXPECT_EQ(json["entry"][0]["resource"].size(), 2u);
  EXPECT_EQ(json["entry"][1]["resource"]["subject"]["reference"],
            json["entry"][0]["fullUrl"]);
}

TEST(FhirBundleTest, APseudonymThatIsNoneAndAFullDiskAreSaid) {
  const auto full = [](absl::string_view) {
    return absl::UnavailableError("no space left");
  };
  const auto sink = [](absl::string_view) { return absl::OkStatus(); };

  for (const char* const subject :
       {"", "ada", "0B9C7F0E-6D0F-4A3E-9A55-2F3F0A7F1C11",
        "0b9c7f0e-6d0f-4a3e-9a55-2f3f0a7f1c1\""}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        FhirBundleWriter(subject, absl::Now(), sink).Start()));
  }
  FhirBundleWriter bundle(kSubject, absl::Now(), full);
  EXPECT_TRUE(absl::IsUnavailable(bundle.Start()));
  EXPECT_TRUE(
      absl::IsUnavailable(bundle.Add(RecordAt("1"), Pulse("")).status()));
  EXPECT_TRUE(absl::IsUnavailable(bundle.Finish()));
}

}  // namespace
}  // namespace subrosa
