// Plants a value in every place of every format, in inputs that are wrong in
// every way, and looks for it in all that comes out: reasons, statuses, and
// what the libraries print.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/acme.pb.h"
#include "src/ingest/testing/scratch_reader.h"
#include "src/ingest/wire.h"

namespace subrosa {
namespace {

// A name of nobody, which no message of ours holds.
constexpr char kPlanted[] = "Quillfeather Vex";

std::string WithLength(const std::string& message) {
  std::string out;
  AppendVarint(message.size(), &out);
  return out + message;
}

// Each a wrong line in which PLANT stands for the planted value.
const std::vector<std::string>& WrongLines() {
  static const auto* const lines = new std::vector<std::string>{
      R"(PLANT)",
      R"("PLANT")",
      R"(["PLANT"])",
      R"({"PLANT":1})",
      R"({"consumer":"PLANT"})",
      R"({"consumer":["PLANT"]})",
      R"({"consumer":{"PLANT":"PLANT"}})",
      R"({"consumer":"PLANT","source":"PLANT","payload":{}})",
      R"({"consumer":"PLANT","source":"PLANT"})",
      R"({"consumer":"c","purpose":"PLANT"})",
      R"({"consumer":"c","basis":"PLANT"})",
      R"({"consumer":"c","consentRef":"PLANT"})",
      R"({"consumer":"c","collectedAt":"PLANT"})",
      R"({"consumer":"c","effective":{"utcOffsetMinutes":"PLANT"}})",
      R"({"consumer":"c","payload":{"@type":"PLANT"}})",
      R"({"consumer":"c","payload":{"@type":"type.googleapis.com/PLANT"}})",
      R"({"consumer":"c","payload":{"@type":"type.googleapis.com/)"
      R"(subrosa.v1.MoodCheckIn","score":"PLANT"}})",
      R"({"consumer":"c","payload":{"@type":"type.googleapis.com/)"
      R"(subrosa.v1.MoodCheckIn","PLANT":"PLANT"}})",
      R"({"consumer":"c","payload":{"@type":"type.googleapis.com/)"
      R"(acme.v1.Everything","byNumber":{"PLANT":{}}}})",
      R"({"consumer":"c","payload":{"@type":"type.googleapis.com/)"
      R"(acme.v1.Everything","byName":{"PLANT":"PLANT"}}})",
      R"({"consumer":"c","payload":{"@type":"type.googleapis.com/)"
      R"(acme.v1.Everything","took":"PLANT","bytesValue":"PLANT"}})",
      R"({"consumer":"PLANT)",
      R"({"consumer":"PLANT"} PLANT)",
      "{\"consumer\":\"PLANT\xFF\"}",
      R"({"resourceType":"PLANT"})",
      R"({"resourceType":"Observation","id":"PLANT"})",
      R"({"resourceType":"Observation","subject":"PLANT"})",
      R"({"resourceType":"Observation","subject":{"reference":"PLANT"}})",
      R"({"resourceType":"Observation","subject":{"reference":"PLANT/1"}})",
      R"({"resourceType":"Observation","subject":{"reference":"Patient/PLANT"}})",
      R"({"resourceType":"Observation","subject":{"reference":"Patient/p"},)"
      R"("issued":"PLANT","effectiveDateTime":"PLANT"})",
      R"({"resourceType":"Encounter","subject":{"reference":"Patient/p"},)"
      R"("period":{"start":"PLANT"}})",
      R"({"resourceType":"Patient","id":"PLANT","PLANT":1,"PLANT":2})",
  };
  return *lines;
}

void ExpectSilence(const std::string& content, const ReaderOptions& options) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  const Reading reading = ReadText(content, options);
  const std::string printed = testing::internal::GetCapturedStdout() +
                              testing::internal::GetCapturedStderr();

  EXPECT_EQ(printed, "") << content;
  EXPECT_TRUE(!reading.status.ok() || !reading.rejects.empty()) << content;
  EXPECT_FALSE(absl::StrContains(reading.status.ToString(), "Quillfeather"));
  for (const std::string& reject : reading.rejects) {
    EXPECT_FALSE(absl::StrContains(reject, "Quillfeather")) << reject;
  }
}

TEST(SilenceTest, AValueInAWrongLineIsNeverRepeated) {
  for (const std::string& line : WrongLines()) {
    for (const Format format :
         {Format::kDetect, Format::kNdjson, Format::kFhirNdjson}) {
      ReaderOptions options = OptionsWithDefaults();
      options.format = format;
      ExpectSilence(absl::StrReplaceAll(line, {{"PLANT", kPlanted}}), options);
    }
  }
}

TEST(SilenceTest, AValueInAWrongMessageIsNeverRepeated) {
  ReaderOptions options = OptionsWithDefaults();
  options.format = Format::kDelimited;
  v1::HealthRecord record;
  record.set_consumer("c");
  record.set_source(kPlanted);
  record.mutable_payload()->PackFrom(acme::v1::CheckIn());
  const std::string wrong_slug = record.SerializeAsString();
  record.set_source("app");
  record.mutable_payload()->set_type_url(
      absl::StrCat("type.googleapis.com/", kPlanted));
  const std::string wrong_type = record.SerializeAsString();
  std::string no_utf8;
  AppendLengthDelimited(WireTag(1, WireType::kLengthDelimited),
                        absl::StrCat(kPlanted, "\xFF"), &no_utf8);
  std::string unknown;
  AppendLengthDelimited(WireTag(99, WireType::kLengthDelimited), kPlanted,
                        &unknown);

  for (const std::string& message :
       {wrong_slug, wrong_type, no_utf8, unknown, std::string(kPlanted)}) {
    ExpectSilence(WithLength(message), options);
  }
  ExpectSilence(absl::StrCat("\x7F", kPlanted), options);
}

}  // namespace
}  // namespace subrosa
