#include "src/ingest/open_reader.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/ingest/testing/acme.pb.h"
#include "src/ingest/testing/scratch_reader.h"
#include "src/ingest/wire.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr uint64_t kGiB = uint64_t{1} << 30;

constexpr char kMoodLine[] =
    R"({"consumer":"c-1","payload":{"@type":)"
    R"("type.googleapis.com/subrosa.v1.MoodCheckIn","score":3}})";
constexpr char kConditionLine[] = R"({"id":"x","resourceType":"Condition",)"
                                  R"("subject":{"reference":"Patient/p"}})";

std::string Scratch(const std::string& name) {
  return absl::StrCat(testing::TempDir(), "/", name, "-", getpid());
}

v1::HealthRecord MoodRecord(const std::string& consumer) {
  v1::HealthRecord record;
  record.set_consumer(consumer);
  record.mutable_payload()->PackFrom(v1::MoodCheckIn());
  return record;
}

std::string WithLength(const std::string& message) {
  std::string out;
  AppendVarint(message.size(), &out);
  return out + message;
}

std::string SystemOf(const Reading& reading) {
  return reading.records.empty() ? "none"
                                 : reading.records[0].origin().system();
}

TEST(OpenReaderTest, TheFirstBytesTellTheFormat) {
  const ReaderOptions options = OptionsWithDefaults();

  EXPECT_EQ(SystemOf(ReadText(kMoodLine, options)), "ndjson");
  EXPECT_EQ(
      SystemOf(ReadText(absl::StrCat("\xEF\xBB\xBF \r\n", kMoodLine), options)),
      "ndjson");
  EXPECT_EQ(SystemOf(ReadText(kConditionLine, options)), "fhir-r4");
  EXPECT_EQ(SystemOf(ReadText(WithLength(MoodRecord("c-1").SerializeAsString()),
                              options)),
            "protobuf");
}

TEST(OpenReaderTest, AFhirResourceInARecordOfOursIsNoFhirFile) {
  const Reading reading = ReadText(
      R"({"consumer":"c-1","payload":{"@type":)"
      R"("type.googleapis.com/subrosa.v1.FhirResource",)"
      R"("resourceType":"Condition","json":"{\"resourceType\":\"x\"}"}})",
      OptionsWithDefaults());

  EXPECT_EQ(SystemOf(reading), "ndjson");
}

TEST(OpenReaderTest, AFileOfANamedMessageIsNoFhirFile) {
  ReaderOptions options = OptionsWithDefaults();
  options.message_type = acme::v1::CheckIn::descriptor()->full_name();

  const Reading reading = ReadText(kConditionLine, options);

  EXPECT_EQ(reading.rejects,
            (std::vector<std::string>{
                "line 1, byte 0: id: want a field of acme.v1.CheckIn, got an "
                "unknown one"}));
}

TEST(OpenReaderTest, AMessageWhoseLengthLooksLikeABraceIsDelimited) {
  // 123 bytes long: its length is "{".
  v1::HealthRecord record = MoodRecord("c-1");
  record.set_id(std::string(123 - record.ByteSizeLong() - 2, 'i'));
  ASSERT_EQ(record.ByteSizeLong(), 123u);

  EXPECT_EQ(SystemOf(ReadText(WithLength(record.SerializeAsString()),
                              OptionsWithDefaults())),
            "protobuf");
}

TEST(OpenReaderTest, AnEmptyFileAndABlankOneHaveNoRecords) {
  for (const Format format : {Format::kDetect, Format::kNdjson,
                              Format::kDelimited, Format::kFhirNdjson}) {
    ReaderOptions options = OptionsWithDefaults();
    options.format = format;

    const Reading reading = ReadText("", options);

    EXPECT_TRUE(reading.status.ok()) << reading.status;
    EXPECT_EQ(reading.records.size() + reading.rejects.size(), 0u);
  }
  EXPECT_EQ(ReadText("\r\n \n", OptionsWithDefaults()).end, "2 lines, 4 bytes");
}

TEST(OpenReaderTest, WhatIsNotReadIsNamedWithWhatToDo) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"\x1F\x8B\x08",
       "want text or protobuf, got a gzip file: unpack it first"},
      {"PK\x03\x04 zip",
       "consumer: want whose export it is, which the file does not say, got "
       "nobody"},
      {"\x28\xB5\x2F\xFD",
       "want text or protobuf, got a zstd file: unpack it first"},
      {"BZh9", "want text or protobuf, got a bzip2 file: unpack it first"},
      {std::string("\xFF\xFE{\0\"\0", 6),
       "want text or protobuf, got UTF-16 or UTF-32: convert it to UTF-8 "
       "first"},
      {std::string("\xFE\xFF\0{", 4),
       "want text or protobuf, got UTF-16: convert it to UTF-8 first"},
      {std::string("{\0\"\0", 4),
       "want text or protobuf, got UTF-16: convert it to UTF-8 first"},
      {"<?xml version=\"1.0\"?><letter/>",
       "XML: want an export of Apple Health (HealthData) or a C-CDA document "
       "(ClinicalDocument), got another"},
      {"[{\"consumer\":\"c-1\"}]",
       "want one JSON object a line, or delimited protobuf, got a JSON list"},
      {"{\n  \"consumer\": \"c-1\"\n}\n",
       "want one JSON object a line, or delimited protobuf, got a JSON object "
       "over several lines"},
      {"consumer,score\nc-1,3\n",
       "want one JSON object a line, or delimited protobuf, got something "
       "else"},
      {"\x7F"
       "ELF",
       "want one JSON object a line, or delimited protobuf, got something "
       "else"},
  };
  for (const auto& file : files) {
    const Reading reading = ReadText(file.first, OptionsWithDefaults());

    EXPECT_TRUE(absl::IsInvalidArgument(reading.status)) << file.second;
    const std::string message(reading.status.message());
    EXPECT_EQ(message.substr(std::min(message.size(), message.find(": ") + 2)),
              file.second);
  }
}

