#include "src/ingest/json_decoder.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/ingest/json_padding.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/message_types.h"
#include "src/ingest/testing/acme.pb.h"

namespace subrosa {
namespace {

using ::acme::v1::Everything;

class JsonDecoderTest : public testing::Test {
 protected:
  template <typename T>
  absl::Status Decode(const std::string& json, T* message) {
    // Kept, since the roles are views of it.
    text_ = json + std::string(kJsonPaddingBytes, '\0');
    const absl::Status status =
        decoder_.Decode(absl::string_view(text_.data(), json.size()),
                        *plans_.For(T::descriptor()), &wire_);
    if (status.ok()) EXPECT_TRUE(message->ParseFromString(wire_));
    return status;
  }

  std::string Reason(const std::string& json) {
    Everything ignored;
    const absl::Status status = Decode(json, &ignored);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << json;
    return std::string(status.message());
  }

  MessagePlans plans_{MessageTypes::Linked()};
  JsonDecoder decoder_{&plans_};
  std::string text_;
  std::string wire_;
};

TEST_F(JsonDecoderTest, EveryKindOfFieldIsRead) {
  Everything read;
  ASSERT_TRUE(Decode(R"({
    "int32Value": -2147483648, "int64Value": "-9223372036854775808",
    "uint32Value": 4294967295, "uint64Value": "18446744073709551615",
    "sint32Value": -1, "sint64Value": 1, "fixed32Value": 7,
    "fixed64Value": "8", "sfixed32Value": -9, "sfixed64Value": "-10",
    "floatValue": 1.5, "doubleValue": "-Infinity", "boolValue": true,
    "stringValue": "a\u00e9\ud83c\udf39\n", "bytesValue": "_-8",
    "mood": "MOOD_HIGH", "inner": {"inner": {"name": "deep"}},
    "at": "2024-02-29T23:59:59.5-08:00", "took": "-3.000000001s",
    "any": {"@type": "type.googleapis.com/acme.v1.NoConsumer", "score": 3},
    "maybeInt32": 0, "int32List": [1, -1, 0], "doubleList": [0.1, "NaN"],
    "stringList": ["", "x"], "moodList": [2, "MOOD_LOW"],
    "innerList": [{}, {"name": "n"}], "looseList": [1, 2],
    "byName": {"b": 2, "a": 1}, "byNumber": {"-1": {"name": "m"}},
    "byTruth": {"true": "t"}, "number": 0, "wrappedString": "w",
    "wrappedInt64": "0", "farAway": "f"})",
                     &read)
                  .ok());

  EXPECT_EQ(read.int32_value(), INT32_MIN);
  EXPECT_EQ(read.int64_value(), INT64_MIN);
  EXPECT_EQ(read.uint64_value(), UINT64_MAX);
  EXPECT_EQ(read.string_value(), "a\xC3\xA9\xF0\x9F\x8C\xB9\n");
  EXPECT_EQ(read.bytes_value(), "\xFF\xEF");
  EXPECT_EQ(read.mood(), acme::v1::MOOD_HIGH);
  EXPECT_EQ(read.inner().inner().name(), "deep");
  EXPECT_EQ(read.at().seconds(), 1709279999);
  EXPECT_EQ(read.at().nanos(), 500000000);
  EXPECT_EQ(read.took().seconds(), -3);
  EXPECT_EQ(read.took().nanos(), -1);
  EXPECT_TRUE(read.has_maybe_int32());
  EXPECT_EQ(read.int32_list(1), -1);
  EXPECT_EQ(read.mood_list(0), acme::v1::MOOD_HIGH);
  EXPECT_EQ(read.inner_list_size(), 2);
  EXPECT_EQ(read.by_name().at("b"), 2);
  EXPECT_EQ(read.by_number().at(-1).name(), "m");
  EXPECT_EQ(read.by_truth().at(true), "t");
  EXPECT_EQ(read.choice_case(), Everything::kNumber);
  EXPECT_TRUE(read.has_wrapped_int64());
  EXPECT_EQ(read.far_away(), "f");
}

TEST_F(JsonDecoderTest, OriginalNamesAndNullAreRead) {
  Everything read;
  ASSERT_TRUE(
      Decode(R"({"int32_value": 1e2, "string_value": null, "by_name": null,
                 "inner": null, "int64_value": 5.0})",
             &read)
          .ok());

  EXPECT_EQ(read.int32_value(), 100);
  EXPECT_EQ(read.int64_value(), 5);
  EXPECT_FALSE(read.has_inner());
}

