#include "src/ingest/fhir_json_reader.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/clinical.pb.h"

namespace subrosa {
namespace {

constexpr char kJane[] = R"({"resourceType":"Patient","id":"jane"})";
constexpr char kAnn[] = R"({"resourceType":"Patient","id":"ann"})";

std::string Entry(const std::string& full_url, const std::string& resource) {
  return absl::StrCat(R"({"fullUrl":")", full_url, R"(","resource":)", resource,
                      "}");
}

std::string Bundle(const std::vector<std::string>& entries) {
  return absl::StrCat(
      R"({"resourceType":"Bundle","type":"collection","entry":[)",
      absl::StrJoin(entries, ","), "]}");
}

// A resource whose `element` refers to `reference`.
std::string Referring(const std::string& type, const std::string& id,
                      const std::string& element,
                      const std::string& reference) {
  return absl::StrCat(R"({"resourceType":")", type, R"(","id":")", id, R"(",")",
                      element, R"(":{"reference":")", reference, R"("}})");
}

std::string Pulse(const std::string& id, const std::string& subject) {
  return Referring("Observation", id, "subject", subject);
}

Reading Read(const std::string& text) {
  return ReadText(text, OptionsWithDefaults());
}

// "Observation/1 jane", in order.
std::vector<std::string> WhoHasWhat(const Reading& reading) {
  std::vector<std::string> all;
  for (const v1::HealthRecord& record : reading.records) {
    all.push_back(absl::StrCat(record.id(), " ", record.consumer()));
  }
  return all;
}

using Strings = std::vector<std::string>;

TEST(FhirJsonReaderTest, EachEntryOfABundleIsARecordAndKeptWhole) {
  const std::string pulse = Pulse("1", "Patient/jane");
  const std::string text =
      Bundle({Entry("urn:uuid:a", kJane), Entry("urn:uuid:b", pulse)});
  const Reading reading = Read(text);

  EXPECT_EQ(WhoHasWhat(reading),
            (Strings{"Patient/jane jane", "Observation/1 jane"}));
  EXPECT_EQ(reading.end, absl::StrCat("2 entrys, ", text.size(), " bytes"));
  v1::FhirResource resource;
  ASSERT_TRUE(reading.records[1].payload().UnpackTo(&resource));
  EXPECT_EQ(resource.json(), pulse);
  EXPECT_EQ(reading.records[1].origin().raw_digest().size(), 32u);
}

TEST(FhirJsonReaderTest, ABundleOverManyLinesIsTheSameBundle) {
  const Reading reading = Read(
      "\xEF\xBB\xBF{\r\n  \"resourceType\" : \"Bundle\",\n  \"total\": 1,\n"
      "  \"link\": [ { \"url\": \"} ] \\\" {\" } ],\n  \"entry\": [\n    {\n"
      "      \"search\": {\"mode\": \"match\"},\n      \"resource\": {\n"
      "        \"resourceType\": \"Patient\",\n        \"id\": \"jane\"\n"
      "      },\n      \"fullUrl\": \"https:\\/\\/h\\/Patient\\/jane\"\n    }\n"
      "  ]\n}\n");

  EXPECT_EQ(WhoHasWhat(reading), Strings{"Patient/jane jane"});
  EXPECT_EQ(reading.rejects, Strings());
}

TEST(FhirJsonReaderTest, AResourceThatStandsAloneMayTakeManyLines) {
  const Reading reading = Read(
      "{\n \"id\": \"o\",\n \"resourceType\": \"Observation\",\n"
      " \"subject\": {\"reference\": \"Patient/jane\"}\n}\n");

  EXPECT_EQ(WhoHasWhat(reading), Strings{"Observation/o jane"});
}

TEST(FhirJsonReaderTest, BundlesMayFollowEachOtherAndDoNotKnowEachOther) {
  const std::string pulse = Entry("", Pulse("1", "urn:uuid:a"));
  const Reading reading = Read(absl::StrCat(
      Bundle({Entry("urn:uuid:a", kJane), pulse}), "\n", Bundle({pulse})));

  EXPECT_EQ(WhoHasWhat(reading),
            (Strings{"Patient/jane jane", "Observation/1 jane"}));
  EXPECT_EQ(reading.rejects.size(), 1u);
}

