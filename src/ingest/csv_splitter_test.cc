#include "src/ingest/csv_splitter.h"

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "src/base/file.h"

namespace subrosa {
namespace {

// Each row as "a|b", each reject as "! reason".
std::vector<std::string> Rows(absl::string_view text, size_t max_row_bytes = 64,
                              char separator = ',') {
  const std::string path = absl::StrCat(testing::TempDir(), "/csv-", getpid());
  EXPECT_TRUE(ReplaceFile(path, text, 0600).ok());
  absl::StatusOr<BufferedInput> input = BufferedInput::Open(path);
  EXPECT_TRUE(input.ok());
  CsvSplitter splitter(*std::move(input), separator, max_row_bytes);
  std::vector<std::string> rows;
  for (;;) {
    const absl::StatusOr<CsvRow> row = splitter.Next();
    EXPECT_TRUE(row.ok()) << row.status();
    if (!row.ok() || row->kind == CsvRow::Kind::kEnd) break;
    EXPECT_EQ(row->number, rows.size() + 1);
    rows.push_back(row->kind == CsvRow::Kind::kRow
                       ? absl::StrJoin(row->cells, "|")
                       : absl::StrCat("! ", row->reject.message()));
  }
  EXPECT_EQ(splitter.bytes_read(), text.size());
  unlink(path.c_str());
  return rows;
}

using Strings = std::vector<std::string>;

TEST(CsvSplitterTest, RowsOfRfc4180AreSplit) {
  EXPECT_EQ(Rows("a,b,c\r\nd,,f\r\n"), (Strings{"a|b|c", "d||f"}));
  EXPECT_EQ(Rows("a,b\nc,"), (Strings{"a|b", "c|"}));
  EXPECT_EQ(Rows("\"a,b\",\"c\"\"d\",\"\"\n"), (Strings{"a,b|c\"d|"}));
  EXPECT_EQ(Rows("\"two\r\nlines\",x\ny,\"\"\"\"\n"),
            (Strings{"two\r\nlines|x", "y|\""}));
  EXPECT_EQ(Rows("a;\"b;c\"\n", 64, ';'), (Strings{"a|b;c"}));
  EXPECT_EQ(Rows("a\tb\n", 64, '\t'), (Strings{"a|b"}));
}

TEST(CsvSplitterTest, AByteOrderMarkAndEmptyLinesArePassedOver) {
  EXPECT_EQ(Rows("\xEF\xBB\xBF\"a\",b\n\n\r\nc,d\n\n"),
            (Strings{"a|b", "c|d"}));
  EXPECT_TRUE(Rows("").empty());
  EXPECT_TRUE(Rows("\xEF\xBB\xBF").empty());
}

TEST(CsvSplitterTest, AMisplacedQuoteRejectsItsRowAlone) {
  EXPECT_EQ(Rows("5\" tape,b\nc,d\n"),
            (Strings{"! row: want a quote only around a cell, or doubled in "
                     "it, got one in cell 1",
                     "c|d"}));
  EXPECT_EQ(Rows("a,\"b\"c\nd,e\n"),
            (Strings{"! row: want a separator behind a closing quote, got "
                     "something else in cell 2",
                     "d|e"}));
}

TEST(CsvSplitterTest, AQuoteThatIsNeverClosedIsSaidToHoldTheRest) {
  const Strings rows = Rows("a,b\nc,\"d\ne,f\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_TRUE(absl::StrContains(rows[1], "got the end of the file")) << rows[1];
}

TEST(CsvSplitterTest, ARowTooLongIsPassedOverToItsEnd) {
  const std::string line(1000, 'x');
  EXPECT_EQ(Rows(absl::StrCat(line, "\na,b\n")),
            (Strings{"! row: want at most 64 bytes, got more", "a|b"}));
  // Larger than any buffer, with line ends and quotes inside its quotes.
  std::string quoted = "\"";
  for (int i = 0; i < 100000; ++i) absl::StrAppend(&quoted, "xyz\n\"\"");
  EXPECT_EQ(Rows(absl::StrCat(quoted, "\"\na,b\n")),
            (Strings{"! row: want at most 64 bytes, got more", "a|b"}));
  const Strings open = Rows(absl::StrCat(quoted, "\na,b\n"));
  ASSERT_EQ(open.size(), 1u);
  EXPECT_TRUE(absl::StrContains(open[0], "does not close")) << open[0];
}

TEST(CsvSplitterTest, ARowOfExactlyTheLimitIsTaken) {
  const std::string line(64, 'x');
  EXPECT_EQ(Rows(absl::StrCat(line, "\r\n")), (Strings{line}));
  EXPECT_EQ(Rows(absl::StrCat(line, "x\n")),
            (Strings{"! row: want at most 64 bytes, got more"}));
}

TEST(CsvSplitterTest, WhatIsNoTextIsRejectedWithItsPlace) {
  EXPECT_EQ(Rows(absl::string_view("a,\0b\nc\n", 7)),
            (Strings{"! row: want text, got a NUL byte", "c"}));
  EXPECT_EQ(Rows("a,\xFF,b\nc\n"),
            (Strings{"! row: want UTF-8, got other bytes in cell 2", "c"}));
  EXPECT_EQ(Rows("a,b\rc,d\ne\n"),
            (Strings{"! row: want rows that end with CRLF or LF, got a CR "
                     "alone in cell 2",
                     "e"}));
}

TEST(CsvSplitterTest, ARowOfTooManyCellsIsRejected) {
  EXPECT_EQ(Rows(std::string(1024, ',') + "\n", 4096),
            (Strings{"! row: want at most 1024 cells, got more"}));
  EXPECT_EQ(Rows(std::string(1023, ',') + "\n", 4096).front(),
            std::string(1023, '|'));
}

// A row over the buffer's end is the row that it would be in one piece.
TEST(CsvSplitterTest, WhereTheBufferEndsDoesNotMatter) {
  std::string text;
  Strings want;
  for (int i = 0; i < 40000; ++i) {
    absl::StrAppend(&text, i, ",\"q\"\"", i, "\n\",\r\n");
    want.push_back(absl::StrCat(i, "|q\"", i, "\n|"));
  }
  EXPECT_EQ(Rows(text), want);
}

}  // namespace
}  // namespace subrosa
