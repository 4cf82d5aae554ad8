#include "src/net/request_check.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/net/http_message.h"

namespace subrosa {
namespace {

int Refusal(const std::string& path, const std::vector<HttpHeader>& headers) {
  return RefusalOf({"POST", path, "", headers, ""}, 10);
}

TEST(RequestCheckTest, ABodyUpToTheBoundIsNotRefused) {
  EXPECT_EQ(Refusal("/", {}), 0);
  EXPECT_EQ(Refusal("/a", {{"content-length", "0"}, {"Host", "h"}}), 0);
  EXPECT_EQ(Refusal("/a", {{"Content-Length", "10"}}), 0);
  EXPECT_EQ(Refusal("/a", {{"Content-Length", "11"}}), 413);
  EXPECT_EQ(Refusal("/a", {{"Content-Length", "18446744073709551615"}}), 413);
}

TEST(RequestCheckTest, ABodysLengthIsOneDecimalNumber) {
  for (const char* length : {"", "+4", "-4", "04", " 4", "4 ", "4,4", "0x4",
                             "four", "4.0", "18446744073709551616"}) {
    EXPECT_EQ(Refusal("/", {{"Content-Length", length}}), 400) << length;
  }
  EXPECT_EQ(Refusal("/", {{"Content-Length", "4"}, {"CONTENT-LENGTH", "4"}}),
            400);
}

TEST(RequestCheckTest, ABodyThatIsPackedOrInPiecesIsRefused) {
  EXPECT_EQ(Refusal("/", {{"transfer-encoding", "chunked"}}), 411);
  EXPECT_EQ(Refusal("/", {{"Transfer-Encoding", "identity"}}), 411);
  EXPECT_EQ(
      Refusal("/", {{"Content-Length", "4"}, {"Transfer-Encoding", "chunked"}}),
      411);
  EXPECT_EQ(Refusal("/", {{"CONTENT-ENCODING", "gzip"}}), 415);
}

TEST(RequestCheckTest, APathBeginsWithASlash) {
  for (const char* path : {"", "*", "http://h/", "h:80", "a/"}) {
    EXPECT_EQ(Refusal(path, {}), 400) << path;
  }
}

}  // namespace
}  // namespace subrosa
