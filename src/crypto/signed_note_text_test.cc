#include "src/crypto/signed_note_text.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(SignedNoteTextTest, TextInAnyScriptIsAllowed) {
  for (const char* text :
       {"\n", "plain\n", "\n\n\n", "\xc3\xa9\n", "\xe2\x80\x94 dash\n",
        "\xf0\x9f\x8c\xb9 rose\n", "\xf4\x8f\xbf\xbf\n", "\xed\x9f\xbf\n",
        "\xee\x80\x80\n", "\x7f\n"}) {
    EXPECT_TRUE(CheckNoteText(text).ok()) << text;
  }
}

TEST(SignedNoteTextTest, WhatIsNotTheShortestEncodingOfACharacterIsRefused) {
  for (const char* bytes :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf",
        "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80\x80", "\xff", "\xc3", "\xc3(", "\xe2\x80",
        "\xe2\x28\xa1", "\xf0\x9f\x8c"}) {
    const absl::Status status =
        CheckNoteText(absl::StrCat("rose ", bytes, "\n"));
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << bytes;
    EXPECT_TRUE(absl::EndsWith(status.message(), "another byte at 5"))
        << status;
  }
}

TEST(SignedNoteTextTest, ControlCharactersButTheNewlineAreRefused) {
  for (char c = 0; c < 0x20; ++c) {
    if (c == '\n') continue;
    EXPECT_TRUE(absl::IsInvalidArgument(
        CheckNoteText(absl::StrCat("a", std::string(1, c), "\n"))))
        << int{c};
  }
}

TEST(SignedNoteTextTest, TextThatDoesNotEndInANewlineIsRefused) {
  EXPECT_EQ(CheckNoteText("").message(),
            "note.text: want a newline at the end");
  EXPECT_EQ(CheckNoteText("rose").message(),
            "note.text: want a newline at the end");
}

TEST(SignedNoteTextTest, ANameHasNoSpaceOfAnyKindAndNoPlus) {
  for (const std::string& name :
       {std::string("example.org/log"), std::string("r\xc3\xb6se"),
        std::string(255, 'x')}) {
    EXPECT_TRUE(IsNoteName(name)) << name;
  }
  for (const std::string& name :
       {std::string(), std::string("a b"), std::string("a+b"),
        std::string("a\nb"), std::string("a\tb"), std::string("a\0b", 3),
        std::string("a\xc2\xa0"
                    "b"),
        std::string("a\xc2\x85"
                    "b"),
        std::string("a\xe2\x80\x83"
                    "b"),
        std::string("a\xe3\x80\x80"
                    "b"),
        std::string("a\xff"
                    "b"),
        std::string(256, 'x')}) {
    EXPECT_FALSE(IsNoteName(name)) << name;
  }
}

}  // namespace
}  // namespace subrosa