TEST_F(JsonDecoderTest, EqualMessagesGiveEqualBytesWhateverTheirOrder) {
  Everything ignored;
  ASSERT_TRUE(Decode(R"({"int32Value": 1, "stringValue": "s",
                         "byName": {"a": 1, "b": 2}})",
                     &ignored)
                  .ok());
  const std::string first = wire_;

  ASSERT_TRUE(Decode(R"({"byName": {"b": 2, "a": 1}, "string_value": "s",
                         "doubleValue": 0, "int32Value": 1})",
                     &ignored)
                  .ok());

  EXPECT_EQ(wire_, first);
}

TEST_F(JsonDecoderTest, AnAnyIsReadWhereverItsTypeStands) {
  Everything read;
  ASSERT_TRUE(
      Decode(
          R"({"any": {"score": 3, "@type": "type.googleapis.com/acme.v1.NoConsumer"}})",
          &read)
          .ok());
  acme::v1::NoConsumer inside;

  ASSERT_TRUE(read.any().UnpackTo(&inside));
  EXPECT_EQ(inside.score(), 3);
}

TEST_F(JsonDecoderTest, RolesAreFoundAtTheTopLevel) {
  acme::v1::CheckIn read;

  ASSERT_TRUE(Decode(R"({"accountId": "c-\u0031", "entryId": "e-1",
                         "feltAt": "2024-01-01T00:00:00+05:30"})",
                     &read)
                  .ok());

  EXPECT_EQ(decoder_.roles().consumer, "c-1");
  EXPECT_EQ(decoder_.roles().record_id, "e-1");
  EXPECT_EQ(decoder_.roles().effective->seconds, 1704047400);
  EXPECT_EQ(decoder_.roles().effective->utc_offset_minutes, 330);
}

struct Refusal {
  std::string json;
  std::string reason;
};

TEST_F(JsonDecoderTest, AValueOfTheWrongKindIsNamedByItsPathAndNeverShown) {
  const std::vector<Refusal> refusals = {
      {R"({"int32Value": "secret"})",
       "int32_value: want an integer in 32 bits, got a string"},
      {R"({"int32Value": true})",
       "int32_value: want an integer in 32 bits, got true or false"},
      {R"({"int32Value": 1.5})",
       "int32_value: want an integer in 32 bits, got a fraction"},
      {R"({"int32Value": 2147483648})",
       "int32_value: want an integer in 32 bits, got a number out of range"},
      {R"({"int32Value": 99999999999999999999})",
       "int32_value: want an integer in 32 bits, got a number out of range"},
      {R"({"int32Value": 1e999})",
       "int32_value: want an integer in 32 bits, got a number out of range"},
      {R"({"uint32Value": -1})",
       "uint32_value: want an integer of 0 or more in 32 bits, got a number "
       "out of range"},
      {R"({"int64Value": "9223372036854775808"})",
       "int64_value: want an integer in 64 bits, got a number out of range"},
      {R"({"int64Value": " 1"})",
       "int64_value: want an integer in 64 bits, got a string"},
      {R"({"doubleValue": 1e999})",
       "double_value: want a number in 64-bit floating point, got a number out "
       "of range"},
      {R"({"doubleValue": "nan"})",
       "double_value: want a number in 64-bit floating point, got a string"},
      {R"({"floatValue": 1e39})",
       "float_value: want a number in 32-bit floating point, got a number out "
       "of range"},
      {R"({"boolValue": "true"})",
       "bool_value: want true or false, got a string"},
      {R"({"boolValue": 1})", "bool_value: want true or false, got a number"},
      {R"({"stringValue": 1})", "string_value: want a string, got a number"},
      {R"({"stringValue": {}})", "string_value: want a string, got an object"},
      {R"({"bytesValue": "***"})",
       "bytes_value: want base64, got another string"},
      {R"({"mood": "MOOD_SECRET"})",
       "mood: want a value of acme.v1.Mood, got an unknown name"},
      {R"({"mood": 77})",
       "mood: want a value of acme.v1.Mood, got an unknown number"},
      {R"({"mood": 1.5})",
       "mood: want a value of acme.v1.Mood, got an unknown number"},
      {R"({"inner": []})", "inner: want an object, got a list"},
      {R"({"inner": {"inner": {"name": 5}}})",
       "inner.inner.name: want a string, got a number"},
      {R"({"innerList": [{}, {"name": 5}]})",
       "inner_list[1].name: want a string, got a number"},
      {R"({"innerList": {}})", "inner_list: want a list, got an object"},
      {R"({"int32List": [1, null]})",
       "int32_list[1]: want an integer in 32 bits, got null"},
      {R"({"stringList": ["a", 5]})",
       "string_list[1]: want a string, got a number"},
      {R"({"byName": {"secret": "x"}})",
       "by_name[*]: want an integer in 32 bits, got a string"},
      {R"({"byNumber": {"secret": {}}})",
       "by_number[*]: want a key that is an integer in 32 bits, got another "
       "string"},
      {R"({"byName": []})", "by_name: want an object, got a list"},
      {R"({"byName": {"a": 1, "a": 2}})",
       "by_name: want each key once, got one twice"},
      {R"({"byNumber": {"1": {}, "1.0": {}}})",
       "by_number: want each key once, got one twice"},
      {R"({"word": "w", "number": 1})",
       "number: want one member of its oneof, got a second one"},
      {R"({"at": "2024-02-30T00:00:00Z"})",
       "at: want a time of RFC 3339 in the years 1 to 9999, got another "
       "string"},
      {R"({"at": 5})",
       "at: want a time of RFC 3339 in the years 1 to 9999, got a number"},
      {R"({"took": "3.5"})",
       "took: want a duration in seconds (\"3.5s\") of at most 10000 years, "
       "got another string"},
      {R"({"anything": {"a": 1}})",
       "anything: want a type that is read from JSON, got "
       "google.protobuf.Struct"},
      {R"({"wrappedInt64": {"value": 1}})",
       "wrapped_int64: want an integer in 64 bits, got an object"},
  };
  for (const Refusal& refusal : refusals) {
    EXPECT_EQ(Reason(refusal.json), refusal.reason) << refusal.json;
  }
}

