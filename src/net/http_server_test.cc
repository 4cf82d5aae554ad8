#include "src/net/http_server.h"

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/net/http_message.h"
#include "src/net/loopback.h"

namespace subrosa {
namespace {

// Says what it was asked.
HttpResponse Echo(const HttpRequest& request) {
  HttpResponse response;
  response.content_type = "text/x.echo";
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = absl::StrCat(request.method, " ", request.path, " ",
                               request.query, " ", request.body);
  for (const HttpHeader& header : request.headers) {
    absl::StrAppend(&response.body, "\n[", header.name, "=", header.value, "]");
  }
  return response;
}

std::unique_ptr<HttpServer> StartEcho(const HttpServerLimits& limits = {}) {
  return *HttpServer::Start("127.0.0.1:0", Echo, limits);
}

std::string Exchange(const HttpServer& server, absl::string_view bytes) {
  return ExchangeBytes(server.port(), bytes);
}

int StatusOf(const std::string& answer) {
  return absl::StartsWith(answer, "HTTP/1.1 ") ? std::stoi(answer.substr(9))
                                               : 0;
}

TEST(HttpServerTest, TheHandlerAnswersWhatWasAsked) {
  const std::unique_ptr<HttpServer> server = StartEcho();

  const std::string answer =
      Exchange(*server,
               "POST /add?q=1 HTTP/1.1\r\nContent-Length: 4\r\n"
               "Connection: close\r\n\r\nbody");

  EXPECT_EQ(StatusOf(answer), 200);
  EXPECT_TRUE(absl::StrContains(answer, "\r\n\r\nPOST /add q=1 body\n"));
  EXPECT_TRUE(absl::StrContains(answer, "Content-Type: text/x.echo\r\n"));
  EXPECT_TRUE(absl::StrContains(answer, "Cache-Control: no-store\r\n"));
}

TEST(HttpServerTest, PathAndHeadersComeAsTheyWereSent) {
  const std::unique_ptr<HttpServer> server = StartEcho();

  const std::string answer =
      Exchange(*server,
               "GET /a%2f..%00/%zz?b=%20+ HTTP/1.1\r\nX: %41%0d%zz\r\n"
               "Referer: /%2e\r\n%41: v\r\nREMOTE_ADDR: 192.0.2.1\r\n"
               "Connection: close\r\n\r\n");

  EXPECT_TRUE(absl::StrContains(answer, "GET /a%2f..%00/%zz b=%20+ \n"));
  EXPECT_TRUE(absl::StrContains(answer, "[X=%41%0d%zz]"));
  EXPECT_TRUE(absl::StrContains(answer, "[Referer=/%2e]"));
  EXPECT_TRUE(absl::StrContains(answer, "[%41=v]"));
  EXPECT_FALSE(absl::StrContains(answer, "REMOTE_ADDR"));
}

TEST(HttpServerTest, OneConnectionCarriesSeveralRequests) {
  HttpServerLimits limits;
  limits.max_requests_per_connection = 2;
  const std::unique_ptr<HttpServer> server = StartEcho(limits);

  const std::string answers = Exchange(*server,
                                       "GET /1 HTTP/1.1\r\n\r\n"
                                       "GET /2 HTTP/1.1\r\n\r\n"
                                       "GET /3 HTTP/1.1\r\n\r\n");

  EXPECT_TRUE(absl::StrContains(answers, "GET /1"));
  EXPECT_TRUE(absl::StrContains(answers, "GET /2"));
  EXPECT_FALSE(absl::StrContains(answers, "GET /3"));
}

TEST(HttpServerTest, HeadIsAnsweredWithoutTheBody) {
  const std::unique_ptr<HttpServer> server = StartEcho();

  const std::string answer =
      Exchange(*server, "HEAD /abc HTTP/1.1\r\nConnection: close\r\n\r\n");

  EXPECT_EQ(StatusOf(answer), 200);
  EXPECT_TRUE(absl::StrContains(answer, "Content-Length: "));
  EXPECT_TRUE(absl::EndsWith(answer, "\r\n\r\n"));
}

TEST(HttpServerTest, WhoAsksMayISendIsToldToGoOn) {
  const std::unique_ptr<HttpServer> server = StartEcho();

  const std::string answer = Exchange(
      *server,
      "POST / HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n"
      "Connection: close\r\n\r\nbody");

  EXPECT_TRUE(absl::StartsWith(
      answer, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
}

TEST(HttpServerTest, AnswersAreNeitherCutNorCompressed) {
  const std::unique_ptr<HttpServer> server = StartEcho();

  const std::string answer = Exchange(
      *server,
      "GET /whole HTTP/1.1\r\nRange: bytes=0-1\r\nAccept-Encoding: gzip\r\n"
      "Connection: close\r\n\r\n");

  EXPECT_EQ(StatusOf(answer), 200);
  EXPECT_TRUE(absl::StrContains(answer, "\r\n\r\nGET /whole"));
}

TEST(HttpServerTest, ARequestThatCouldBeReadInTwoWaysIsRefused) {
  const std::unique_ptr<HttpServer> server = StartEcho();
  const struct {
    const char* head;
    int status;
  } kCases[] = {
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", 411},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n",
       411},
      {"POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 4\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: +4\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: 04\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: %34\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: 4, 4\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: -1\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length : 4\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n",
       415},
      {"POST / HTTP/1.1\r\nA: b\r\n c\r\n", 400},
      {"POST / HTTP/1.1\r\nA: b\n", 400},
      {"POST / HTTP/1.1\n", 400},
      {"POST http://h/ HTTP/1.1\r\n", 400},
      {"POST * HTTP/1.1\r\n", 400},
      {"POST / HTTP/2\r\n", 400},
      {"POST /\r\n", 400},
      {"POST  / HTTP/1.1\r\n", 400},
      {"BREW / HTTP/1.1\r\n", 400},
      {"\r\n", 400},
  };
  for (const auto& c : kCases) {
    const std::string answer = Exchange(
        *server, absl::StrCat(c.head, "\r\nbodyGET / HTTP/1.1\r\n\r\n"));
    EXPECT_EQ(StatusOf(answer), c.status) << c.head;
    // And nothing is answered of what follows.
    EXPECT_FALSE(absl::StrContains(answer.substr(1), "HTTP/1.1 ")) << c.head;
  }
}

TEST(HttpServerTest, WhatIsLongerThanAllowedIsRefused) {
  HttpServerLimits limits;
  limits.max_head_bytes = 200;
  limits.max_body_bytes = 10;
  const std::unique_ptr<HttpServer> server = StartEcho(limits);
  const std::string post = "POST / HTTP/1.1\r\nConnection: close\r\n";

  EXPECT_EQ(StatusOf(Exchange(*server, absl::StrCat(post,
                                                    "Content-Length: 10\r\n\r\n"
                                                    "0123456789"))),
            200);
  EXPECT_EQ(StatusOf(Exchange(*server, absl::StrCat(post,
                                                    "Content-Length: 11\r\n\r\n"
                                                    "0123456789a"))),
            413);
  EXPECT_EQ(StatusOf(Exchange(
                *server,
                absl::StrCat(post, "A: ", std::string(200, 'a'), "\r\n\r\n"))),
            400);
  EXPECT_EQ(
      StatusOf(Exchange(*server, absl::StrCat("GET /", std::string(200, 'a'),
                                              " HTTP/1.1\r\n\r\n"))),
      400);
}

TEST(HttpServerTest, WhoSaysNothingIsCutOff) {
  HttpServerLimits limits;
  limits.idle_timeout = absl::Milliseconds(20);
  const std::unique_ptr<HttpServer> server = StartEcho(limits);

  EXPECT_EQ(Exchange(*server, ""), "");
}

TEST(HttpServerTest, WhoIsTooSlowIsCutOff) {
  HttpServerLimits limits;
  limits.request_timeout = absl::Milliseconds(20);
  std::atomic<int> handled{0};
  const std::unique_ptr<HttpServer> server = *HttpServer::Start(
      "127.0.0.1:0",
      [&](const HttpRequest& request) {
        ++handled;
        return Echo(request);
      },
      limits);

  EXPECT_EQ(StatusOf(Exchange(*server, "GET / HT")), 400);
  EXPECT_EQ(StatusOf(Exchange(
                *server, "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbod")),
            400);
  EXPECT_EQ(handled, 0);
}

TEST(HttpServerTest, LongAndNestedRangesDoNoHarm) {
  const std::unique_ptr<HttpServer> server = StartEcho();
  std::string many = "bytes=0-1";
  while (many.size() < 7900) absl::StrAppend(&many, ", 0-1");
  for (const std::string& range :
       {many, std::string(8000, '1'),
        absl::StrCat("bytes=", std::string(7900, ' ')),
        std::string("bytes=9-1"), std::string("bytes=-99999999999999999999")}) {
    const int status = StatusOf(
        Exchange(*server, absl::StrCat("GET / HTTP/1.1\r\nRange: ", range,
                                       "\r\nConnection: close\r\n\r\n")));
    EXPECT_TRUE(status == 200 || status == 416) << status;
  }
}

TEST(HttpServerTest, RequestsAreAnsweredSideBySide) {
  std::promise<void> both;
  std::shared_future<void> both_here = both.get_future().share();
  std::atomic<int> here{0};
  const std::unique_ptr<HttpServer> server =
      *HttpServer::Start("127.0.0.1:0", [&](const HttpRequest& request) {
        if (++here == 2) both.set_value();
        both_here.wait();
        return Echo(request);
      });

  std::string other;
  std::thread thread([&] {
    other = Exchange(*server, "GET /1 HTTP/1.1\r\nConnection: close\r\n\r\n");
  });
  const std::string one =
      Exchange(*server, "GET /2 HTTP/1.1\r\nConnection: close\r\n\r\n");
  thread.join();

  EXPECT_EQ(StatusOf(one), 200);
  EXPECT_EQ(StatusOf(other), 200);
}

TEST(HttpServerTest, MoreConnectionsThanThreadsAreServedInTurn) {
  HttpServerLimits limits;
  limits.threads = 1;
  const std::unique_ptr<HttpServer> server = StartEcho(limits);
  std::atomic<int> answered{0};

  std::vector<std::thread> clients;
  clients.reserve(8);
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      answered +=
          StatusOf(Exchange(
              *server, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n")) == 200;
    });
  }
  for (std::thread& client : clients) client.join();

  EXPECT_EQ(answered, 8);
}

TEST(HttpServerTest, StoppingEndsIdleConnectionsAndFinishesAnswers) {
  std::promise<void> asked;
  std::promise<void> go;
  HttpServerLimits limits;
  limits.idle_timeout = absl::Hours(1);
  const std::unique_ptr<HttpServer> server = *HttpServer::Start(
      "127.0.0.1:0",
      [&](const HttpRequest& request) {
        asked.set_value();
        go.get_future().wait();
        return Echo(request);
      },
      limits);
  const UniqueFd idle = ConnectToLoopback(server->port());
  std::string answer;
  std::thread client(
      [&] { answer = Exchange(*server, "GET /last HTTP/1.1\r\n\r\n"); });
  asked.get_future().wait();

  std::thread stop([&] { server->Stop(); });
  go.set_value();
  stop.join();
  client.join();
  server->Stop();

  EXPECT_TRUE(absl::StrContains(answer, "GET /last"));
  EXPECT_EQ(ReadToEnd(idle.get()), "");
}

TEST(HttpServerTest, APortThatIsTakenIsNotShared) {
  const std::unique_ptr<HttpServer> server = StartEcho();

  const absl::Status status =
      HttpServer::Start(absl::StrCat("127.0.0.1:", server->port()), Echo)
          .status();

  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

TEST(HttpServerTest, APortIsFreeOnceTheServerHasStopped) {
  uint16_t port = 0;
  {
    const std::unique_ptr<HttpServer> server = StartEcho();
    port = server->port();
    Exchange(*server, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  }

  EXPECT_TRUE(HttpServer::Start(absl::StrCat("127.0.0.1:", port), Echo).ok());
}

TEST(HttpServerTest, AnAddressThatCannotBeListenedOnIsAnError) {
  EXPECT_TRUE(
      absl::IsInvalidArgument(HttpServer::Start("localhost:0", Echo).status()));
  EXPECT_TRUE(
      absl::IsUnavailable(HttpServer::Start("192.0.2.1:0", Echo).status()));
  HttpServerLimits limits;
  limits.threads = 0;
  EXPECT_TRUE(absl::IsInvalidArgument(
      HttpServer::Start("127.0.0.1:0", Echo, limits).status()));
}

}  // namespace
}  // namespace subrosa
