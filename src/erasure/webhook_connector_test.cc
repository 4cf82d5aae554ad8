#include "src/erasure/webhook_connector.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/crypto/base64.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/secret_hmac.h"
#include "src/net/http_message.h"
#include "src/net/http_server.h"
#include "src/net/loopback.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;

const EraseMessage kCoachs = {
    "rosewater", "00112233445566778899aabbccddeeff", "", {"p-1"}};

class WebhookCallerTest : public testing::Test {
 protected:
  WebhookCallerTest() : clock_(absl::FromUnixSeconds(1'795'000'000)) {
    options_.allow_private_addresses = true;
    options_.timeout = absl::Seconds(20);
  }

  SecretBuffer Secret() {
    const std::string path = testing::TempDir() + "/webhook.secret";
    EXPECT_TRUE(ReplaceFile(path, "a secret of two", 0600).ok());
    return ReadSecretFile(path).value();
  }

  PartyReply Tell(uint16_t port) {
    WebhookCaller caller(absl::StrCat("http://127.0.0.1:", port, "/erase"),
                         Secret(), options_, clock_);
    return caller.Tell(kCoachs);
  }

  // What a server comes to that answers these bytes.
  PartyReply TellOneThatSays(const std::string& bytes) {
    CannedServer server(bytes);
    return Tell(server.port());
  }

  FixedClock clock_;
  HttpClientOptions options_;
};

TEST_F(WebhookCallerTest, TheRequestIsSignedAndHasTheSameNameEachTime) {
  std::vector<HttpRequest> requests;
  const std::unique_ptr<HttpServer> server =
      *HttpServer::Start("127.0.0.1:0", [&](const HttpRequest& request) {
        requests.push_back(request);
        return PlainTextResponse(200, "erased");
      });

  EXPECT_EQ(Tell(server->port()).answer, PartyAnswer::kDone);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Tell(server->port()).answer, PartyAnswer::kDone);

  ASSERT_EQ(requests.size(), 2);
  EXPECT_EQ(requests[0].body, EraseMessageJson(kCoachs));
  EXPECT_EQ(FindHeader(requests[0].headers, "webhook-id"), kCoachs.erasure);
  EXPECT_EQ(FindHeader(requests[1].headers, "webhook-id"), kCoachs.erasure);
  EXPECT_EQ(FindHeader(requests[0].headers, "webhook-timestamp"), "1795000000");
  EXPECT_EQ(FindHeader(requests[0].headers, "content-type"),
            "application/json");
  EXPECT_EQ(FindHeader(requests[0].headers, "webhook-signature"),
            "v1," + EncodeBase64(SecretHmacSha256(
                                     Secret(), absl::StrCat(kCoachs.erasure,
                                                            ".1795000000.",
                                                            requests[0].body)),
                                 Base64Padding::kEquals));
}

TEST_F(WebhookCallerTest, AStatusAnswers) {
  const std::pair<int, PartyAnswer> cases[] = {
      {200, PartyAnswer::kDone},     {204, PartyAnswer::kDone},
      {202, PartyAnswer::kAccepted}, {409, PartyAnswer::kRefused},
      {422, PartyAnswer::kRefused},  {451, PartyAnswer::kRefused},
      {201, PartyAnswer::kSilent},   {400, PartyAnswer::kSilent},
      {401, PartyAnswer::kSilent},   {404, PartyAnswer::kSilent},
      {429, PartyAnswer::kSilent},   {500, PartyAnswer::kSilent},
      {503, PartyAnswer::kSilent}};
  for (const auto& [status, answer] : cases) {
    const PartyReply reply = TellOneThatSays(
        absl::StrCat("HTTP/1.1 ", status, " X\r\nContent-Length: 0\r\n\r\n"));

    EXPECT_EQ(reply.answer, answer) << status;
    EXPECT_EQ(reply.why.ok(), answer != PartyAnswer::kSilent);
    EXPECT_THAT(std::string(reply.why.message()), Not(HasSubstr("p-1")));
  }
}

TEST_F(WebhookCallerTest, ARedirectIsNotFollowed) {
  CannedServer target("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

  const PartyReply reply = TellOneThatSays(absl::StrCat(
      "HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:", target.port(),
      "/\r\nContent-Length: 0\r\n\r\n"));

  EXPECT_EQ(reply.answer, PartyAnswer::kSilent);
}

TEST_F(WebhookCallerTest, OneThatHangsIsSilentAfterTheTime) {
  options_.timeout = absl::Milliseconds(200);

  EXPECT_EQ(TellOneThatSays("").answer, PartyAnswer::kSilent);
}

TEST_F(WebhookCallerTest, OneThatLiesAboutTheLengthIsSilent) {
  EXPECT_EQ(
      TellOneThatSays("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort")
          .answer,
      PartyAnswer::kSilent);
  EXPECT_EQ(TellOneThatSays("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n"
                            "\r\n")
                .answer,
            PartyAnswer::kSilent);
  EXPECT_EQ(TellOneThatSays(absl::StrCat("HTTP/1.1 200 OK\r\n\r\n",
                                         std::string(70'000, 'x')))
                .answer,
            PartyAnswer::kSilent);
}

TEST_F(WebhookCallerTest, OneThatSpeaksNoHttpIsSilent) {
  EXPECT_EQ(TellOneThatSays("done\r\n\r\n").answer, PartyAnswer::kSilent);
}

TEST_F(WebhookCallerTest, OneThatAnswersTwiceCountsOnce) {
  EXPECT_EQ(TellOneThatSays("HTTP/1.1 202 X\r\nContent-Length: 0\r\n\r\n"
                            "HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n")
                .answer,
            PartyAnswer::kAccepted);
}

TEST_F(WebhookCallerTest, AddressesOfOurOwnNetworkAreRefusedUnlessAllowed) {
  CannedServer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  options_.allow_private_addresses = false;

  const PartyReply reply = Tell(server.port());

  EXPECT_EQ(reply.answer, PartyAnswer::kSilent);
  EXPECT_TRUE(absl::IsPermissionDenied(reply.why));
}

}  // namespace
}  // namespace subrosa
