#include "tools/sample/sample.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "subrosa/v1/record.pb.h"
#include "tools/sample/options.h"
#include "tools/sample/output.h"

namespace subrosa::sample {
namespace {

// What subrosa-sample writes for `arguments`, which must make sense.
std::string Made(std::vector<std::string> arguments) {
  const auto parsed = ParseOptions(arguments);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  const std::string path = absl::StrCat(testing::TempDir(), "/made");
  auto output = Output::Open(path);
  EXPECT_TRUE(output.ok()) << output.status();
  EXPECT_TRUE(WriteSample(parsed->options, &*output).ok());
  auto text = ReadFile(path, 64 << 20);
  EXPECT_TRUE(text.ok()) << text.status();
  return *std::move(text);
}

std::vector<std::string> Lines(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

std::vector<v1::HealthRecord> Delimited(const std::string& bytes) {
  google::protobuf::io::ArrayInputStream stream(bytes.data(),
                                                static_cast<int>(bytes.size()));
  std::vector<v1::HealthRecord> records;
  bool at_end = false;
  for (;;) {
    v1::HealthRecord record;
    if (!google::protobuf::util::ParseDelimitedFromZeroCopyStream(
            &record, &stream, &at_end)) {
      break;
    }
    records.push_back(record);
  }
  EXPECT_TRUE(at_end) << "broken after " << records.size();
  return records;
}

TEST(SampleTest, TheSameSeedGivesTheSameBytesAndAnotherSeedOthers) {
  for (const std::string format :
       {"ndjson", "protobuf", "fhir", "apple-health"}) {
    const std::string once = Made({"--format", format, "--seed", "4"});

    EXPECT_EQ(Made({"--format", format, "--seed", "4"}), once) << format;
    EXPECT_NE(Made({"--format", format, "--seed", "5"}), once) << format;
  }
}

TEST(SampleTest, RandomOrderHoldsTheSameRecordsInAnotherOrder) {
  const std::vector<std::string> what = {"--consumers", "30",
                                         "--records-per-consumer", "20"};
  std::vector<std::string> shuffle = what;
  shuffle.insert(shuffle.end(), {"--order", "random"});
  std::vector<std::string> grouped = Lines(Made(what));
  std::vector<std::string> random = Lines(Made(shuffle));

  EXPECT_NE(grouped, random);
  std::sort(grouped.begin(), grouped.end());
  std::sort(random.begin(), random.end());
  EXPECT_EQ(grouped, random);
  EXPECT_EQ(grouped.size(), 600u);
}

TEST(SampleTest, PeopleMadeApartAreThoseMadeTogether) {
  for (const std::string format : {"ndjson", "protobuf", "fhir"}) {
    const std::string together = Made({"--format", format, "--consumers", "9"});
    const std::string first = Made({"--format", format, "--consumers", "4"});
    const std::string rest =
        Made({"--format", format, "--consumers", "5", "--first-consumer", "5"});

    EXPECT_TRUE(first + rest == together) << format;
  }
}

TEST(SampleTest, ProtobufHoldsTheRecordsOfNdjson) {
  const std::vector<v1::HealthRecord> records =
      Delimited(Made({"--format", "protobuf", "--records-per-consumer", "40"}));
  const std::vector<std::string> lines =
      Lines(Made({"--records-per-consumer", "40"}));

  ASSERT_EQ(records.size(), lines.size());
  ASSERT_EQ(records.size(), 240u);
  for (size_t i = 0; i < records.size(); ++i) {
    EXPECT_TRUE(absl::StartsWith(
        lines[i], absl::StrCat("{\"consumer\":\"", records[i].consumer(),
                               "\",\"id\":\"", records[i].id(), "\"")));
    EXPECT_TRUE(absl::StrContains(
        lines[i],
        absl::StrCat("\"@type\":\"", records[i].payload().type_url(), "\"")));
  }
}

TEST(SampleTest, ALimitInBytesIsKeptToWithinARecord) {
  for (const std::string format : {"ndjson", "protobuf", "fhir"}) {
    const std::string made = Made({"--format", format, "--bytes", "300K"});

    EXPECT_GE(made.size(), 300u << 10) << format;
    EXPECT_LT(made.size(), (300u << 10) + 4096) << format;
  }
  const std::string export_xml =
      Made({"--format", "apple-health", "--bytes", "3M"});
  EXPECT_NEAR(static_cast<double>(export_xml.size()), 3 << 20, 60'000);
}

TEST(SampleTest, EveryFhirResourceIsJsonWithItsOwnIdAndSubject) {
  const std::vector<std::string> lines =
      Lines(Made({"--format", "fhir", "--consumers", "24",
                  "--records-per-consumer", "30"}));
  std::vector<std::string> ids;
  for (const std::string& line : lines) {
    google::protobuf::Struct resource;
    ASSERT_TRUE(
        google::protobuf::util::JsonStringToMessage(line, &resource).ok())
        << line;
    const auto& fields = resource.fields();
    ids.push_back(fields.at("id").string_value());
    EXPECT_EQ(fields.count("subject"),
              fields.at("resourceType").string_value() == "Patient" ? 0u : 1u);
  }
  std::sort(ids.begin(), ids.end());

  EXPECT_EQ(ids.size(), 720u);
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end());
}

TEST(SampleTest, OneTypeOfResourceIsThatPartOfAll) {
  std::vector<std::string> patients;
  for (const std::string& line : Lines(Made({"--format", "fhir"}))) {
    if (absl::StrContains(line, "\"resourceType\":\"Patient\"")) {
      patients.push_back(line);
    }
  }

  EXPECT_EQ(Lines(Made({"--format", "fhir", "--resource", "Patient"})),
            patients);
  EXPECT_EQ(patients.size(), 6u);
}

// Whether every element that is opened is closed again, in order.
bool TagsBalance(const std::string& xml) {
  std::vector<std::string> open;
  for (size_t at = xml.find("]>");
       (at = xml.find('<', at)) != std::string::npos; ++at) {
    const size_t end = xml.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = xml.substr(at + 1, end - at - 1);
    const std::string name = tag.substr(0, tag.find(' '));
    if (tag.front() == '/') {
      if (open.empty() || "/" + open.back() != tag) return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
  }
  return open.empty();
}

TEST(SampleTest, AnAppleHealthExportIsWellFormedAndAsLongAsAsked) {
  const std::string xml = Made({"--format", "apple-health", "--first-consumer",
                                "3", "--records-per-consumer", "5000"});

  EXPECT_TRUE(TagsBalance(xml));
  EXPECT_FALSE(TagsBalance(xml.substr(0, xml.size() / 2)));
  EXPECT_TRUE(absl::StrContains(xml, "<Correlation "));
  EXPECT_TRUE(absl::StrContains(xml, "<Workout "));
  EXPECT_TRUE(absl::StrContains(xml, "HKCategoryTypeIdentifierSleepAnalysis"));
  EXPECT_FALSE(absl::StrContains(xml, "startDate=\"2026-07"));
  EXPECT_FALSE(absl::StrContains(xml, "& "));
}

TEST(OutputTest, ADirectoryAndAFullDiskAreRefused) {
  EXPECT_TRUE(
      absl::IsInvalidArgument(Output::Open(testing::TempDir()).status()));
  EXPECT_TRUE(absl::IsNotFound(Output::Open("/nowhere/at/all").status()));

  auto full = Output::Open("/dev/full");
  ASSERT_TRUE(full.ok());
  const absl::Status status = WriteSample(Options(), &*full);
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_EQ(status.message(), "/dev/full: write: No space left on device");
}

}  // namespace
}  // namespace subrosa::sample
