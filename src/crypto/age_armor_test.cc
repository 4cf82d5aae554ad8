#include "src/crypto/age_armor.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr char kBegin[] = "-----BEGIN AGE ENCRYPTED FILE-----\n";
constexpr char kEnd[] = "-----END AGE ENCRYPTED FILE-----\n";

std::string Varied(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 151);
  return bytes;
}

// Armors `bytes`, appended in parts of `part` bytes.
std::string Armor(const std::string& bytes, size_t part = 1 << 20) {
  std::string text;
  StringSink out(&text);
  ArmorSink armor(&out);
  for (size_t at = 0; at < bytes.size(); at += part) {
    EXPECT_TRUE(armor.Append(bytes.substr(at, part)).ok());
  }
  EXPECT_TRUE(armor.Finish().ok());
  return text;
}

// Reads `text` in parts of at most `part` bytes.
absl::StatusOr<std::string> Unarmor(const std::string& text,
                                    size_t part = 1 << 16) {
  StringSource source(text);
  ArmorSource armor(&source);
  std::string bytes;
  std::string buffer(part, '\0');
  for (;;) {
    const absl::StatusOr<size_t> got = armor.Read(absl::MakeSpan(buffer));
    if (!got.ok()) return got.status();
    if (*got == 0) return bytes;
    bytes.append(buffer, 0, *got);
  }
}

TEST(AgeArmorTest, BytesStandInLinesOf64CharactersBetweenTwoFixedLines) {
  EXPECT_EQ(Armor(std::string(50, '\0')),
            absl::StrCat(kBegin, std::string(64, 'A'), "\nAAA=\n", kEnd));
  EXPECT_EQ(Armor(""), absl::StrCat(kBegin, kEnd));
}

TEST(AgeArmorTest, EveryLengthComesBackHoweverItIsCutUp) {
  for (const size_t size :
       {0, 1, 2, 47, 48, 49, 95, 96, 97, 144, 1000, 200000}) {
    const std::string bytes = Varied(size);
    const std::string text = Armor(bytes);
    EXPECT_EQ(Armor(bytes, 31), text);
    EXPECT_EQ(Armor(bytes, 48), text);
    EXPECT_EQ(Unarmor(text).value(), bytes);
    EXPECT_EQ(Unarmor(text, 1).value(), bytes);
    EXPECT_EQ(Unarmor(text, 49).value(), bytes);
  }
}

TEST(AgeArmorTest, LineEndsOfWindowsAndSpaceAroundAreAllowed) {
  const std::string text = Armor(Varied(100));

  EXPECT_EQ(Unarmor(absl::StrReplaceAll(text, {{"\n", "\r\n"}})).value(),
            Varied(100));
  EXPECT_EQ(Unarmor(absl::StrCat(" \t\r\n\n", text, "\n  \n")).value(),
            Varied(100));
  EXPECT_EQ(Unarmor(text.substr(0, text.size() - 1)).value(), Varied(100));
}

TEST(AgeArmorTest, WhatIsNotStrictIsRefusedWithItsLine) {
  const std::string full(64, 'A');
  const struct {
    std::string text;
    const char* wanted;
  } kCases[] = {
      {"", "line 1: want the BEGIN line, got the end of the file"},
      {"x\n", "line 1: want `-----BEGIN"},
      {absl::StrCat(" ", kBegin, kEnd), "line 1: want `-----BEGIN"},
      {absl::StrCat("note\n", kBegin, kEnd), "line 1: want `-----BEGIN"},
      {std::string(1100, '\n') + kBegin,
       "want at most 1024 bytes of white space, got more"},
      {kBegin, "line 2: want the END line, got the end of the file"},
      {absl::StrCat(kBegin, "\n", kEnd), "line 2: want 1 to 64 characters"},
      {absl::StrCat(kBegin, full, "A\n", kEnd),
       "line 2: want 1 to 64 characters of base64, got 65"},
      {absl::StrCat(kBegin, "AAA\n", kEnd), "line 2: want canonical base64"},
      {absl::StrCat(kBegin, "AAB=\n", kEnd), "line 2: want canonical base64"},
      {absl::StrCat(kBegin, "AA*=\n", kEnd), "line 2: want canonical base64"},
      {absl::StrCat(kBegin, full, " \n", kEnd), "got 65"},
      {absl::StrCat(kBegin, "AAA=\nAAAA\n", kEnd),
       "line 3: want `-----END AGE ENCRYPTED FILE-----` after a short"},
      {absl::StrCat(kBegin, "AAAA\nAAAA\n", kEnd), "line 3: want `-----END"},
      {absl::StrCat(kBegin, full.substr(0, 62), "==\n", full, "\n", kEnd),
       "line 3: want `-----END"},
      {absl::StrCat(kBegin, "AAAA\n"), "line 3: want the END line"},
      {absl::StrCat(kBegin, "AAAA\n", kEnd, "x"),
       "line 4: want only white space after the END line"},
      {absl::StrCat(kBegin, "AAAA\n", kEnd, std::string(1100, ' ')),
       "line 4: want at most 1024 bytes of white space, got more"},
      {absl::StrCat(kBegin, std::string(70000, 'A')),
       "want a line, got over 65536 bytes without a newline"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = Unarmor(c.text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.wanted;
    EXPECT_TRUE(absl::StrContains(status.message(), c.wanted)) << status;
    EXPECT_TRUE(absl::StartsWith(status.message(), "age.armor: ")) << status;
  }
}

TEST(AgeArmorTest, EveryTruncationButOfTheLastNewlineIsRefused) {
  const std::string text = Armor(Varied(100));
  for (size_t size = 0; size + 1 < text.size(); ++size) {
    EXPECT_TRUE(absl::IsInvalidArgument(Unarmor(text.substr(0, size)).status()))
        << size;
  }
}

TEST(AgeArmorTest, AnErrorStaysTheAnswer) {
  StringSource source("x\n");
  ArmorSource armor(&source);
  char byte;

  EXPECT_FALSE(armor.Read(absl::MakeSpan(&byte, 1)).ok());
  EXPECT_FALSE(armor.Read(absl::MakeSpan(&byte, 1)).ok());
}

class FullDisk : public ByteSink {
 public:
  absl::Status Append(absl::string_view) override {
    return absl::UnavailableError("disk: No space left on device");
  }
};

TEST(AgeArmorTest, AFailureToWriteIsReported) {
  FullDisk disk;
  ArmorSink armor(&disk);

  EXPECT_TRUE(absl::IsUnavailable(armor.Append("x")));
  EXPECT_TRUE(absl::IsUnavailable(armor.Finish()));
}

}  // namespace
}  // namespace subrosa
