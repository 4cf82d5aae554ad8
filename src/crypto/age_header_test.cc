#include "src/crypto/age_header.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr char kMac[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

std::string HeaderWith(absl::string_view stanzas) {
  return absl::StrCat("age-encryption.org/v1\n", stanzas, "--- ", kMac, "\n");
}

TEST(AgeHeaderTest, StanzasAreReadWithArgumentsAndBody) {
  const absl::StatusOr<AgeHeader> header =
      ParseAgeHeader(HeaderWith("-> a b !~\nAQI\n-> empty\n\n"));

  ASSERT_TRUE(header.ok()) << header.status();
  ASSERT_EQ(header->stanzas.size(), 2u);
  EXPECT_EQ(header->stanzas[0].type(), "a");
  EXPECT_EQ(header->stanzas[0].arguments,
            (std::vector<std::string>{"a", "b", "!~"}));
  EXPECT_EQ(header->stanzas[0].body, "\x01\x02");
  EXPECT_EQ(header->stanzas[1].body, "");
  EXPECT_EQ(header->mac, std::string(32, '\0'));
}

TEST(AgeHeaderTest, AHeaderIsWrittenAsItWasRead) {
  for (const size_t body_bytes : {0, 1, 47, 48, 49, 95, 96, 97, 1000}) {
    AgeHeader header;
    header.stanzas.resize(2);
    header.stanzas[0].arguments = {"one", "two"};
    header.stanzas[0].body = std::string(body_bytes, 'x');
    header.stanzas[1].arguments = {"three"};
    header.mac = std::string(32, 'm');
    const std::string text = SerializeAgeHeader(header);

    const absl::StatusOr<AgeHeader> parsed = ParseAgeHeader(text);

    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->stanzas[0].body, header.stanzas[0].body);
    EXPECT_EQ(SerializeAgeHeader(*parsed), text);
  }
}

TEST(AgeHeaderTest, WhatIsMalformedIsNamed) {
  const std::string full_line(64, 'A');
  const struct {
    std::string text;
    const char* wanted;
  } kCases[] = {
      {"", "age.header: want lines that end in a newline"},
      {"age-encryption.org/v2\n", "age.header.version: want the first line"},
      {"age-encryption.org/v1\r\n", "age.header.version: want the first line"},
      {"age-encryption.org/v1\n", "age.header.mac: want a line"},
      {HeaderWith(""), "age.header.stanza: want at least 1 recipient, got 0"},
      {HeaderWith("->\n\n"), "stanza[0]: want a line that starts with"},
      {HeaderWith("-> \n\n"), "stanza[0].arguments: want visible ASCII"},
      {HeaderWith("-> a  b\n\n"), "stanza[0].arguments: want visible ASCII"},
      {HeaderWith("-> a \n\n"), "stanza[0].arguments: want visible ASCII"},
      {HeaderWith("-> a\x7f\n\n"), "stanza[0].arguments: want visible ASCII"},
      {HeaderWith("-> \xc3\xa9\n\n"), "stanza[0].arguments: want visible"},
      {HeaderWith("-> a\r\n\n"), "stanza[0].arguments: want visible ASCII"},
      {HeaderWith("-> a\n"), "stanza[0].body: want canonical base64"},
      {HeaderWith("-> a\nAQI=\n"), "stanza[0].body: want canonical base64"},
      {HeaderWith("-> a\nAQJ\n"), "stanza[0].body: want canonical base64"},
      {HeaderWith("-> a\nA*I\n"), "stanza[0].body: want canonical base64"},
      {HeaderWith(absl::StrCat("-> a\n", full_line, "A\n\n")),
       "stanza[0].body: want lines of at most 64 characters, got 65"},
      {HeaderWith(absl::StrCat("-> b\n\n-> a\n", full_line, "\n")),
       "stanza[1].body: want canonical base64"},
      {HeaderWith("-> a\nAQI\nAQI\n"), "stanza[1]: want a line that starts"},
      {HeaderWith("-> a\n\n") + "x", "want nothing after the MAC's line"},
      {"age-encryption.org/v1\n-> a\n\n---\n", ".mac: want `--- ` and the MAC"},
      {"age-encryption.org/v1\n-> a\n\n--- AAAA\n",
       ".mac: want 32 bytes, got 3"},
      {"age-encryption.org/v1\n-> a\n\n---  AAAA\n",
       ".mac: want canonical base64"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = ParseAgeHeader(c.text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.wanted;
    EXPECT_TRUE(absl::StrContains(status.message(), c.wanted)) << status;
  }
}

TEST(AgeHeaderTest, EveryTruncationIsRefused) {
  const std::string text = HeaderWith("-> a b\nAQI\n");
  for (size_t size = 0; size < text.size(); ++size) {
    const std::string part = text.substr(0, size);
    StringSource source(part);
    EXPECT_TRUE(absl::IsInvalidArgument(ParseAgeHeader(part).status()));
    EXPECT_TRUE(absl::IsInvalidArgument(ReadAgeHeader(&source).status()));
  }
}

TEST(AgeHeaderTest, WhatFollowsTheHeaderIsGivenBack) {
  const std::string file = HeaderWith("-> a\n\n") + "payload --- more\n";
  StringSource source(file);

  const absl::StatusOr<AgeHeaderAndRest> front = ReadAgeHeader(&source);

  ASSERT_TRUE(front.ok()) << front.status();
  EXPECT_EQ(front->rest, "payload --- more\n");
}

TEST(AgeHeaderTest, AHeaderOfOverAMegabyteIsRefused) {
  std::string stanzas;
  while (stanzas.size() < kAgeHeaderMaxBytes) stanzas += "-> grease\n\n";
  const std::string file = HeaderWith(stanzas);
  StringSource source(file);

  const absl::Status status = ReadAgeHeader(&source).status();

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(),
            "age.header: want at most 1048576 bytes, got more");
}

TEST(AgeHeaderTest, AnErrorQuotesNothingOfTheFile) {
  const absl::Status status =
      ParseAgeHeader(HeaderWith("-> a\nPLANTED*VALUE\n")).status();

  EXPECT_FALSE(absl::StrContains(status.message(), "PLANTED"));
}

}  // namespace
}  // namespace subrosa
