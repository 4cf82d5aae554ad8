#include "src/ingest/line_reader.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/ingest/buffered_input.h"

namespace subrosa {
namespace {

constexpr size_t kLimit = 1000;

// Each line as "number@offset text", a long one as "number@offset too long",
// and last the end as "number@offset end".
std::vector<std::string> LinesOf(const std::string& content,
                                 size_t limit = kLimit) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "/lines-", getpid());
  EXPECT_TRUE(ReplaceFile(path, content, 0600).ok());
  absl::StatusOr<BufferedInput> input = BufferedInput::Open(path);
  EXPECT_TRUE(input.ok()) << input.status();
  LineReader lines(*std::move(input), limit);
  std::vector<std::string> seen;
  for (;;) {
    const absl::StatusOr<Line> line = lines.Next();
    EXPECT_TRUE(line.ok()) << line.status();
    const std::string place =
        absl::StrCat(line->number, "@", line->byte_offset);
    if (line->kind == Line::Kind::kEnd) {
      seen.push_back(place + " end");
      break;
    }
    seen.push_back(line->kind == Line::Kind::kTooLong
                       ? place + " too long"
                       : absl::StrCat(place, " ", line->text));
  }
  unlink(path.c_str());
  return seen;
}

using Lines = std::vector<std::string>;

TEST(LineReaderTest, AnEmptyFileHasNoLines) {
  EXPECT_EQ(LinesOf(""), (Lines{"0@0 end"}));
}

TEST(LineReaderTest, TheLastLineNeedsNoEnd) {
  EXPECT_EQ(LinesOf("a\nbc\n"), (Lines{"1@0 a", "2@2 bc", "2@5 end"}));
  EXPECT_EQ(LinesOf("a\nbc"), (Lines{"1@0 a", "2@2 bc", "2@4 end"}));
}

TEST(LineReaderTest, BlankLinesAreCountedAndPassedOver) {
  EXPECT_EQ(LinesOf("\n \t\na\n\n"), (Lines{"3@4 a", "4@7 end"}));
}

TEST(LineReaderTest, AnEndWithACarriageReturnIsAnEnd) {
  EXPECT_EQ(LinesOf("a\r\n\r\nb\r\n"), (Lines{"1@0 a", "3@5 b", "3@8 end"}));
}

TEST(LineReaderTest, AByteOrderMarkIsPassedOverAtTheStartOnly) {
  EXPECT_EQ(LinesOf("\xEF\xBB\xBF"
                    "a\n\xEF\xBB\xBF"
                    "b"),
            (Lines{"1@3 a",
                   "2@5 \xEF\xBB\xBF"
                   "b",
                   "2@9 end"}));
  EXPECT_EQ(LinesOf("\xEF\xBB\xBF"), (Lines{"0@3 end"}));
}

TEST(LineReaderTest, ALineAtTheLimitIsReadAndOneByteMoreIsTooLong) {
  const std::string at(kLimit, 'a');
  const std::string over(kLimit + 1, 'b');

  EXPECT_EQ(LinesOf(at + "\n" + over + "\nc\n"),
            (Lines{"1@0 " + at, "2@1001 too long", "3@2003 c", "3@2005 end"}));
  EXPECT_EQ(LinesOf(at + "\r\n" + over + "\r\nc"),
            (Lines{"1@0 " + at, "2@1002 too long", "3@2005 c", "3@2006 end"}));
  EXPECT_EQ(LinesOf(over), (Lines{"1@0 too long", "1@1001 end"}));
}

TEST(LineReaderTest, LinesOfAnyLengthAreWholeAcrossTheBuffer) {
  std::string content;
  Lines wanted;
  for (size_t i = 0; i < 400; ++i) {
    const std::string text((i * 7919) % 5000 + 1, 'a' + i % 26);
    wanted.push_back(absl::StrCat(i + 1, "@", content.size(), " ", text));
    content += text + "\n";
  }
  wanted.push_back(absl::StrCat("400@", content.size(), " end"));

  EXPECT_EQ(LinesOf(content, 5000), wanted);
}

TEST(LineReaderTest, AfterALineManyTimesTheLimitTheNextIsRead) {
  EXPECT_EQ(LinesOf(std::string(3000000, 'x') + "\nb"),
            (Lines{"1@0 too long", "2@3000001 b", "2@3000002 end"}));
}

}  // namespace
}  // namespace subrosa
