#include "src/ingest/fhir_reader.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/clinical.pb.h"

namespace subrosa {
namespace {

ReaderOptions Fhir() {
  ReaderOptions options = OptionsWithDefaults();
  options.format = Format::kFhirNdjson;
  return options;
}

v1::FhirResource ResourceOf(const Reading& reading) {
  v1::FhirResource resource;
  EXPECT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.rejects, std::vector<std::string>());
  if (!reading.records.empty()) {
    EXPECT_TRUE(reading.records[0].payload().UnpackTo(&resource));
  }
  return resource;
}

std::string ReasonFor(const std::string& json) {
  const Reading reading = ReadText(json, Fhir());
  if (reading.rejects.size() != 1) return "taken";
  return reading.rejects[0].substr(std::string("line 1, byte 0: ").size());
}

constexpr char kObservation[] =
    R"({"resourceType":"Observation","id":"o-1","status":"final",)"
    R"("code":{"coding":[{"system":"http://loinc.org","code":"8867-4",)"
    R"("display":"Heart rate"}],"text":"Pulse"},)"
    R"("subject":{"reference":"Patient/p-1"},)"
    R"("effectiveDateTime":"2024-03-01T08:30:00-05:00",)"
    R"("issued":"2024-03-02T00:00:00Z",)"
    R"("valueQuantity":{"value":72,"unit":"beats/min","code":"/min"}})";

TEST(FhirReaderTest, AnObservationKeepsItsCodeItsValueAndItsWhole) {
  const Reading reading = ReadText(kObservation, Fhir());

  const v1::FhirResource resource = ResourceOf(reading);
  EXPECT_EQ(resource.resource_type(), "Observation");
  EXPECT_EQ(resource.resource_id(), "o-1");
  EXPECT_EQ(resource.code().coding(0).system(), "http://loinc.org");
  EXPECT_EQ(resource.code().coding(0).code(), "8867-4");
  EXPECT_EQ(resource.code().coding(0).display(), "Heart rate");
  EXPECT_EQ(resource.code().text(), "Pulse");
  EXPECT_EQ(resource.value().value(), 72);
  EXPECT_EQ(resource.value().unit(), "/min");
  EXPECT_EQ(resource.status(), "final");
  EXPECT_EQ(resource.json(), kObservation);
}

TEST(FhirReaderTest, TheRecordSaysWhomItIsAboutAndWhen) {
  const Reading reading = ReadText(kObservation, Fhir());

  ASSERT_EQ(reading.records.size(), 1u);
  const v1::HealthRecord& record = reading.records[0];
  EXPECT_EQ(record.consumer(), "p-1");
  EXPECT_EQ(record.id(), "Observation/o-1");
  EXPECT_EQ(record.effective().start().seconds(), 1709299800);
  EXPECT_EQ(record.effective().utc_offset_minutes(), -300);
  EXPECT_EQ(record.collected_at().seconds(), 1709337600);
  EXPECT_EQ(record.origin().system(), "fhir-r4");
  EXPECT_EQ(record.origin().type(), "Observation");
  EXPECT_EQ(record.origin().id(), "o-1");
  EXPECT_EQ(record.origin().raw_digest().size(), 32u);
}

TEST(FhirReaderTest, APeriodThatSaysNothingHidesNoOtherTime) {
  const std::string head =
      R"({"resourceType":"Observation","id":"o","code":{"text":"Pulse"},)"
      R"("subject":{"reference":"Patient/p-1"},"effectivePeriod":)";
  const std::string tail =
      R"(,"onsetDateTime":"2024-03-01","issued":"2024-03-02T00:00:00Z"})";
  const Reading nothing = ReadText(head + "{}" + tail, Fhir());
  ASSERT_EQ(nothing.records.size(), 1u);
  EXPECT_EQ(nothing.records[0].effective().given_start(), "2024-03-01");
  // Only when it ended: that it has a time is known, and not which.
  const Reading end = ReadText(head + R"({"end":"2024-02-01"})" + tail, Fhir());
  ASSERT_EQ(end.records.size(), 1u);
  EXPECT_FALSE(end.records[0].has_effective());
}

TEST(FhirReaderTest, AConditionHasItsClinicalStatusAndItsSpan) {
  const Reading reading = ReadText(
      R"({"resourceType":"Condition","id":"c","clinicalStatus":{"coding":)"
      R"([{"system":"s","code":"resolved"}]},"code":{"text":"Grief"},)"
      R"("subject":{"reference":"https://ehr.example/fhir/Patient/p-1"},)"
      R"("onsetDateTime":"2020-03","abatementDateTime":"2020",)"
      R"("recordedDate":"2020-04-01"})",
      Fhir());

  const v1::FhirResource resource = ResourceOf(reading);
  EXPECT_EQ(resource.status(), "resolved");
  EXPECT_EQ(resource.code().text(), "Grief");
  EXPECT_EQ(reading.records[0].consumer(), "p-1");
  EXPECT_EQ(reading.records[0].effective().start().seconds(), 1583020800);
  // "2020" ends with the year.
  EXPECT_EQ(reading.records[0].effective().end().seconds(), 1609459199);
  EXPECT_EQ(reading.records[0].collected_at().seconds(), 1585699200);
}

TEST(FhirReaderTest, AMedicationRequestHasItsMedicineAndItsReasons) {
  const v1::FhirResource coded = ResourceOf(ReadText(
      R"({"resourceType":"MedicationRequest","subject":{"reference":)"
      R"("Patient/p"},"medicationCodeableConcept":{"coding":[{"system":"r",)"
      R"("code":"1"}]},"reasonCode":[{"text":"sleep"}],"reasonReference":)"
      R"([{"reference":"Condition/1","display":"Insomnia"}]})",
      Fhir()));
  const v1::FhirResource contained = ResourceOf(ReadText(
      R"({"resourceType":"MedicationRequest","subject":{"reference":)"
      R"("Patient/p"},"contained":[{"id":"m","code":{"coding":[{"system":"r",)"
      R"("code":"2"}]}}],"medicationReference":{"reference":"#m"}})",
      Fhir()));

  EXPECT_EQ(coded.code().coding(0).code(), "1");
  ASSERT_EQ(coded.reasons_size(), 2);
  EXPECT_EQ(coded.reasons(0).text(), "sleep");
  EXPECT_EQ(coded.reasons(1).text(), "Insomnia");
  EXPECT_EQ(contained.code().coding(0).code(), "2");
}

TEST(FhirReaderTest, APatientIsAboutThemselves) {
  const Reading reading = ReadText(
      R"({"resourceType":"Patient","id":"p-9","birthDate":"1990"})", Fhir());

  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.records[0].consumer(), "p-9");
  EXPECT_EQ(reading.records[0].id(), "Patient/p-9");
  EXPECT_FALSE(reading.records[0].has_effective());
  EXPECT_EQ(reading.records[0].collected_at().seconds(), 1700000000);
}

