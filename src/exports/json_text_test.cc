#include "src/exports/json_text.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "google/protobuf/util/json_util.h"
#include "google/protobuf/wrappers.pb.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

std::string JsonText(absl::string_view text) {
  std::string out;
  AppendJsonText(text, &out);
  return out;
}

std::string ProtobufsJsonText(const std::string& text) {
  google::protobuf::StringValue value;
  value.set_value(text);
  std::string out;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(value, &out).ok());
  return out;
}

std::string Utf8(uint32_t rune) {
  const auto tail = [rune](int shift) {
    return static_cast<char>(0x80 | (rune >> shift & 0x3F));
  };
  if (rune < 0x80) return {static_cast<char>(rune)};
  if (rune < 0x800) return {static_cast<char>(0xC0 | rune >> 6), tail(0)};
  if (rune < 0x10000) {
    return {static_cast<char>(0xE0 | rune >> 12), tail(6), tail(0)};
  }
  return {static_cast<char>(0xF0 | rune >> 18), tail(12), tail(6), tail(0)};
}

TEST(JsonTextTest, AnyTextIsAStringOfJson) {
  EXPECT_EQ(R"("plain")", JsonText("plain"));
  EXPECT_EQ(R"("a \"b\" \\ \n")", JsonText("a \"b\" \\ \n"));
  EXPECT_EQ(R"("\u003cb\u003e")", JsonText("<b>"));
  EXPECT_EQ("\"schläft\"", JsonText("schläft"));
  EXPECT_EQ(R"("")", JsonText(""));
}

TEST(JsonTextTest, EveryCharacterIsWrittenAsProtobufWritesIt) {
  for (uint32_t first = 0; first < 0x110000; first += 256) {
    if (first >= 0xD800 && first < 0xE000) continue;
    std::string text = "between ";
    for (uint32_t rune = first; rune < first + 256; ++rune) text += Utf8(rune);
    ASSERT_EQ(ProtobufsJsonText(text), JsonText(text)) << first;
  }
}

TEST(JsonTextTest, AByteIsEscapedWhereverItStands) {
  for (int byte = 0; byte < 0x80; ++byte) {
    for (size_t at = 0; at < 17; ++at) {
      std::string text(17, '=');
      text[at] = static_cast<char>(byte);
      ASSERT_EQ(ProtobufsJsonText(text), JsonText(text)) << byte << " " << at;
    }
  }
}

// Bytes are looked at eight at a time, where one may hide the next.
TEST(JsonTextTest, EveryPairOfBytesIsWrittenAsProtobufWritesIt) {
  for (int first = 0; first < 0x80; ++first) {
    std::string text;
    for (int second = 0; second < 0x80; ++second) {
      text += {'=', static_cast<char>(first), static_cast<char>(second)};
    }
    ASSERT_EQ(ProtobufsJsonText(text), JsonText(text)) << first;
  }
}

TEST(JsonTextTest, WhatIsNotUtf8IsReplaced) {
  EXPECT_EQ("\"\xEF\xBF\xBD\"", JsonText("\xFF"));
  EXPECT_EQ("\"a\xEF\xBF\xBD\"", JsonText("a\xC3"));
  // Too long for what it says; half of a pair; past the last character.
  EXPECT_EQ("\"\xEF\xBF\xBD\xEF\xBF\xBD\"", JsonText("\xC0\x80"));
  EXPECT_EQ("\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"",
            JsonText("\xED\xA0\x80"));
  EXPECT_EQ("\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"",
            JsonText("\xF4\x90\x80\x80"));
}

}  // namespace
}  // namespace subrosa
