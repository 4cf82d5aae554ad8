#include "src/ingest/wire_checker.h"

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/message_types.h"
#include "src/ingest/testing/acme.pb.h"
#include "src/ingest/testing/random_message.h"
#include "src/ingest/wire.h"

namespace subrosa {
namespace {

using ::acme::v1::Everything;

class WireCheckerTest : public testing::Test {
 protected:
  absl::Status Check(const std::string& wire) {
    return checker_.Check(wire, *plans_.For(Everything::descriptor()));
  }

  MessagePlans plans_{MessageTypes::Linked()};
  WireChecker checker_{&plans_};
};

// A field of varint type.
std::string Varint(int number, uint64_t value) {
  std::string out;
  AppendVarint(WireTag(number, WireType::kVarint), &out);
  AppendVarint(value, &out);
  return out;
}

// A field of text, bytes or message type.
std::string Part(int number, const std::string& content) {
  std::string out;
  AppendLengthDelimited(WireTag(number, WireType::kLengthDelimited), content,
                        &out);
  return out;
}

TEST_F(WireCheckerTest, WhatProtobufWritesPasses) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    Everything made;
    FillAtRandom(&random, &made);

    const absl::Status status = Check(made.SerializeAsString());

    ASSERT_TRUE(status.ok()) << status << made.DebugString();
  }
}

TEST_F(WireCheckerTest, WhatPassesProtobufReadsWithoutUnknownFields) {
  std::mt19937_64 random(8);
  int passed = 0;
  for (int i = 0; i < 20000; ++i) {
    Everything made;
    FillAtRandom(&random, &made);
    std::string wire = made.SerializeAsString();
    if (wire.empty()) continue;
    wire[random() % wire.size()] = static_cast<char>(random());
    if (!Check(wire).ok()) continue;
    ++passed;
    Everything read;
    ASSERT_TRUE(read.ParseFromString(wire));
    ASSERT_TRUE(read.GetReflection()->GetUnknownFields(read).empty());
  }
  EXPECT_GT(passed, 1000);
}

TEST_F(WireCheckerTest, PackedAndLooseListsAreTheSame) {
  EXPECT_TRUE(Check(Varint(31, 1) + Varint(31, 2)).ok());
  EXPECT_TRUE(Check(Part(31, "\x01\x02")).ok());
  EXPECT_TRUE(Check(Part(37, std::string("\1\0\0\0", 4))).ok());
}

TEST_F(WireCheckerTest, EachFaultIsNamedByItsField) {
  const std::vector<std::pair<std::string, std::string>> faults = {
      {"\x01", "record: want acme.v1.Everything, got bytes that are none"},
      {"\xFF", "record: want acme.v1.Everything, got bytes that are none"},
      {"\x0B", "record: want acme.v1.Everything, got bytes that are none"},
      {"\x08", "record: want acme.v1.Everything, got bytes that end too early"},
      {"\x72\x05xy",
       "record: want acme.v1.Everything, got bytes that end too early"},
      {"\x3D\x01",
       "record: want acme.v1.Everything, got bytes that end too early"},
      {Varint(99, 1),
       "record: want a field of acme.v1.Everything, got an unknown one with "
       "number 99"},
      {Part(17, Varint(9, 1)),
       "inner: want a field of acme.v1.Everything.Inner, got an unknown one "
       "with number 9"},
      {Varint(1, 1) + Varint(1, 1), "int32_value: want it once, got it twice"},
      {Varint(14, 1),
       "string_value: want a value of type string, got one of another wire "
       "type"},
      {Part(1, "\x01"),
       "int32_value: want a value of type int32, got one of another wire type"},
      {Part(14, "\xC3\x28"), "string_value: want UTF-8, got other bytes"},
      {Part(17, Part(2, Part(1, "\xFF"))),
       "inner.inner.name: want UTF-8, got other bytes"},
      {Varint(16, 77),
       "mood: want a value of acme.v1.Mood, got an unknown number"},
      {Part(35, "\x01\x4D"),
       "mood_list[1]: want a value of acme.v1.Mood, got an unknown number"},
      {Part(31, "\x01\x80"),
       "int32_list[1]: want packed values, got bytes that end too early"},
      {Part(18, Varint(1, 253402300800)),
       "at: want a time in the years 1 to 9999, got one outside"},
      {Part(18, Varint(2, 1000000000)),
       "at: want a time in the years 1 to 9999, got one outside"},
      {Part(18, Varint(3, 1)), "at: want seconds and nanos, got other bytes"},
      {Part(19, Varint(1, 315576000001)),
       "took: want a duration of at most 10000 years, got another"},
      {Part(19, Varint(1, 1) + Varint(2, ~uint64_t{0})),
       "took: want a duration of at most 10000 years, got another"},
      {Part(20, ""),
       "any.@type: want type.googleapis.com/ and a message's name, got none"},
      {Part(20, Part(1, "acme.v1.CheckIn")),
       "any.@type: want type.googleapis.com/ and a message's name, got another "
       "form"},
      {Part(20, Part(1, "type.googleapis.com/jane.Doe")),
       "any.@type: want the name of a known message, got an unknown one"},
      {Part(20, Part(1, "type.googleapis.com/acme.v1.Unmarked")),
       "any.@type: want a message with marks, got acme.v1.Unmarked"},
      {Part(20, Part(1, "type.googleapis.com/acme.v1.CheckIn") +
                    Part(2, Varint(99, 1))),
       "any: want a field of acme.v1.CheckIn, got an unknown one with number "
       "99"},
      {Part(20, Part(3, "")),
       "any: want a type and a message, got other bytes"},
      {Part(20, Part(1, "a") + Part(1, "b")),
       "any: want it once, got it twice"},
      {Part(34, "a") + Varint(1, 1) + Part(34, "b") + Part(34, "\xFF"),
       "string_list[2]: want UTF-8, got other bytes"},
      {Part(36, "") + Part(36, Part(3, "") + Part(3, Part(1, "\xFF"))),
       "inner_list[1].inners[1].name: want UTF-8, got other bytes"},
      {Varint(35, 1) + Part(35, "\x01\x02") + Varint(35, 9),
       "mood_list[3]: want a value of acme.v1.Mood, got an unknown number"},
      {Part(36, "") + Varint(36, 1),
       "inner_list[1]: want a value of type message, got one of another wire "
       "type"},
      {Part(42, Varint(1, 5) + Part(2, Part(1, "\xFF"))),
       "by_number[*].value.name: want UTF-8, got other bytes"},
  };
  for (const auto& fault : faults) {
    const absl::Status status = Check(fault.first);

    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_EQ(status.message(), fault.second);
  }
}