TEST_F(JsonDecoderTest, AKeyThatIsNoFieldIsRefused) {
  const std::vector<Refusal> refusals = {
      {R"({"scoer": 1})",
       "scoer: want a field of acme.v1.Everything, got an unknown one"},
      {R"({"inner": {"scoer": 1}})",
       "inner.scoer: want a field of acme.v1.Everything.Inner, got an unknown "
       "one"},
      {R"({"jane@example.com": 1})",
       "line: want a field of acme.v1.Everything, got an unknown one of 16 "
       "bytes"},
      {R"({"int32Value": 1, "int32Value": 1})",
       "int32_value: want it once, got it twice"},
      {R"({"int32Value": 1, "int32_value": 1})",
       "int32_value: want it once, got it twice"},
      {R"({"int32Value": null, "int32\u0056alue": 1})",
       "int32_value: want it once, got it twice"},
  };
  for (const Refusal& refusal : refusals) {
    EXPECT_EQ(Reason(refusal.json), refusal.reason) << refusal.json;
  }
}

TEST_F(JsonDecoderTest, AnAnyThatIsNotKnownAndMarkedIsRefused) {
  const std::vector<Refusal> refusals = {
      {R"({"any": 1})", "any: want an object with @type, got a number"},
      {R"({"any": {}})",
       "any.@type: want type.googleapis.com/ and a message's name, got none"},
      {R"({"any": {"@type": 1}})",
       "any.@type: want type.googleapis.com/ and a message's name, got "
       "something else"},
      {R"({"any": {"@type": "acme.v1.NoConsumer"}})",
       "any.@type: want type.googleapis.com/ and a message's name, got another "
       "form"},
      {R"({"any": {"@type": "type.googleapis.com/jane.Doe"}})",
       "any.@type: want the name of a known message, got an unknown one"},
      {R"({"any": {"@type": "type.googleapis.com/acme.v1.Unmarked"}})",
       "any.@type: want a message with marks, got acme.v1.Unmarked"},
      {R"({"any": {"@type": "type.googleapis.com/google.protobuf.Duration",
           "value": "1s"}})",
       "any.@type: want a message with marks, got google.protobuf.Duration"},
      {R"({"any": {"@type": "type.googleapis.com/acme.v1.NoConsumer",
           "@type": "type.googleapis.com/acme.v1.CheckIn"}})",
       "any.@type: want it once, got it twice"},
      {R"({"any": {"\u0040type": "type.googleapis.com/acme.v1.CheckIn",
           "@type": "type.googleapis.com/acme.v1.NoConsumer"}})",
       "any.@type: want it once, got it twice"},
      {R"({"any": {"@type": "type.googleapis.com/acme.v1.NoConsumer",
           "score": "x"}})",
       "any.score: want an integer in 32 bits, got a string"},
  };
  for (const Refusal& refusal : refusals) {
    EXPECT_EQ(Reason(refusal.json), refusal.reason) << refusal.json;
  }
}