TEST(FhirReaderTest, OtherTypesAreKeptWholeUnderTheirPatient) {
  for (
      const char* const json :
      {R"({"resourceType":"Immunization","patient":{"reference":"Patient/p"}})",
       R"({"resourceType":"Coverage","beneficiary":{"reference":"Patient/p"}})",
       R"({"resourceType":"Account","subject":[{"reference":"Patient/p"}]})",
       R"({"resourceType":"Device","patient":{"reference":"Patient/p"}})",
       R"({"resourceType":"Task","for":{"reference":"Patient/p/_history/2"}})"}) {
    const Reading reading = ReadText(json, Fhir());

    EXPECT_EQ(ResourceOf(reading).json(), json);
    EXPECT_EQ(reading.records[0].consumer(), "p");
  }
}

TEST(FhirReaderTest, WhatIsNotMappedIsCountedAsKeptWholeAndWhatIsIsNot) {
  const Reading reading = ReadText(
      "{\"resourceType\":\"Flag\",\"subject\":"
      "{\"reference\":\"Patient/p\"}}\n"
      "{\"resourceType\":\"Condition\",\"subject\":"
      "{\"reference\":\"Patient/p\"}}\n"
      "{\"resourceType\":\"Flag\",\"subject\":"
      "{\"reference\":\"Group/g\"}}\n",
      Fhir());

  EXPECT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(reading.rejects.size(), 1u);
  EXPECT_EQ(reading.kept_whole,
            std::vector<std::string>{"line 1, byte 0: Flag"});
}

TEST(FhirReaderTest, ARecordHoldsNothingOfTheOneBeforeIt) {
  const std::string first =
      R"({"resourceType":"Encounter","id":"e","subject":)"
      R"({"reference":"Patient/p"},"period":{"start":"2024-03-01T08:00:00Z",)"
      R"("end":"2024-03-01T09:00:00Z"},"meta":{"lastUpdated":"2024-04-01"}})";
  const std::string second =
      R"({"resourceType":"Goal","subject":{"reference":"Patient/q"}})";
  const std::string third =
      R"({"resourceType":"Task","for":{"reference":"Patient/q"},)"
      R"("authoredOn":"2024"})";
  const Reading all =
      ReadText(absl::StrCat(first, "\n", second, "\n", third), Fhir());

  ASSERT_EQ(all.records.size(), 3u);
  for (const size_t i : {1u, 2u}) {
    const Reading alone = ReadText(i == 1 ? second : third, Fhir());
    ASSERT_EQ(alone.records.size(), 1u);
    EXPECT_EQ(all.records[i].SerializeAsString(),
              alone.records[0].SerializeAsString());
  }
}

