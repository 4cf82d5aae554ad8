#include "src/ingest/json_look.h"

#include <string>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(JsonLookTest, AnObjectIsKnownByItsFirstKeyAndTheColon) {
  for (const char* json :
       {R"({"id":)", R"( {"id" : 1})", "\r\n\t{\n  \"id\"\n:", R"({"":1})",
        R"({"a\"b\\":)", "{\"Größe\":", "{}\n", "{ } \r\n"}) {
    EXPECT_EQ(LookForJson(json), JsonLook::kJson) << json;
  }
}

TEST(JsonLookTest, AListIsKnownByItsFirstObject) {
  EXPECT_EQ(LookForJson("[\n {\"id\":"), JsonLook::kJson);
  for (const char* other : {"[]", "[1]", "[\"id\":", "[[{\"id\":", "[{1:"}) {
    EXPECT_EQ(LookForJson(other), JsonLook::kNone) << other;
  }
}

TEST(JsonLookTest, WhatOnlyStartsAsJsonMayIsNone) {
  for (const std::string& other :
       {std::string("{\x0A\x03"
                    "c-1"),                  // Consumer c-1.
        std::string("{\x0A\"\x12\x04"),      // A control character.
        std::string("{\"\xC3\x28\":"),       // No UTF-8.
        std::string("{\"id\" 1"),            // No colon.
        std::string("{\"id\\u0022\x01\":"),  // Control after an escape.
        std::string("{\"i\nd\":"),           // A line's end in a key.
        std::string("{\"\0\":", 5),          // A NUL in a key.
        std::string("{\0\"\0", 4),           // UTF-16.
        std::string("{}x"), std::string("{} {"), std::string("{id:1}"),
        std::string("{'id':1}"), std::string("\"id\":1"), std::string("x"),
        std::string("\xEF\xBB\xBF{\"id\":")}) {
    EXPECT_EQ(LookForJson(other), JsonLook::kNone) << other;
  }
}

TEST(JsonLookTest, WhatIsTooShortToTellSaysSo) {
  for (const char* start :
       {"", " \r\n", "{", "[", "[ ", "{ ", "{\"", "{\"id", "{\"id\\",
        "{\"id\\\"", "{\"id\"", "{\"id\" ", "{}", "{} \r"}) {
    EXPECT_EQ(LookForJson(start), JsonLook::kMore) << start;
  }
}

}  // namespace
}  // namespace subrosa