TEST_F(WireCheckerTest, WhatAReaderWouldPassOverInSilenceIsRefused) {
  const std::string twice = "want each key once, got one twice";
  const std::string range =
      "want an integer in 32 bits, got a number out of "
      "range";
  const std::vector<std::pair<std::string, std::string>> faults = {
      // Of two values the last one counts.
      {Part(51, "a") + Varint(52, 1),
       "number: want one member of its oneof, got a second one"},
      {Part(41, Part(1, "a") + Varint(2, 1)) +
           Part(41, Varint(2, 2) + Part(1, "a")),
       "by_name: " + twice},
      {Part(41, "") + Part(41, Part(1, "")), "by_name: " + twice},
      {Part(42, "") + Part(42, Varint(1, 0)), "by_number: " + twice},
      {Part(42, Varint(1, ~uint64_t{0})) + Part(42, Varint(1, ~uint32_t{0})),
       "by_number: " + twice},
      {Part(43, Varint(1, 0)) + Part(43, ""), "by_truth: " + twice},
      {Part(41, Part(1, "a") + Part(1, "b")),
       "by_name[*].key: want it once, got it twice"},
      {Part(18, Varint(1, 5) + Varint(1, 6)),
       "at: want each part once, got one twice"},
      // Of a number the lower bits count.
      {Varint(1, uint64_t{1} << 32), "int32_value: " + range},
      {Varint(1, uint64_t{1} << 63), "int32_value: " + range},
      {Varint(3, uint64_t{1} << 32), "uint32_value: " + range},
      {Varint(3, ~uint64_t{0}), "uint32_value: " + range},
      {Varint(5, uint64_t{1} << 32), "sint32_value: " + range},
      {Varint(13, 2),
       "bool_value: want true or false, got a number out of range"},
      {Varint(16, (uint64_t{1} << 32) + 1),
       "mood: want a value of acme.v1.Mood, got an unknown number"},
      {Part(31, "\x01\x80\x80\x80\x80\x10"), "int32_list[1]: " + range},
  };
  for (const auto& fault : faults) {
    EXPECT_EQ(Check(fault.first).message(), fault.second);
  }
}

TEST_F(WireCheckerTest, NumbersAndKeysThatDifferPass) {
  for (const std::string& wire :
       {Varint(1, ~uint64_t{0}), Varint(1, ~uint32_t{0}),
        Varint(1, ~uint64_t{0} << 31), Varint(3, ~uint32_t{0}),
        Varint(4, ~uint64_t{0}), Varint(13, 1),
        Part(41, Part(1, "a")) + Part(41, Part(1, "b")) + Part(41, ""),
        Part(42, Varint(1, 1)) + Part(42, Varint(1, 2)),
        Part(43, Varint(1, 1)) + Part(43, "") + Part(41, ""),
        Part(18, Varint(2, 1) + Varint(1, 1))}) {
    EXPECT_TRUE(Check(wire).ok()) << Check(wire);
  }
}

TEST_F(WireCheckerTest, SixtyFourLevelsPassAndOneMoreDoesNot) {
  const auto nested = [](int levels) {
    std::string wire;
    for (int i = 1; i < levels; ++i)
      wire = Part(i + 1 == levels ? 17 : 2, wire);
    return wire;
  };

  EXPECT_TRUE(Check(nested(64)).ok());
  EXPECT_NE(std::string(Check(nested(65)).message())
                .find("want at most 64 levels, got more"),
            std::string::npos);
}

}  // namespace
}  // namespace subrosa