TEST(FhirReaderTest, WhatIsAboutNobodyIsCountedAndNotRejected) {
  const Reading reading = ReadText(
      "{\"resourceType\":\"Organization\",\"id\":\"o\"}\n"
      "{\"resourceType\":\"Device\",\"id\":\"d\"}\n"
      "{\"resourceType\":\"Observation\",\"subject\":"
      "{\"reference\":\"Location/l\"}}\n",
      Fhir());

  EXPECT_EQ(reading.rejects, std::vector<std::string>());
  EXPECT_EQ(reading.not_about_consumer,
            (std::vector<std::string>{"line 1, byte 0: Organization",
                                      "line 2, byte 41: Device",
                                      "line 3, byte 76: Observation"}));
}

TEST(FhirReaderTest, ABadLineIsRejectedAndTheRestIsRead) {
  const Reading reading = ReadText(
      absl::StrCat("{\"resourceType\":\n", kObservation, "\n"), Fhir());

  EXPECT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.rejects,
            (std::vector<std::string>{
                "line 1, byte 0: line: want JSON, got text that is none"}));
}

TEST(FhirReaderTest, WhatRefersToALineBeforeGoesToThatOnesPatient) {
  const Reading reading = ReadText(
      R"({"resourceType":"Encounter","id":"e","subject":{"reference":"Patient/p"}})"
      "\n"
      R"({"resourceType":"Provenance","id":"v","target":[{"reference":"Encounter/e"}]})"
      "\n"
      R"({"resourceType":"Provenance","id":"w","target":[{"reference":"Encounter/f"}]})"
      "\n",
      OptionsWithDefaults());
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  ASSERT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(reading.records[1].consumer(), "p");
  EXPECT_EQ(reading.rejects.size(), 1u);
}

TEST(FhirReaderTest, PatientsOfTwoServersAreNotTakenForOne) {
  const auto pulse = [](const std::string& id, const std::string& patient) {
    return absl::StrCat(R"({"resourceType":"Observation","id":")", id,
                        R"(","subject":{"reference":")", patient, R"("}})",
                        "\n");
  };
  const Reading reading =
      ReadText(absl::StrCat(pulse("1", "https://a/Patient/p"),
                            pulse("2", "https://b/Patient/p"),
                            pulse("3", "https://a/Patient/q")),
               OptionsWithDefaults());
  ASSERT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.records.size(), 2u);
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_NE(reading.rejects[0].find("want one server"), std::string::npos);
}

