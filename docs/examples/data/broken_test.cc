// Reads every file of broken/ with the reader behind `subrosa ingest`: what is
// good in it comes through, and what is wrong is named by its place and field.
#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/ingest/open_reader.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr char kFolder[] = "docs/examples/data/";

// What a reader makes of a file.
struct Reading {
  int records = 0;
  std::vector<std::string> rejects;  // Each "PLACE FIELD.PATH".
  std::string end;                   // Why reading stopped before the end.
};

// The path in front of an error's colon.
std::string PathOf(const absl::Status& status) {
  const std::string message(status.message());
  return message.substr(0, message.find(": want"));
}

Reading Read(const std::string& file) {
  // Links the payloads, as the command does.
  v1::MoodCheckIn::descriptor();
  v1::VitalSample::descriptor();
  v1::SubscriptionEvent::descriptor();
  v1::FhirResource::descriptor();

  ReaderOptions options;
  if (absl::StrContains(file, "fhir")) {
    options.defaults.source = "clinic";
    options.defaults.purpose = "care";
    options.defaults.basis = v1::BASIS_NECESSARY;
    options.defaults.collection = v1::COLLECTION_PROVIDER;
  }
  Reading reading;
  auto reader = OpenReader(absl::StrCat(kFolder, file), options);
  if (!reader.ok()) {
    reading.end = std::string(reader.status().message());
    return reading;
  }
  v1::HealthRecord record;
  for (;;) {
    const auto outcome = (*reader)->Next(&record);
    if (!outcome.ok()) {
      reading.end = std::string(outcome.status().message());
      return reading;
    }
    if (outcome->step == ReadStep::kEnd) return reading;
    if (outcome->step == ReadStep::kRecord) ++reading.records;
    if (outcome->step != ReadStep::kReject) continue;
    EXPECT_TRUE(absl::IsInvalidArgument(outcome->reject));
    reading.rejects.push_back(
        absl::StrCat(outcome->number, " ", PathOf(outcome->reject)));
  }
}

// What is to come of each file. `end` is a part of the message.
struct Broken {
  std::string file;
  int records;
  std::vector<std::string> rejects;
  std::string end;
};

const std::vector<Broken>& AllBroken() {
  static const auto* const kAll = new std::vector<Broken>{
      {"apple_entities.xml", 0, {}, "consumer: want whose export"},
      {"apple_truncated.xml", 0, {}, "consumer: want whose export"},
      {"dates_out_of_range.ndjson",
       2,
       {"2 collected_at", "3 collected_at", "4 effective.start",
        "5 effective.start", "6 effective.end", "7 collected_at"},
       ""},
      {"deep_nesting.ndjson", 2, {"2 extra", "3 extra"}, ""},
      // Which of them to keep is for the store to say.
      {"duplicate_ids.ndjson", 3, {}, ""},
      {"duplicate_keys.ndjson", 2, {"2 consumer", "3 payload.score"}, ""},
      {"empty.ndjson", 0, {}, ""},
      {"endless_length.pb", 1, {}, "what follows cannot be read"},
      {"fhir.ndjson",
       2,
       {"2 resourceType", "3 subject", "4 subject.reference",
        "5 effectiveDateTime", "6 line", "7 resourceType", "8 line"},
       ""},
      {"garbage.pb", 2, {"2 record", "3 record", "4 consumer"}, ""},
      {"huge_length.pb", 1, {"2 record"}, ""},
      {"huge_numbers.ndjson",
       2,
       {"2 payload.score", "3 payload.score", "4 payload.score",
        "5 payload.value.value", "6 effective.utc_offset_minutes"},
       ""},
      {"latin1.ndjson", 2, {"2 line"}, ""},
      {"list.json", 0, {}, "a JSON list"},
      {"missing_consumer.ndjson",
       2,
       {"2 consumer", "3 consumer", "4 consumer", "5 consumer"},
       ""},
      {"missing_parts.ndjson",
       2,
       {"2 source", "3 purpose", "4 basis", "5 collected_at", "6 payload",
        "7 source"},
       ""},
      {"not_json.ndjson",
       2,
       {"2 line", "3 line", "4 line", "5 line", "6 line"},
       ""},
      {"packed.ndjson.gz", 0, {}, "a gzip file"},
      {"truncated.ndjson", 2, {"3 line"}, ""},
      {"truncated.pb", 2, {"3 record"}, ""},
      {"unknown_field.ndjson",
       2,
       {"2 favouriteColour", "3 payload.bloodType", "4 basis"},
       ""},
      {"unknown_type.ndjson", 2, {"2 payload.@type", "3 payload.@type"}, ""},
      {"utf16.ndjson", 0, {}, "UTF-16"},
  };
  return *kAll;
}

TEST(BrokenTest, WhatIsWrongIsNamedByPlaceAndFieldAndTheRestComesThrough) {
  for (const Broken& broken : AllBroken()) {
    const Reading reading = Read(absl::StrCat("broken/", broken.file));

    EXPECT_EQ(reading.records, broken.records) << broken.file;
    EXPECT_EQ(reading.rejects, broken.rejects) << broken.file;
    if (broken.end.empty()) {
      EXPECT_EQ(reading.end, "") << broken.file;
    } else {
      EXPECT_TRUE(absl::StrContains(reading.end, broken.end))
          << broken.file << ": " << reading.end;
    }
  }
}

TEST(BrokenTest, EveryFileIsReadHereAndExplainedInTheReadme) {
  const auto readme =
      ReadFile(absl::StrCat(kFolder, "broken/README.md"), 65536);
  ASSERT_TRUE(readme.ok()) << readme.status();
  std::vector<std::string> expected = {"README.md"};
  for (const Broken& broken : AllBroken()) {
    expected.push_back(broken.file);
    EXPECT_TRUE(
        absl::StrContains(*readme, absl::StrCat("| `", broken.file, "` | ")))
        << broken.file;
  }
  std::vector<std::string> present;
  for (const auto& entry :
       std::filesystem::directory_iterator(absl::StrCat(kFolder, "broken"))) {
    present.push_back(entry.path().filename().string());
  }

  std::sort(expected.begin(), expected.end());
  std::sort(present.begin(), present.end());
  EXPECT_EQ(present, expected);
}

TEST(SampleDataTest, EveryGoodFileIsReadWhole) {
  const std::vector<std::pair<std::string, int>> files = {
      {"wellness.ndjson", 480},         {"wellness.pb", 120},
      {"fhir/Patient.ndjson", 6},       {"fhir/Condition.ndjson", 8},
      {"fhir/Observation.ndjson", 122}, {"fhir/MedicationRequest.ndjson", 8}};
  for (const auto& [file, records] : files) {
    const Reading reading = Read(file);

    EXPECT_EQ(reading.records, records) << file;
    EXPECT_EQ(reading.rejects, std::vector<std::string>()) << file;
    EXPECT_EQ(reading.end, "") << file;
  }
}

}  // namespace
}  // namespace subrosa
