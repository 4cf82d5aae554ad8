#include "src/net/request_socket.h"

#include <sys/socket.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/file.h"

namespace subrosa {
namespace {

constexpr absl::Duration kLong = absl::Minutes(5);
constexpr absl::Duration kNothing = absl::Nanoseconds(1);

// A peer, and the socket that reads what it sends.
struct Connection {
  Connection() {
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) std::abort();
    peer = UniqueFd(fds[0]);
    end = UniqueFd(fds[1]);
  }

  void Send(absl::string_view bytes) const {
    EXPECT_TRUE(WriteAll(peer.get(), bytes).ok());
  }

  UniqueFd peer;
  UniqueFd end;
};

std::string HeadOf(RequestSocket& socket) {
  std::string head;
  char bytes[7];
  for (;;) {
    const int got = socket.ReadHead(bytes, sizeof(bytes));
    if (got < 0) return "refused";
    if (got == 0) return head;
    head.append(bytes, static_cast<size_t>(got));
  }
}

constexpr char kHead[] = "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n";

TEST(RequestSocketTest, RequestsAreToldApart) {
  Connection connection;
  RequestSocket socket(std::move(connection.end), 100);
  connection.Send(absl::StrCat(kHead, "body", kHead, "more"));

  std::string body;
  ASSERT_TRUE(socket.WaitForRequest(kLong, kLong));
  EXPECT_EQ(HeadOf(socket), kHead);
  EXPECT_TRUE(socket.ReadBody(4, &body));
  EXPECT_EQ(body, "body");
  ASSERT_TRUE(socket.WaitForRequest(kLong, kLong));
  EXPECT_EQ(HeadOf(socket), kHead);
  EXPECT_TRUE(socket.ReadBody(4, &body));
  EXPECT_EQ(body, "more");
}

TEST(RequestSocketTest, NoMoreIsReadThanTheHeadUnlessTheBodyIsAskedFor) {
  Connection connection;
  RequestSocket socket(std::move(connection.end), 100);
  connection.Send(absl::StrCat(kHead, "body"));

  ASSERT_TRUE(socket.WaitForRequest(kLong, kLong));
  EXPECT_EQ(HeadOf(socket), kHead);
  char byte;
  EXPECT_EQ(socket.ReadHead(&byte, 1), 0);
}

TEST(RequestSocketTest, ALongOrMalformedHeadIsCutOff) {
  for (const std::string& head : {absl::StrCat("GET /", std::string(100, 'a')),
                                  std::string("GET / HTTP/1.1\n\n"),
                                  std::string("GET / HTTP/1.1\r\nA")}) {
    Connection connection;
    RequestSocket socket(std::move(connection.end), 100);
    connection.Send(head);
    connection.peer.Close();

    ASSERT_TRUE(socket.WaitForRequest(kLong, kLong));
    EXPECT_EQ(HeadOf(socket), "refused") << head;
  }
}

TEST(RequestSocketTest, AHeadMayBeAsLongAsAllowedEachTime) {
  Connection connection;
  RequestSocket socket(std::move(connection.end), sizeof(kHead) - 1);
  connection.Send(absl::StrCat(kHead, kHead));

  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(socket.WaitForRequest(kLong, kLong));
    EXPECT_EQ(HeadOf(socket), kHead);
  }
}

TEST(RequestSocketTest, WhoSaysNothingInTimeIsNotServed) {
  Connection connection;
  RequestSocket socket(std::move(connection.end), 100);

  EXPECT_FALSE(socket.WaitForRequest(kNothing, kLong));
}

TEST(RequestSocketTest, WhoClosesIsNotServed) {
  Connection connection;
  RequestSocket socket(std::move(connection.end), 100);
  connection.peer.Close();

  EXPECT_FALSE(socket.WaitForRequest(kLong, kLong));
}

TEST(RequestSocketTest, ARequestThatDoesNotComeInTimeIsCutOff) {
  Connection connection;
  RequestSocket socket(std::move(connection.end), 100);
  connection.Send("POST / HTTP/1.1\r\n");
  ASSERT_TRUE(socket.WaitForRequest(kLong, kNothing));
  EXPECT_EQ(HeadOf(socket), "refused");

  Connection slow;
  RequestSocket slow_socket(std::move(slow.end), 100);
  slow.Send(absl::StrCat(kHead, "bo"));
  std::string body;
  ASSERT_TRUE(slow_socket.WaitForRequest(kLong, kNothing));
  EXPECT_EQ(HeadOf(slow_socket), kHead);
  EXPECT_FALSE(slow_socket.ReadBody(4, &body));
}

TEST(RequestSocketTest, ABodyThatEndsTooEarlyIsNotRead) {
  Connection connection;
  RequestSocket socket(std::move(connection.end), 100);
  connection.Send(absl::StrCat(kHead, "bod"));
  connection.peer.Close();

  std::string body;
  ASSERT_TRUE(socket.WaitForRequest(kLong, kLong));
  EXPECT_EQ(HeadOf(socket), kHead);
  EXPECT_FALSE(socket.ReadBody(4, &body));
}

TEST(RequestSocketTest, WhoDoesNotReadTheResponseInTimeDoesNotGetIt) {
  Connection connection;
  RequestSocket socket(std::move(connection.end), 100);

  socket.BeginResponse(absl::Milliseconds(20));

  EXPECT_FALSE(socket.Write(std::string(size_t{64} << 20, 'r')));
}

TEST(RequestSocketTest, WhoIsStillSendingGetsToReadTheResponse) {
  Connection connection;
  RequestSocket socket(std::move(connection.end), 100);
  connection.Send(std::string(1000, 's'));
  socket.BeginResponse(kLong);

  EXPECT_TRUE(socket.Write("refused"));
  connection.Send("still sending");
  shutdown(connection.peer.get(), SHUT_WR);
  socket.Finish();

  char bytes[100];
  EXPECT_EQ(recv(connection.peer.get(), bytes, sizeof(bytes), 0), 7);
  EXPECT_EQ(recv(connection.peer.get(), bytes, sizeof(bytes), 0), 0);
}

}  // namespace
}  // namespace subrosa
