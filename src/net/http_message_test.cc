#include "src/net/http_message.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(HttpMessageTest, AHeaderIsFoundWhateverTheCaseOfItsName) {
  const std::vector<HttpHeader> headers = {{"Host", "h"},
                                           {"AUTHORIZATION", "Bearer b"}};

  EXPECT_EQ(FindHeader(headers, "Authorization"), "Bearer b");
}

TEST(HttpMessageTest, AHeaderThatStandsTwiceIsNotFound) {
  const std::vector<HttpHeader> headers = {{"Authorization", "Bearer a"},
                                           {"authorization", "Bearer b"}};

  EXPECT_FALSE(FindHeader(headers, "Authorization").has_value());
}

TEST(HttpMessageTest, AHeaderThatIsAbsentIsNotFound) {
  EXPECT_FALSE(FindHeader({}, "Host").has_value());
  EXPECT_FALSE(
      FindHeader(std::vector<HttpHeader>{{"Hosts", "h"}}, "Host").has_value());
}

TEST(HttpMessageTest, APlainTextResponseIsNotKeptByCaches) {
  const HttpResponse response = PlainTextResponse(404, "not here");

  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(response.body, "not here\n");
  EXPECT_EQ(FindHeader(response.headers, "cache-control"), "no-store");
}

}  // namespace
}  // namespace subrosa
