#include "src/net/http_client.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/net/http_message.h"
#include "src/net/http_server.h"
#include "src/net/loopback.h"

namespace subrosa {
namespace {

HttpClientOptions OwnNetwork() {
  HttpClientOptions options;
  options.allow_private_addresses = true;
  return options;
}

std::string Url(uint16_t port, absl::string_view rest = "/") {
  return absl::StrCat("http://127.0.0.1:", port, rest);
}

TEST(HttpClientTest, AResponseComesWithItsStatusTypeHeadersAndBody) {
  CannedServer server(
      "HTTP/1.1 409 Conflict\r\nContent-Type: text/x.tlog.size\r\n"
      "Retry-After:  7 \r\nContent-Length: 3\r\n\r\n42\n");
  HttpClient client(OwnNetwork());

  const absl::StatusOr<HttpResponse> response =
      client.Get(Url(server.port(), "/a/../b%2f?c"));

  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 409);
  EXPECT_EQ(response->content_type, "text/x.tlog.size");
  EXPECT_EQ(FindHeader(response->headers, "retry-after"), "7");
  EXPECT_EQ(response->body, "42\n");
  EXPECT_TRUE(
      absl::StartsWith(server.Request(), "GET /a/../b%2f?c HTTP/1.1\r\n"));
}

TEST(HttpClientTest, PostSendsTheBodyAsItIs) {
  const std::unique_ptr<HttpServer> server =
      *HttpServer::Start("127.0.0.1:0", [](const HttpRequest& request) {
        HttpResponse response;
        response.content_type = std::string(
            FindHeader(request.headers, "content-type").value_or(""));
        response.body = absl::StrCat(request.method, request.body);
        return response;
      });
  HttpClient client(OwnNetwork());
  const std::string body("b\0d\xff\r\n", 6);

  for (const std::string& sent :
       {body, std::string(), std::string(100000, 'x')}) {
    const absl::StatusOr<HttpResponse> response =
        client.Post(Url(server->port()), sent, "text/x.sent");
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->body, absl::StrCat("POST", sent));
    EXPECT_EQ(response->content_type, "text/x.sent");
  }
}

TEST(HttpClientTest, HeadersThatAreGivenAreSentWithThatRequestAlone) {
  const std::unique_ptr<HttpServer> server =
      *HttpServer::Start("127.0.0.1:0", [](const HttpRequest& request) {
        return PlainTextResponse(
            200, FindHeader(request.headers, "authorization").value_or("none"));
      });
  HttpClient client(OwnNetwork());

  EXPECT_EQ(
      client.Get(Url(server->port()), {{"Authorization", "Bearer t"}})->body,
      "Bearer t\n");
  EXPECT_EQ(client.Get(Url(server->port()))->body, "none\n");
}

TEST(HttpClientTest, ARedirectIsAResponseLikeAnyOther) {
  CannedServer other("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  CannedServer server(
      absl::StrCat("HTTP/1.1 302 Found\r\nLocation: ", Url(other.port()),
                   "\r\nContent-Length: 0\r\n\r\n"));
  HttpClient client(OwnNetwork());

  EXPECT_EQ(client.Get(Url(server.port()))->status, 302);
}

TEST(HttpClientTest, PrivateAddressesAreRefusedUnlessAllowed) {
  const std::unique_ptr<HttpServer> server = *HttpServer::Start(
      "127.0.0.1:0",
      [](const HttpRequest&) { return PlainTextResponse(200, "reached"); });
  const std::string port = absl::StrCat(":", server->port(), "/");
  HttpClient client;

  // A name, and other ways to write the same address, lead to the same place.
  for (const char* host :
       {"127.0.0.1", "127.1", "0x7f.0.0.1", "2130706433", "localhost",
        "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "10.0.0.1", "169.254.169.254",
        "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]"}) {
    const absl::Status status =
        client.Get(absl::StrCat("http://", host, port)).status();
    EXPECT_TRUE(absl::IsPermissionDenied(status)) << host << " " << status;
  }
}