TEST(FhirJsonReaderTest, TwoPeopleInOneBundleKeepTheirOwnRecords) {
  const Reading reading =
      Read(Bundle({Entry("urn:uuid:a", kJane), Entry("urn:uuid:b", kAnn),
                   Entry("urn:uuid:c", Pulse("1", "urn:uuid:b")),
                   Entry("urn:uuid:d", Pulse("2", "urn:uuid:a"))}));

  EXPECT_EQ(WhoHasWhat(reading),
            (Strings{"Patient/jane jane", "Patient/ann ann",
                     "Observation/1 ann", "Observation/2 jane"}));
}

TEST(FhirJsonReaderTest, AReferenceToALaterEntryIsFollowed) {
  const Reading reading =
      Read(Bundle({Entry("urn:uuid:c", Pulse("1", "urn:uuid:a")),
                   Entry("urn:uuid:a", kJane),
                   Entry("urn:uuid:d", Pulse("2", "urn:uuid:a"))}));

  // What has waited comes last.
  EXPECT_EQ(WhoHasWhat(reading),
            (Strings{"Patient/jane jane", "Observation/2 jane",
                     "Observation/1 jane"}));
  EXPECT_EQ(reading.rejects, Strings());
}

TEST(FhirJsonReaderTest, FromAPipeAReferenceToALaterEntryIsRejected) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const UniqueFd source(ends[0]);
  const std::string text =
      Bundle({Entry("urn:uuid:c", Pulse("1", "urn:uuid:a")),
              Entry("urn:uuid:a", kJane),
              Entry("urn:uuid:d", Pulse("2", "urn:uuid:a"))});
  {
    const UniqueFd sink(ends[1]);
    ASSERT_EQ(write(sink.get(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }
  const Reading reading = ReadAll(absl::StrCat("/proc/self/fd/", source.get()),
                                  OptionsWithDefaults());

  EXPECT_EQ(WhoHasWhat(reading),
            (Strings{"Patient/jane jane", "Observation/2 jane"}));
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_EQ(reading.rejects[0].substr(reading.rejects[0].find("subject")),
            "subject.reference: want an entry of the Bundle that leads to one "
            "patient, got none before it, and a pipe is read once");
}

TEST(FhirJsonReaderTest, AnEncounterLeadsToItsPatient) {
  const Reading reading = Read(Bundle(
      {Entry(
           "https://h/f/QuestionnaireResponse/q",
           Referring("QuestionnaireResponse", "q", "encounter", "Encounter/e")),
       Entry("https://h/f/Encounter/e",
             Referring("Encounter", "e", "subject", "Patient/jane")),
       Entry("https://h/f/Provenance/p",
             R"({"resourceType":"Provenance","id":"p","target":[{"reference":)"
             R"("QuestionnaireResponse/q"},{"reference":"Encounter/e"}]})")}));

  EXPECT_EQ(WhoHasWhat(reading),
            (Strings{"Encounter/e jane", "QuestionnaireResponse/q jane",
                     "Provenance/p jane"}));
}

TEST(FhirJsonReaderTest, WhatIsAboutAPlaceOfTheBundleIsAboutNobody) {
  const Reading reading = Read(
      Bundle({Entry("urn:uuid:l", R"({"resourceType":"Location","id":"l"})"),
              Entry("urn:uuid:o", Pulse("1", "urn:uuid:l"))}));

  EXPECT_EQ(reading.rejects, Strings());
  EXPECT_EQ(reading.not_about_consumer.size(), 2u);
}

// The reason why the last entry of a Bundle of `entries` is rejected.
std::string WhyNot(const std::vector<std::string>& entries) {
  const Reading reading = Read(Bundle(entries));
  if (reading.rejects.empty()) return "taken";
  const std::string& last = reading.rejects.back();
  return last.substr(last.find(": ") + 2);
}

TEST(FhirJsonReaderTest, ReferencesInCirclesLeadToNobodyAndAreRejected) {
  const Reading reading =
      Read(Bundle({Entry("urn:uuid:a",
                         Referring("Provenance", "1", "target", "urn:uuid:b")),
                   Entry("urn:uuid:b",
                         Referring("Provenance", "2", "target", "urn:uuid:a")),
                   Entry("urn:uuid:c", Pulse("3", "urn:uuid:c")),
                   Entry("urn:uuid:d", kJane)}));

  EXPECT_EQ(WhoHasWhat(reading), Strings{"Patient/jane jane"});
  ASSERT_EQ(reading.rejects.size(), 3u);
  EXPECT_EQ(reading.rejects[2].substr(reading.rejects[2].find("subject")),
            "subject.reference: want an entry of the Bundle that leads to one "
            "patient, got none");
}

TEST(FhirJsonReaderTest, AReferenceThatLeadsToNobodyIsNotGuessed) {
  const std::string jane = Entry("urn:uuid:a", kJane);

  EXPECT_EQ(WhyNot({jane, Entry("", Pulse("1", "urn:uuid:z"))}),
            "subject.reference: want an entry of the Bundle that leads to one "
            "patient, got none");
  EXPECT_EQ(WhyNot({jane, Entry("", Pulse("1", "Group/g"))}),
            "subject.reference: want an entry of the Bundle that leads to one "
            "patient, got none");
  EXPECT_EQ(WhyNot({jane, Entry("", R"({"resourceType":"Observation"})")}),
            "subject: want a reference to a patient, got none");
  EXPECT_EQ(WhyNot({jane, Entry("", R"({"resourceType":"Provenance","target":[)"
                                    R"({"reference":"urn:uuid:a"},)"
                                    R"({"reference":"Patient/ann"}]})")}),
            "target: want references that lead to one patient, got two");
}

TEST(FhirJsonReaderTest, PatientsOfTwoServersAreNotTakenForOne) {
  EXPECT_EQ(WhyNot({Entry("https://a/Patient/jane", kJane),
                    Entry("https://b/Patient/jane", kJane)}),
            "fullUrl: want one server for all patients, got another");
  EXPECT_EQ(
      WhyNot({Entry("https://a/Patient/jane", kJane),
              Entry("https://b/Observation/1", Pulse("1", "Patient/jane"))}),
      "subject.reference: want one server for all patients of a file or "
      "Bundle, got another");
  EXPECT_EQ(WhyNot({Entry("urn:uuid:a", kJane), Entry("urn:uuid:b", kJane)}),
            "fullUrl: want one for each patient's id, got another");
  EXPECT_EQ(WhyNot({Entry("urn:uuid:a", kJane), Entry("urn:uuid:a", kAnn)}),
            "fullUrl: want one for each patient, got one of two");
  EXPECT_EQ(WhyNot({Entry("https://a/Patient/jane", kAnn)}),
            "fullUrl: want the id of its Patient, got another");
}

TEST(FhirJsonReaderTest, ABadEntryIsRejectedAndTheRestIsRead) {
  const std::vector<std::pair<std::string, std::string>> faults = {
      {"5", "entry: want an object, got something else"},
      {"\"}\"", "entry: want an object, got something else"},
      {"{}", "entry.resource: want a resource, got none"},
      {R"({"request":{"method":"DELETE","url":"Patient/1"}})",
       "entry.resource: want a resource, got none"},
      {R"({"resource":null})", "line: want a resource, got a value"},
      {R"({"resource":[]})", "line: want a resource, got a list"},
      {R"({"fullUrl":1,"resource":{}})",
       "entry.fullUrl: want a string, got something else"},
      {R"({"resource":{},"resource":{}})",
       "entry: want each key once, got one twice"},
      {R"({"fullUrl":"a","fullUrl":"b","resource":{}})",
       "entry: want each key once, got one twice"},
      {R"({"resou\u0072ce":{}})",
       "entry: want keys of FHIR, got one with escapes"},
      {R"({"fullUrl":"\u0061","resource":{}})",
       "entry.fullUrl: want a URL, got one with escapes"},
      {absl::StrCat(R"({"fullUrl":")", std::string(3000, 'u'),
                    R"(","resource":{}})"),
       "entry.fullUrl: want at most 2048 bytes, got more"},
      {R"({"resource":{"resourceType":"Bundle","entry":[]}})",
       "resourceType: want a resource, got a Bundle"},
      {R"({"resource":{"a":1,"a":2}})",
       "line: want each key of an object once, got one twice"},
      {R"({"resource":{"n":1e999}})",
       "line: want JSON, got a number that is none or out of range"},
      {R"({"resource":{"n":1 2}})", "line: want JSON, got text that is none"},
      {"{\"resource\":{\"a\":\"\xC3\x28\"}}",
       "line: want UTF-8, got other bytes"},
      {absl::StrCat(R"({"resource":{"a":)", std::string(9000, '['),
                    std::string(9000, ']'), "}}"),
       "line: want at most 64 levels, got more"},
      {absl::StrCat(R"({"resource":{"resourceType":")",
                    std::string(5 << 20, 'A'), "\"}}"),
       "entry: want at most 4194304 bytes, got more"},
  };
  for (const auto& fault : faults) {
    const Reading reading = Read(
        Bundle({Entry("", kAnn), fault.first, Entry("urn:uuid:a", kJane)}));

    EXPECT_EQ(WhoHasWhat(reading),
              (Strings{"Patient/ann ann", "Patient/jane jane"}));
    ASSERT_EQ(reading.rejects.size(), 1u) << fault.second;
    EXPECT_EQ(reading.rejects[0].substr(reading.rejects[0].find(": ") + 2),
              fault.second);
  }
}

