#include "src/ingest/json_cursor.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/scratch_input.h"

namespace subrosa {
namespace {

using Fault = JsonCursor::Fault;

constexpr size_t kMaxKept = size_t{1} << 20;
// More than a BufferedInput reads at once.
constexpr size_t kBufferBytes = size_t{128} << 10;

JsonCursor Over(absl::string_view text, size_t max_kept = kMaxKept) {
  return JsonCursor(ScratchInput(text), max_kept);
}

// The value that `text` starts with, as it stands; how it failed if it did.
std::string ValueOf(absl::string_view text) {
  JsonCursor cursor = Over(text);
  char c;
  JsonPiece piece;
  if (!cursor.Next(&c)) return "nothing";
  cursor.Keep();
  if (cursor.TakeValue(&piece)) return std::string(cursor.Text(piece));
  return cursor.fault() == Fault::kEnd ? "ends" : "broken";
}

TEST(JsonCursorTest, AValueOfEachKindIsPassedOverWhole) {
  for (const std::string value :
       {"{}", "[]", "\"\"", "0", "-1.5e+9", "true", "null",
        R"("a \"quoted\" \\ word")", R"({"a":[{"b":"}]\""},[]]})",
        "[1, {\"x\" : [ ] } ]", R"("\u0022\\")"}) {
    EXPECT_EQ(ValueOf(value + " ,"), value);
    EXPECT_EQ(ValueOf(" \r\n\t" + value), value);
  }
  // What a word may be, its parser says.
  EXPECT_EQ(ValueOf("nonsense-1+2,"), "nonsense-1+2");
}

TEST(JsonCursorTest, MembersAreTakenOneAfterAnother) {
  JsonCursor cursor = Over(R"( { "k" : [1,2] , "l":"v" } )");
  JsonPiece piece;

  ASSERT_TRUE(cursor.Take('{'));
  cursor.Keep();
  ASSERT_TRUE(cursor.TakeString(&piece));
  EXPECT_EQ(cursor.Text(piece), "k");
  ASSERT_TRUE(cursor.Take(':') && cursor.TakeValue(&piece));
  EXPECT_EQ(cursor.Text(piece), "[1,2]");
  EXPECT_EQ(piece.offset, 9u);
  ASSERT_TRUE(cursor.Take(',') && cursor.TakeString(&piece));
  ASSERT_TRUE(cursor.Take(':') && cursor.TakeString(&piece));
  EXPECT_EQ(cursor.Text(piece), "v");
  ASSERT_TRUE(cursor.Take('}'));
  char c;
  EXPECT_FALSE(cursor.Next(&c));
  EXPECT_EQ(cursor.fault(), Fault::kEnd);
}

TEST(JsonCursorTest, WhereTheBufferEndsDoesNotMatter) {
  const std::string value = R"({"a\"b":["\\",{"c":-1.5}],"d":"\u00e9\\\""})";
  for (size_t cut = 0; cut <= value.size() + 1; ++cut) {
    // The buffer is filled up to `cut` bytes of the value.
    const std::string before(kBufferBytes - cut, ' ');

    EXPECT_EQ(ValueOf(before + value + "]"), value) << cut;
    EXPECT_EQ(ValueOf(before + "-12345678901234567890 "),
              "-12345678901234567890")
        << cut;
  }
}

TEST(JsonCursorTest, WhatDoesNotEndIsSaidToEndTooEarly) {
  for (const char* text :
       {"{", "[", "\"", "\"\\", "\"\\\"", "[[", "[{}", "{\"a\":", "{\"a",
        "[\"]", "[\"\\\"]", "{\"a\":\"}"}) {
    EXPECT_EQ(ValueOf(text), "ends") << text;
  }
  EXPECT_EQ(ValueOf(std::string(300000, '[')), "ends");
  EXPECT_EQ(ValueOf("\"" + std::string(300000, 'x')), "ends");
  EXPECT_EQ(ValueOf(std::string(300000, ' ')), "nothing");
  // A number may be the last thing of a file.
  EXPECT_EQ(ValueOf("12"), "12");
}

TEST(JsonCursorTest, BracketsThatDoNotMatchAreBroken) {
  for (const char* text : {"[}", "{]", "[[}", "{\"a\":[}", "[{]", "[{}}", "}",
                           "]", ",", ":", "=", "'a'", "\x01", "\xFF"}) {
    EXPECT_EQ(ValueOf(text), "broken") << text;
  }
  // As deep as brackets are matched.
  EXPECT_EQ(ValueOf(std::string(127, '[') + "[}"), "broken");
  EXPECT_EQ(ValueOf(std::string(128, '[') + std::string(127, ']') + "}"),
            "broken");
}

TEST(JsonCursorTest, AnyDepthIsPassedOverInConstantMemory) {
  const std::string deep = std::string(200000, '[') + std::string(200000, ']');

  EXPECT_EQ(ValueOf(deep + ","), deep);
}

TEST(JsonCursorTest, WhatIsTooLongIsPassedOverAndNotKept) {
  const std::string text =
      absl::StrCat("[\"", std::string(4 * kBufferBytes, 'x'), "\", \"next\"]");
  JsonCursor cursor = Over(text, 1000);
  JsonPiece piece;

  ASSERT_TRUE(cursor.Take('['));
  cursor.Keep();
  ASSERT_TRUE(cursor.TakeString(&piece));
  EXPECT_EQ(piece.size, 4 * kBufferBytes);
  EXPECT_TRUE(cursor.too_long());
  ASSERT_TRUE(cursor.Take(','));
  char c;
  ASSERT_TRUE(cursor.Next(&c));
  cursor.Keep();
  EXPECT_FALSE(cursor.too_long());
  ASSERT_TRUE(cursor.TakeString(&piece));
  EXPECT_EQ(cursor.Text(piece), "next");
}

TEST(JsonCursorTest, WhatIsNotThereIsNotTaken) {
  JsonPiece piece;
  JsonCursor colon = Over(" ,");
  EXPECT_FALSE(colon.Take(':'));
  EXPECT_EQ(colon.fault(), Fault::kBroken);
  EXPECT_EQ(colon.offset(), 1u);
  JsonCursor key = Over("{a:1}");
  EXPECT_TRUE(key.Take('{'));
  EXPECT_FALSE(key.TakeString(&piece));
  EXPECT_EQ(key.fault(), Fault::kBroken);
  JsonCursor nothing = Over("");
  EXPECT_FALSE(nothing.TakeValue(&piece));
  EXPECT_EQ(nothing.fault(), Fault::kEnd);
}

TEST(JsonCursorTest, LookingAheadPassesOverNothing) {
  JsonCursor cursor = Over("abc");
  absl::string_view text;

  ASSERT_TRUE(cursor.Look(2, &text));
  EXPECT_EQ(text, "abc");
  ASSERT_TRUE(cursor.Look(100, &text));
  EXPECT_EQ(text, "abc");
  EXPECT_EQ(cursor.offset(), 0u);
  cursor.Pass(3);
  EXPECT_EQ(cursor.offset(), 3u);
  ASSERT_TRUE(cursor.Look(1, &text));
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace subrosa