TEST(HttpClientTest, TheEnvironmentsProxyIsNotUsed) {
  CannedServer proxy("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy");
  CannedServer server("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ndirect");
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    ASSERT_EQ(setenv(name, Url(proxy.port()).c_str(), 1), 0);
  }
  HttpClient client(OwnNetwork());

  EXPECT_EQ(client.Get(Url(server.port()))->body, "direct");
}

TEST(HttpClientTest, OnlyPlainHttpAndHttpsUrlsAreAskedFor) {
  HttpClient client(OwnNetwork());
  for (const std::string& url :
       {std::string(), std::string("witness.example"),
        std::string("file:///etc/passwd"), std::string("ftp://127.0.0.1/"),
        std::string("gopher://127.0.0.1/"), std::string("dict://127.0.0.1/"),
        std::string("http://anna:word@127.0.0.1/"),
        std::string("http://anna@127.0.0.1/"), std::string("http://"),
        std::string("http://127.0.0.1:99999/"),
        std::string("http://127.0.0.1/\0", 18),
        std::string("http://127.0.0.1/\r\nA: b")}) {
    const absl::Status status = client.Get(url).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << url << " " << status;
  }
}

TEST(HttpClientTest, AHeaderCannotCarryASecondOne) {
  HttpClient client(OwnNetwork());
  for (const HttpHeader& header :
       {HttpHeader{"A", "b\r\nC: d"}, HttpHeader{"A\nC", "d"},
        HttpHeader{"A", std::string("b\0c", 3)}, HttpHeader{"", "b"},
        HttpHeader{"A", ""}, HttpHeader{"A: b", "c"}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        client.Get("http://127.0.0.1:9/", {header}).status()));
  }
  EXPECT_TRUE(absl::IsInvalidArgument(
      client.Post("http://127.0.0.1:9/", "", "a\r\nb: c").status()));
}

TEST(HttpClientTest, AResponseLongerThanAllowedIsRefused) {
  HttpClientOptions options = OwnNetwork();
  options.max_response_bytes = 10;
  HttpClient client(options);
  const std::string head = "HTTP/1.1 200 OK\r\n";
  CannedServer fits(head + "Content-Length: 10\r\n\r\n0123456789");
  EXPECT_EQ(client.Get(Url(fits.port()))->body, "0123456789");

  for (const std::string& answer :
       {head + "Content-Length: 11\r\n\r\n0123456789a",
        head + "\r\n0123456789a",
        head +
            "Transfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n",
        head + "A: " + std::string(40000, 'a') + "\r\n\r\n"}) {
    CannedServer server(answer);
    const absl::Status status = client.Get(Url(server.port())).status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), "at most 10 bytes"));
  }
}

TEST(HttpClientTest, WhatIsNoResponseIsAnError) {
  HttpClientOptions options = OwnNetwork();
  options.timeout = absl::Milliseconds(200);
  HttpClient client(options);
  for (const std::string& answer :
       {std::string("not http at all\r\n\r\n"), std::string("\0", 1),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour"),
        // Says nothing at all.
        std::string()}) {
    CannedServer server(answer);
    const absl::Status status = client.Get(Url(server.port())).status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  }
}

TEST(HttpClientTest, AnErrorNamesTheHostAndNotThePath) {
  uint16_t port = 0;
  {
    const CannedServer closed("");
    port = closed.port();
  }
  HttpClient client(OwnNetwork());

  const absl::Status status =
      client.Get(Url(port, "/hidden?token=hidden")).status();

  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_TRUE(absl::StartsWith(status.message(),
                               absl::StrCat("http://127.0.0.1:", port, ": ")))
      << status;
  EXPECT_FALSE(absl::StrContains(status.message(), "hidden"));
}

TEST(HttpClientTest, ANameThatDoesNotExistIsUnavailable) {
  HttpClientOptions options;
  options.timeout = absl::Seconds(1);
  HttpClient client(options);

  EXPECT_TRUE(
      absl::IsUnavailable(client.Get("http://nobody.invalid/").status()));
}

}  // namespace
}  // namespace subrosa
