#include "src/ingest/detect_format.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/empty.pb.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/scratch_input.h"
#include "src/ingest/wire.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

absl::StatusOr<Format> FormatOf(absl::string_view content) {
  BufferedInput input = ScratchInput(content);
  absl::StatusOr<Format> format = DetectFormat(&input);
  EXPECT_EQ(input.offset(), 0u);
  return format;
}

// Fields of protobuf in `size` bytes, which are letters: not 1 or 3.
std::string Fields(size_t size) {
  std::string fields = size % 2 == 1 ? "%abcd" : "";
  while (fields.size() < size) fields += "hi";
  return fields;
}

// `start`, and then fields up to the length that its first byte tells.
std::string AsMessage(const std::string& start) {
  const size_t end = static_cast<unsigned char>(start[0]) + size_t{1};
  return start + Fields(end - start.size());
}

// True if `content` starts with a length below 128, and a message of it.
bool StartsWithMessage(const std::string& content) {
  const size_t size = static_cast<unsigned char>(content[0]);
  return content.size() > size &&
         google::protobuf::Empty().ParseFromString(content.substr(1, size));
}

TEST(DetectFormatTest, TextWhoseFirstBytesAreAMessageIsText) {
  const std::vector<std::pair<std::string, Format>> files = {
      // A quote is a tag of text, and the key's first letter its length.
      {AsMessage(R"({"resourceType":"Basic","id":")" + std::string(87, 'i')) +
           "\"}\n",
       Format::kFhirNdjson},
      {AsMessage(R"({"id":"x","note":")" + std::string(90, 'i')) + "\"}\n",
       Format::kNdjson},
      {AsMessage("{}\n{}\n"), Format::kNdjson},
      {"\r \n \n\t{\"x\":1}\n", Format::kNdjson},
      {AsMessage("[\t{\"header\":{\"schema_id\":\"" + std::string(44, 'i')),
       Format::kOpenMHealth},
      {AsMessage("<HealthData\t\t>       "), Format::kAppleHealth},
      {AsMessage("<!-- phone --><HealthData>"), Format::kAppleHealth},
      {"\t\t\n<HealthData>", Format::kAppleHealth},
  };
  for (const auto& file : files) {
    ASSERT_TRUE(StartsWithMessage(file.first)) << file.first;

    const absl::StatusOr<Format> format = FormatOf(file.first);

    ASSERT_TRUE(format.ok()) << file.first << ": " << format.status();
    EXPECT_EQ(*format, file.second) << file.first;
  }
}

TEST(DetectFormatTest, AMarkOfUtf8IsNoLength) {
  const absl::StatusOr<Format> format = FormatOf(absl::StrCat(
      "\xEF\xBB\xBF{\"note\":\"", std::string(100000, 'x'), "\"}\n"));

  ASSERT_TRUE(format.ok()) << format.status();
  EXPECT_EQ(*format, Format::kNdjson);
}

// A record of `size` bytes, whose consumer's id starts with `start`.
std::string RecordOf(size_t size, const std::string& start) {
  v1::HealthRecord record;
  record.set_consumer(start);
  record.mutable_payload()->set_type_url("type.googleapis.com/a.B");
  record.set_id(std::string(size - record.ByteSizeLong() - 2, 'i'));
  while (record.ByteSizeLong() > size) record.mutable_id()->pop_back();
  EXPECT_EQ(record.ByteSizeLong(), size);
  std::string content;
  AppendVarint(size, &content);
  return content + record.SerializeAsString();
}

TEST(DetectFormatTest, AMessageWhoseLengthStartsATextOrAPackedFileIsAMessage) {
  // Lengths that read "{", "[", "<", "P", "B", and those of UTF-16.
  for (const size_t size : {123, 91, 60, 80, 66, 65407, 32766}) {
    // Ids that look like keys of JSON, elements and samples.
    for (const char* id :
         {"c-1", "\"header\":{\"schema_id\":", "\"type\":{\"metadata\":",
          "\"resourceType\":", "<HealthData>"}) {
      const absl::StatusOr<Format> format = FormatOf(RecordOf(size, id));

      ASSERT_TRUE(format.ok()) << size << id << format.status();
      EXPECT_EQ(*format, Format::kDelimited) << size << id;
    }
  }
}

TEST(DetectFormatTest, APackedFileIsRefusedWhateverItsBytesMean) {
  const std::string zstd = AsMessage("\x28\xB5\x2F\xFD\x01\x02\x03");
  ASSERT_TRUE(StartsWithMessage(zstd));

  const absl::StatusOr<Format> format = FormatOf(zstd);

  EXPECT_EQ(format.status(),
            absl::InvalidArgumentError(
                "want text or protobuf, got a zstd file: unpack it first"));
}

TEST(DetectFormatTest, WhatIsCutShortOrBrokenIsNoMessageByItsLength) {
  for (const char* json : {"{", "{\"", "{\"x\"", "{\"x\" 1}", "{x:1}\n", "{}",
                           "{}x", "\xEF\xBB\xBF{"}) {
    const absl::StatusOr<Format> format = FormatOf(json);

    ASSERT_TRUE(format.ok()) << json << format.status();
    EXPECT_EQ(*format, Format::kNdjson) << json;
  }
  for (const char* other : {"[1,2]", "<letter/>",
                            "\x06\x0A\x03"
                            "abcd",
                            "\x04\x0B"
                            "abc",
                            "\x03\x0A\x09x", "consumer,score\n"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(FormatOf(other).status())) << other;
  }
}

}  // namespace
}  // namespace subrosa