TEST(FhirReaderTest, WhoeverIsNotSaidIsNotGuessed) {
  const auto about = [](const std::string& subject) {
    return ReasonFor(absl::StrCat(R"({"resourceType":"Observation","subject":)",
                                  subject, "}"));
  };

  EXPECT_EQ(ReasonFor(R"({"resourceType":"Observation"})"),
            "subject: want a reference to a patient, got none");
  EXPECT_EQ(about(R"({"display":"Jane"})"),
            "subject.reference: want Patient/ID, got none");
  EXPECT_EQ(about(R"("Patient/p")"),
            "subject: want a reference, got something else");
  EXPECT_EQ(about(R"([{"reference":"Patient/a"},{"reference":"Patient/b"}])"),
            "subject: want one reference, got 2");
  EXPECT_EQ(about("[]"), "subject: want one reference, got 0");
  EXPECT_EQ(
      about(R"({"reference":"Group/g"})"),
      "subject.reference: want Patient/ID, or a line before that leads to a "
      "patient, got neither");
  EXPECT_EQ(
      about(R"({"reference":"urn:uuid:1"})"),
      "subject.reference: want Patient/ID, or a line before that leads to a "
      "patient, got neither");
  EXPECT_EQ(about(R"({"reference":"#p"})"),
            "subject.reference: want Patient/ID, got a reference to a "
            "contained resource");
  EXPECT_EQ(about(R"({"reference":"Patient?identifier=1"})"),
            "subject.reference: want Patient/ID, got a search");
  EXPECT_EQ(about(R"({"reference":"Jane"})"),
            "subject.reference: want Patient/ID, got another form");
  EXPECT_EQ(about(R"({"reference":"Patient/Jane Doe"})"),
            "subject.reference: want Patient/ID, got an id that is none of "
            "FHIR's");
  EXPECT_EQ(ReasonFor(R"({"resourceType":"Patient"})"),
            "id: want an id of FHIR, got none");
}

// A list of references, each of which was looked for from the first of what is
// contained on, took a quarter of an hour: this would not end in time.
TEST(FhirReaderTest, AsManyReferencesAsALineHoldsAreResolvedInTheTimeOfALine) {
  constexpr size_t kHalf = size_t{2} << 20;
  const auto provenance = [](const std::string& last) {
    std::string contained;
    while (contained.size() < kHalf) contained += "{},";
    std::string target;
    while (target.size() < kHalf - 1024) target += R"({"reference":"#z"},)";
    return absl::StrCat(
        R"({"resourceType":"Provenance","id":"p","contained":[)", contained,
        R"({"id":"z","resourceType":"Device","patient":{"reference":"#y"}},)",
        R"({"id":"y","resourceType":"Group","subject":)", last,
        R"(}],"target":[)", target, R"({"reference":"#z"}]})");
  };

  const Reading patient =
      ReadText(provenance(R"({"reference":"Patient/p-1"})"), Fhir());
  ASSERT_EQ(patient.records.size(), 1u);
  EXPECT_EQ(patient.records[0].consumer(), "p-1");
  EXPECT_EQ(ReadText(provenance(R"({"reference":"Organization/o"})"), Fhir())
                .not_about_consumer.size(),
            1u);
  EXPECT_EQ(ReasonFor(provenance(R"({"reference":"#z"})")),
            "target.reference.reference.reference: want Patient/ID, got a "
            "reference to a contained resource");
}

TEST(FhirReaderTest, EachFaultIsNamedByItsPlaceAndNeverShown) {
  const std::string about = R"("subject":{"reference":"Patient/p"})";
  const std::vector<std::pair<std::string, std::string>> faults = {
      {"[]", "line: want a resource, got a list"},
      {"5", "line: want a resource, got a value"},
      {"{}", "resourceType: want a type of FHIR's, got none"},
      {R"({"resourceType":"jane doe"})",
       "resourceType: want a type of FHIR's, got another string"},
      {R"({"resourceType":"Bundle"})",
       "resourceType: want a resource, got a Bundle"},
      {R"({"resourceType":"Observation","id":"a b",)" + about + "}",
       "id: want an id of FHIR, got another string"},
      {R"({"resourceType":"Observation","effectiveDateTime":"yesterday",)" +
           about + "}",
       "effectiveDateTime: want a date or time of FHIR, got another string"},
      {R"({"resourceType":"Encounter","period":{"start":"2024-13"},)" + about +
           "}",
       "period.start: want a date or time of FHIR, got another string"},
      {R"({"resourceType":"Encounter","period":{"start":"2024","end":"x"},)" +
           about + "}",
       "period.end: want a date or time of FHIR, got another string"},
      {R"({"resourceType":"Encounter","period":{"start":"2024","end":"2023"},)" +
           about + "}",
       "effective.end: want a time not before `start`, got an earlier one"},
      {R"({"resourceType":"Observation","effectiveDateTime":"0024-01-01",)" +
           about + "}",
       "effective.start: want a time in 1900 to 2200, got one outside"},
      {R"({"resourceType":"Observation","issued":"now",)" + about + "}",
       "issued: want a date or time of FHIR, got another string"},
      {R"({"resourceType":"Observation","meta":{"lastUpdated":"now"},)" +
           about + "}",
       "meta.lastUpdated: want a date or time of FHIR, got another string"},
      {R"({"resourceType":"Observation","a":{"b":1,"b":2},)" + about + "}",
       "line: want each key of an object once, got one twice"},
      {R"({"resourceType":"Observation","subject":{"reference":"Patient/q"},)" +
           about + "}",
       "line: want each key of an object once, got one twice"},
      {R"({"resourceType":"Observation","n":1e999,)" + about + "}",
       "line: want JSON, got a number that is none or out of range"},
      {R"({"resourceType":"Observation","n":99999999999999999999,)" + about +
           "}",
       "line: want JSON, got a number that is none or out of range"},
      {"{\"resourceType\":\"\xC3\x28\"}", "line: want UTF-8, got other bytes"},
      {R"({"resourceType":"Obs)",
       "line: want JSON, got a string without its end"},
      {R"({"a":)" + std::string(70, '[') + std::string(70, ']') + "}",
       "line: want at most 64 levels, got more"},
      {R"({"a":)" + std::string(5000, '[') + std::string(5000, ']') + "}",
       "line: want at most 64 levels, got more"},
  };
  for (const auto& fault : faults) {
    EXPECT_EQ(ReasonFor(fault.first), fault.second) << fault.first;
  }
}

}  // namespace
}  // namespace subrosa
