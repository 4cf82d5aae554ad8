#include "src/base/textproto_file.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using ::google::protobuf::FileDescriptorProto;

constexpr char kText[] = R"(name: "a"

dependency: "b"
dependency: "c"
message_type { name: "M" }
)";

std::string Said(const std::string& text) {
  FileDescriptorProto message;
  const absl::Status status =
      TextprotoFile("x.textproto", text).Read(1 << 10, &message);
  EXPECT_NE(status.ok(), absl::IsInvalidArgument(status));
  return status.ok() ? "read" : std::string(status.message());
}

TEST(TextprotoFileTest, AnErrorNamesTheLineOfWhatItSpeaksOf) {
  const absl::Status wrong = absl::InvalidArgumentError("want another");
  TextprotoFile file("x.textproto", kText);
  FileDescriptorProto message;
  ASSERT_TRUE(file.Read(1 << 10, &message).ok());

  EXPECT_EQ(file.At(message, "name", -1, wrong).message(),
            "x.textproto:1: want another");
  EXPECT_EQ(file.At(message, "dependency", 1, wrong).message(),
            "x.textproto:4: want another");
  EXPECT_EQ(file.At(message, "message_type", 0, wrong).message(),
            "x.textproto:5: want another");
  EXPECT_EQ(file.At(wrong).message(), "x.textproto:1: want another");
}

TEST(TextprotoFileTest, WhatTheFileDoesNotHoldIsNamedByTheFirstLine) {
  TextprotoFile file("x.textproto", kText);
  FileDescriptorProto message;
  ASSERT_TRUE(file.Read(1 << 10, &message).ok());

  EXPECT_EQ(file.At(message, "package", -1, absl::InvalidArgumentError("none"))
                .message(),
            "x.textproto:1: none");
  EXPECT_TRUE(file.At(message, "package", -1, absl::OkStatus()).ok());
}

TEST(TextprotoFileTest, AnUnknownFieldIsRefusedByItsLine) {
  const std::string said = Said("name: \"a\"\n\ntitle: \"b\"\n");

  EXPECT_EQ(said.substr(0, 17), "x.textproto:3: me") << said;
  EXPECT_NE(said.back(), '.');
}

TEST(TextprotoFileTest, AFieldGivenTwiceIsRefused) {
  EXPECT_EQ(Said("name: \"a\"\nname: \"b\"\n").substr(0, 15),
            "x.textproto:2: ");
}

TEST(TextprotoFileTest, TextThatBreaksOffIsRefused) {
  for (const char* text : {"name: \"a", "message_type {", "name:", "}"}) {
    EXPECT_NE(Said(text), "read") << text;
  }
}

TEST(TextprotoFileTest, AFileBeyondItsLimitIsRefused) {
  EXPECT_EQ(Said(std::string(1025, '\n')),
            "x.textproto: want at most 1024 bytes, got 1025");
  EXPECT_EQ(Said(std::string(1024, '\n')), "read");
}

TEST(TextprotoFileTest, MessagesThatNestTooDeepAreRefused) {
  std::string text;
  for (int i = 0; i <= kMaxTextprotoDepth; ++i) {
    absl::StrAppend(&text, i == 0 ? "message_type {" : "nested_type {");
  }
  text.append(kMaxTextprotoDepth + 1, '}');

  EXPECT_NE(Said(text), "read");
}

}  // namespace
}  // namespace subrosa
