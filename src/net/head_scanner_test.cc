#include "src/net/head_scanner.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

// How many bytes of `head` are accepted.
size_t Accepted(absl::string_view head, size_t max_bytes = 1000) {
  HeadScanner scanner(max_bytes);
  for (size_t i = 0; i < head.size(); ++i) {
    if (scanner.done() || !scanner.Accept(head[i])) return i;
  }
  return head.size();
}

bool IsWhole(absl::string_view head, size_t max_bytes = 1000) {
  HeadScanner scanner(max_bytes);
  for (const char byte : head) {
    if (!scanner.Accept(byte)) return false;
  }
  return scanner.done();
}

TEST(HeadScannerTest, AHeadEndsAtItsEmptyLine) {
  const std::string head =
      "POST /add-checkpoint?a=b HTTP/1.1\r\nHost: h:80\r\nEmpty:\r\n"
      "X-Y_z: a\tb \xc3\xa9: c\r\n\r\n";

  EXPECT_TRUE(IsWhole(head));
  EXPECT_EQ(Accepted(absl::StrCat(head, "body")), head.size());
  EXPECT_FALSE(IsWhole(head.substr(0, head.size() - 1)));
}

TEST(HeadScannerTest, ALineThatReadersWouldReadInTwoWaysIsRefused) {
  const struct {
    absl::string_view lines;
    size_t accepted;
  } kCases[] = {
      {"A: b\n\r\n", 4},
      {"A: b\rC: d\r\n\r\n", 5},
      {"A: b\r\r\n\r\n", 5},
      {" A: b\r\n\r\n", 0},
      {"\tA: b\r\n\r\n", 0},
      {"A : b\r\n\r\n", 1},
      {"A\r\n\r\n", 1},
      {": b\r\n\r\n", 0},
      {"A(b): c\r\n\r\n", 1},
      {absl::string_view("A: b\0c\r\n\r\n", 10), 4},
      {absl::string_view("A\0: b\r\n\r\n", 9), 1},
      {"A: b\x7f\r\n\r\n", 4},
      {"A: b\x1b[m\r\n\r\n", 4},
      {"A: b\r\n continued\r\n\r\n", 6},
      {"A: b\r\n\rC: d\r\n\r\n", 7},
      {"\xc3\xa9: b\r\n\r\n", 0},
  };
  const std::string request_line = "GET / HTTP/1.1\r\n";
  for (const auto& c : kCases) {
    EXPECT_EQ(Accepted(absl::StrCat(request_line, c.lines)),
              request_line.size() + c.accepted)
        << c.lines;
  }
}

TEST(HeadScannerTest, ARequestLineIsOfPrintableCharacters) {
  EXPECT_TRUE(IsWhole("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(Accepted("GET /\t HTTP/1.1\r\n\r\n"), 5u);
  EXPECT_EQ(Accepted("GET  / HTTP/1.1\r\n\r\n"), 4u);
  EXPECT_EQ(Accepted(" GET / HTTP/1.1\r\n\r\n"), 0u);
  EXPECT_EQ(Accepted("GET / \r\n\r\n"), 6u);
  EXPECT_EQ(Accepted("\r\n"), 0u);
  EXPECT_EQ(Accepted("GET /#a HTTP/1.1\r\n\r\n"), 5u);
  EXPECT_EQ(Accepted("GET /\xc3\xa9 HTTP/1.1\r\n\r\n"), 5u);
  EXPECT_EQ(Accepted("GET / HTTP/1.1\n\r\n"), 14u);
  EXPECT_EQ(Accepted(absl::string_view("GET /\0 HTTP/1.1\r\n\r\n", 19)), 5u);
}

TEST(HeadScannerTest, AHeadIsNoLongerThanAllowed) {
  const std::string head = "GET / HTTP/1.1\r\nA: b\r\n\r\n";

  EXPECT_TRUE(IsWhole(head, head.size()));
  EXPECT_FALSE(IsWhole(head, head.size() - 1));
  EXPECT_EQ(Accepted(std::string(100, 'a'), 10), 10u);
}

}  // namespace
}  // namespace subrosa
