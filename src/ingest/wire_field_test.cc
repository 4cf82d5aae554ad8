#include "src/ingest/wire_field.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(WireFieldTest, FieldsAreTakenOneAfterAnother) {
  // 1: a varint, 2: text, 3: eight bytes, 4: four.
  const std::string bytes(
      "\x08\x96\x01\x12\x02hi\x19"
      "12345678%abcd");
  absl::string_view wire = bytes;
  WireField field;

  ASSERT_EQ(TakeField(&wire, &field), TakeResult::kTaken);
  EXPECT_EQ(field.number, 1);
  EXPECT_EQ(field.varint, 150u);
  ASSERT_EQ(TakeField(&wire, &field), TakeResult::kTaken);
  EXPECT_EQ(field.type, WireType::kLengthDelimited);
  EXPECT_EQ(field.bytes, "hi");
  ASSERT_EQ(TakeField(&wire, &field), TakeResult::kTaken);
  EXPECT_EQ(field.bytes, "12345678");
  ASSERT_EQ(TakeField(&wire, &field), TakeResult::kTaken);
  EXPECT_EQ(field.number, 4);
  EXPECT_EQ(field.bytes, "abcd");
  EXPECT_TRUE(wire.empty());
}

TEST(WireFieldTest, WhatIsNoFieldIsNotTaken) {
  for (const std::string& bytes :
       {std::string(), std::string("\x00\x01", 2), std::string("\x07\x01"),
        std::string("\x0B"), std::string("\x0C"), std::string("\x0E"),
        std::string("\x0F"), std::string("\x80"), std::string(11, '\xFF'),
        // A tag of more than 32 bits.
        std::string("\x88\x80\x80\x80\x10\x01")}) {
    absl::string_view wire = bytes;
    WireField field;

    EXPECT_EQ(TakeField(&wire, &field), TakeResult::kNone) << bytes;
  }
}

TEST(WireFieldTest, AValueThatEndsBehindTheBytesIsShort) {
  for (const std::string& bytes :
       {std::string("\x08"), std::string("\x08\x80"), std::string("\x12"),
        std::string("\x12\x05hi"), std::string("\x19hi"), std::string("%abc"),
        std::string("\x12\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01hi")}) {
    absl::string_view wire = bytes;
    WireField field;

    EXPECT_EQ(TakeField(&wire, &field), TakeResult::kShort) << bytes;
  }
}

TEST(WireFieldTest, AVarintHoldsAtMost64Bits) {
  const std::string most = std::string(9, '\xFF') + "\x01";
  absl::string_view wire = most;
  uint64_t number;

  EXPECT_TRUE(TakeVarint(&wire, &number));
  EXPECT_EQ(number, ~uint64_t{0});
  for (const std::string& bytes :
       {std::string(9, '\xFF') + "\x02", std::string(10, '\x80') + "\x01",
        std::string("\xFF"), std::string()}) {
    wire = bytes;
    EXPECT_FALSE(TakeVarint(&wire, &number));
    EXPECT_EQ(wire.size(), bytes.size());
  }
}

}  // namespace
}  // namespace subrosa