TEST(FhirJsonReaderTest, AFileThatIsCutOffGivesWhatItHasAndSaysSo) {
  const std::string whole =
      Bundle({Entry("urn:uuid:c", Pulse("1", "urn:uuid:a")),
              Entry("urn:uuid:a", kJane), Entry("urn:uuid:b", kAnn)});
  const size_t ann = whole.rfind("{\"fullUrl\"");
  for (const size_t size : {ann + 20, whole.size() - 3, whole.size() - 2}) {
    const Reading reading = Read(whole.substr(0, size));

    ASSERT_TRUE(reading.status.ok()) << reading.status;
    EXPECT_GE(reading.records.size(), 2u);
    ASSERT_EQ(reading.rejects.size(), 1u);
    EXPECT_EQ(reading.rejects[0].substr(reading.rejects[0].find("file")),
              "file: want the end of what it starts, got the end of the file");
  }
}

TEST(FhirJsonReaderTest, ABundleWhoseMembersAreWrongIsToldAndReadOn) {
  const std::string entry = Entry("urn:uuid:a", kJane);
  const std::vector<std::pair<std::string, std::string>> faults = {
      {R"("entry":[])", "bundle: want each key once, got one twice"},
      {R"("resourceType":"List")", "bundle: want each key once, got one twice"},
      {R"("entr\u0079":[])", "bundle: want keys of FHIR, got one with escapes"},
  };
  for (const auto& fault : faults) {
    const Reading reading =
        Read(absl::StrCat(R"({"resourceType":"Bundle","entry":[)", entry, "],",
                          fault.first, "}"));

    EXPECT_EQ(reading.records.size(), 1u);
    ASSERT_EQ(reading.rejects.size(), 1u);
    EXPECT_EQ(reading.rejects[0].substr(reading.rejects[0].find("bundle")),
              fault.second);
  }
  EXPECT_EQ(Read(R"({"resourceType":"Bundle","entry":{}})").rejects,
            Strings{"entry 1, byte 33: bundle.entry: want a list, got "
                    "something else"});
}

TEST(FhirJsonReaderTest, WhereNobodyCanSayWhatComesNextReadingStops) {
  const std::string jane = Entry("urn:uuid:a", kJane);
  for (const std::string& text : {
           absl::StrCat(R"({"resourceType":"Bundle","entry":[)", jane, " ",
                        jane, "]}"),
           absl::StrCat(R"({"resourceType":"Bundle","entry":[)", jane, ",]}"),
           absl::StrCat(R"({"resourceType":"Bundle","entry":[)", jane,
                        R"(,{"resource":{"a":[1}}]})"),
           absl::StrCat(R"({"resourceType":"Bundle","entry":[)", jane,
                        R"(,{"resource" {}}]})"),
           absl::StrCat(Bundle({jane}), "]"),
       }) {
    const Reading reading = Read(text);

    EXPECT_TRUE(absl::IsInvalidArgument(reading.status)) << reading.status;
    EXPECT_EQ(WhoHasWhat(reading), Strings{"Patient/jane jane"});
    EXPECT_EQ(std::string(reading.status.message()).find("jane"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace subrosa