TEST(OpenReaderTest, APackedFileIsToldAlsoWhereTheFormatIsGiven) {
  ReaderOptions options = OptionsWithDefaults();
  options.format = Format::kNdjson;

  EXPECT_TRUE(
      absl::IsInvalidArgument(ReadText("\x1F\x8B\x08", options).status));
}

TEST(OpenReaderTest, AFileThatIsNoneIsNamed) {
  const std::string unreadable = Scratch("unreadable");
  ASSERT_TRUE(ReplaceFile(unreadable, kMoodLine, 0000).ok());
  const ReaderOptions options = OptionsWithDefaults();

  EXPECT_EQ(ReadAll("/nowhere/at/all", options).status,
            absl::NotFoundError("/nowhere/at/all: No such file or directory"));
  EXPECT_EQ(ReadAll("/proc", options).status,
            absl::InvalidArgumentError("/proc: want a file, got a directory"));
  // Root reads what it likes.
  if (geteuid() != 0) {
    EXPECT_EQ(ReadAll(unreadable, options).status,
              absl::PermissionDeniedError(
                  absl::StrCat(unreadable, ": Permission denied")));
  }
  unlink(unreadable.c_str());
}

TEST(OpenReaderTest, OptionsThatDoNotFitAreRefused) {
  ReaderOptions too_large = OptionsWithDefaults();
  too_large.max_record_bytes = (size_t{64} << 20) + 1;
  ReaderOptions typed_fhir = OptionsWithDefaults();
  typed_fhir.format = Format::kFhirNdjson;
  typed_fhir.message_type = "acme.v1.CheckIn";

  EXPECT_NE(std::string(ReadText("", too_large).status.message())
                .find("max_record_bytes: want at most 67108864, got 67108865"),
            std::string::npos);
  EXPECT_NE(std::string(ReadText("", typed_fhir).status.message())
                .find("message_type: want none for FHIR, got one"),
            std::string::npos);
}

TEST(OpenReaderTest, APipeIsReadAsItComes) {
  const std::string path = Scratch("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&path] {
    const UniqueFd pipe(open(path.c_str(), O_WRONLY));
    for (int i = 0; i < 3; ++i) {
      const std::string line = absl::StrCat(kMoodLine, "\n");
      // In pieces, so that reads end in the middle of a line.
      EXPECT_EQ(write(pipe.get(), line.data(), 7), 7);
      EXPECT_GT(write(pipe.get(), line.data() + 7, line.size() - 7), 0);
    }
  });

  const Reading reading = ReadAll(path, OptionsWithDefaults());
  writer.join();

  EXPECT_EQ(reading.records.size(), 3u);
  EXPECT_EQ(reading.end,
            absl::StrCat("3 lines, ", 3 * sizeof(kMoodLine), " bytes"));
  unlink(path.c_str());
}

// Peak memory of this process, in bytes.
uint64_t PeakMemory() {
  struct rusage usage;
  EXPECT_EQ(getrusage(RUSAGE_SELF, &usage), 0);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

TEST(OpenReaderTest, ALineOfTenGigabytesIsPassedOverInConstantMemory) {
  // A file with a hole: zeros that take no room on the disk.
  const std::string path = Scratch("ten-gigabytes");
  const std::string line = absl::StrCat(kMoodLine, "\n");
  const UniqueFd file(open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600));
  ASSERT_EQ(pwrite(file.get(), line.data(), line.size(), 0),
            static_cast<ssize_t>(line.size()));
  const std::string rest = absl::StrCat("\n", line);
  ASSERT_EQ(pwrite(file.get(), rest.data(), rest.size(), 10 * kGiB),
            static_cast<ssize_t>(rest.size()));
  const uint64_t before = PeakMemory();

  const Reading reading = ReadAll(path, OptionsWithDefaults());

  EXPECT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(reading.rejects,
            (std::vector<std::string>{
                absl::StrCat("line 2, byte ", line.size(),
                             ": line: want at most 1048576 bytes, got more")}));
  EXPECT_LT(PeakMemory() - before, uint64_t{16} << 20);
  unlink(path.c_str());
}

TEST(OpenReaderTest, AMessageOfAGigabyteIsPassedOverInConstantMemory) {
  const std::string path = Scratch("gigabyte-message");
  const UniqueFd file(open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600));
  const std::string good = WithLength(MoodRecord("c-1").SerializeAsString());
  std::string head = good;
  AppendVarint(kGiB, &head);
  ASSERT_EQ(pwrite(file.get(), head.data(), head.size(), 0),
            static_cast<ssize_t>(head.size()));
  ASSERT_EQ(pwrite(file.get(), good.data(), good.size(),
                   static_cast<off_t>(head.size() + kGiB)),
            static_cast<ssize_t>(good.size()));
  const uint64_t before = PeakMemory();

  const Reading reading = ReadAll(path, OptionsWithDefaults());

  EXPECT_EQ(reading.records.size(), 2u);
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_LT(PeakMemory() - before, uint64_t{16} << 20);
  unlink(path.c_str());
}

}  // namespace
}  // namespace subrosa