TEST_F(JsonDecoderTest, WhatIsNoJsonIsRefused) {
  constexpr char kNone[] = "line: want JSON, got text that is none";
  constexpr char kEnd[] =
      "line: want JSON, got text that does not end with its object";
  const std::vector<Refusal> refusals = {
      {"{", kEnd},
      {R"({"inner": {"name": "x")", kEnd},
      {R"({"inner": {"name": "x"})", kNone},
      {R"({"int32Value": 1)", kEnd},
      {R"({"stringValue": "x)",
       "line: want JSON, got a string without its end"},
      {"{\"stringValue\": \"a\tb\"}",
       "line: want JSON, got a control character in a string"},
      {R"({"stringValue": "\q"})",
       "line: want JSON, got a string with a wrong escape"},
      {R"({"stringValue": "\ud800"})",
       "line: want JSON, got a string with a wrong escape"},
      {"{\"stringValue\": \"\xC3\x28\"}", "line: want UTF-8, got other bytes"},
      {"{\"stringValue\": \"\xC0\x80\"}", "line: want UTF-8, got other bytes"},
      {R"({"int32Value": 01})", kNone},
      {R"({"int32Value": +1})", kNone},
      {R"({"int32Value": 0x1})", kNone},
      {R"({"int32Value": 1.})", kNone},
      {R"({"int32Value": NaN})", kNone},
      {R"({"int32Value": nul})", kNone},
      {R"({"boolValue": truely})", kNone},
      {R"({"int32Value": 1,})", kNone},
      {R"({"int32Value": 1 "boolValue": true})", kNone},
      {R"({"int32Value" 1})", kNone},
      {R"({"stringValue": "x": "y"})", kNone},
      {R"({"stringList": ["x": "y"]})", kNone},
      {R"({"int32Value": 1: 2})", kNone},
      {R"({"int32Value": })", kNone},
      {R"({int32Value: 1})", kNone},
      {R"({'int32Value': 1})", kNone},
      {R"({"int32List": [1, 2})", kNone},
      {R"({"int32List": [1 2]})", kNone},
      {R"({"int32List": [1,]})", kNone},
      {R"({"int32Value": 1} {"int32Value": 1})",
       "line: want one object, got more after it"},
      {R"([])", "line: want an object, got a list"},
      {R"(5)", "line: want an object, got a value"},
      {R"("x")", "line: want an object, got a value"},
      {R"(null)", "line: want an object, got a value"},
  };
  for (const Refusal& refusal : refusals) {
    EXPECT_EQ(Reason(refusal.json), refusal.reason) << refusal.json;
  }
}

TEST_F(JsonDecoderTest, SixtyFourLevelsAreReadAndOneMoreIsNot) {
  const auto nested = [](int levels) {
    std::string json;
    for (int i = 1; i < levels; ++i) json.append("{\"inner\":");
    json.append("{}");
    json.append(levels - 1, '}');
    return json;
  };
  Everything read;

  EXPECT_TRUE(Decode(nested(64), &read).ok());
  EXPECT_NE(Reason(nested(65)).find("inner: want at most 64 levels, got more"),
            std::string::npos);
  EXPECT_NE(Reason(nested(100000)).find("want at most 64 levels, got more"),
            std::string::npos);
}

TEST_F(JsonDecoderTest, ADecoderGoesOnAfterAnError) {
  Everything read;
  ASSERT_FALSE(
      Decode(R"({"inner": {"innerList": [{"name": 5}]}})", &read).ok());

  ASSERT_TRUE(Decode(R"({"farAway": "f", "int32Value": 1})", &read).ok());
  EXPECT_EQ(read.int32_value(), 1);
}

}  // namespace
}  // namespace subrosa
