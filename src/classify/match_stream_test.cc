#include "src/classify/match_stream.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/classify/redactor.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"

namespace subrosa {
namespace {

const TextScanner& TheScanner() {
  static const TextScanner* const scanner =
      std::move(TextScanner::Create({})).value().release();
  return *scanner;
}

// `text` in chunks of `chunk_bytes`, with each match replaced by its marker.
std::string Redacted(absl::string_view text, size_t chunk_bytes,
                     size_t* most_held = nullptr) {
  const Redactor redactor = Redactor::Markers();
  std::string out;
  size_t handed_out = 0;
  auto stream = MatchStream::Create(
      TheScanner(),
      {[&](const TextMatch& match, absl::string_view value) {
         EXPECT_EQ(handed_out, match.span.offset);
         EXPECT_EQ(text.substr(match.span.offset, match.span.length), value);
         handed_out += value.size();
         out += redactor.Replacement(TextRules()[match.rule].id, value);
       },
       [&](absl::string_view bytes) {
         handed_out += bytes.size();
         out.append(bytes.data(), bytes.size());
       }});
  EXPECT_TRUE(stream.ok()) << stream.status();
  for (size_t at = 0; at < text.size(); at += chunk_bytes) {
    EXPECT_TRUE(stream->Append(text.substr(at, chunk_bytes)).ok());
    if (most_held != nullptr) {
      *most_held = std::max(
          *most_held, std::min(text.size(), at + chunk_bytes) - handed_out);
    }
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(text.size(), handed_out);
  return out;
}

// Text of `size` bytes with an e-mail address here and there.
std::string Sample(size_t size, absl::string_view newline) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) {
    absl::StrAppend(&text, "order ", i, " of user", i, "@example.org came in",
                    newline, "and was \xf0\x9f\x8c\xb9 sent on. ");
  }
  return text;
}

TEST(MatchStreamTest, WhatIsFoundIsReplacedAndAllElseStays) {
  EXPECT_EQ("write to [EMAIL], will you\r\n\tnow?\0",
            Redacted("write to ann@example.org, will you\r\n\tnow?\0", 1000));
}

TEST(MatchStreamTest, TextWithoutAFindIsUnchanged) {
  for (const std::string& text :
       {std::string(), std::string(1, '\0'), std::string("plain words\n"),
        std::string("\xff\xfe\x80 no UTF-8 \xc3"), std::string(300000, ' ')}) {
    EXPECT_EQ(text, Redacted(text, 7000));
  }
}

TEST(MatchStreamTest, HowTheTextIsCutDoesNotMatter) {
  const std::string text = Sample(300000, "\n");
  const std::string whole = Redacted(text, text.size());
  EXPECT_FALSE(absl::StrContains(whole, "@example"));

  for (const size_t chunk : {1000u, 4096u, 65536u, 65537u, 99991u}) {
    EXPECT_EQ(whole, Redacted(text, chunk)) << chunk;
  }
  const std::string start = text.substr(0, 3000);
  EXPECT_EQ(Redacted(start, start.size()), Redacted(start, 1));
}

TEST(MatchStreamTest, AnEndlessLineTakesConstantMemory) {
  size_t most_held = 0;

  Redacted(Sample(8 << 20, ""), 4096, &most_held);
  EXPECT_GT(256 * 1024, most_held);
}

TEST(MatchStreamTest, AnyBytesComeOutAsTheyWentIn) {
  std::mt19937 random(7);
  std::string noise;
  for (int i = 0; i < 400000; ++i) noise += static_cast<char>(random());

  const std::string once = Redacted(noise, noise.size());
  EXPECT_EQ(once, Redacted(noise, 5000));
}

TEST(MatchStreamTest, AValueInFullWidthAfterMuchOfItIsRedactedWhole) {
  std::string text;
  while (text.size() < 500000) text += "\xef\xbc\xa1\xef\xbc\xa2 ";
  absl::StrAppend(&text, "ann@example.org");

  const std::string redacted = Redacted(text, 4096);
  EXPECT_TRUE(absl::EndsWith(redacted, " [EMAIL]"));
}

TEST(MatchStreamTest, WidthlessCharactersWithoutEndAreGivenUpOn) {
  auto stream = MatchStream::Create(
      TheScanner(),
      {[](const TextMatch&, absl::string_view) {}, [](absl::string_view) {}});
  ASSERT_TRUE(stream.ok());
  std::string widthless;
  while (widthless.size() < 1 << 20) widthless += "\xe2\x80\x8b";

  absl::Status status = stream->Append("ann@exa");
  for (int i = 0; i < 40 && status.ok(); ++i)
    status = stream->Append(widthless);
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
}

}  // namespace
}  // namespace subrosa
