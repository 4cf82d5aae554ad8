#include "src/net/listen_address.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(ListenAddressTest, ANumericAddressAndAPortAreTakenApart) {
  const struct {
    const char* text;
    const char* ip;
    int port;
  } kCases[] = {{"127.0.0.1:8080", "127.0.0.1", 8080},
                {"0.0.0.0:0", "0.0.0.0", 0},
                {"[::1]:65535", "::1", 65535},
                {"[::]:80", "::", 80}};
  for (const auto& c : kCases) {
    const absl::StatusOr<ListenAddress> address = ParseListenAddress(c.text);
    ASSERT_TRUE(address.ok()) << c.text;
    EXPECT_EQ(address->ip, c.ip);
    EXPECT_EQ(address->port, c.port);
  }
}

TEST(ListenAddressTest, NamesAndHalfAddressesAreRefused) {
  for (const std::string& text :
       {std::string(), std::string("127.0.0.1"), std::string(":80"),
        std::string("localhost:80"), std::string("example.org:80"),
        std::string("127.0.0.1:"), std::string("127.0.0.1:+80"),
        std::string("127.0.0.1: 80"), std::string("127.0.0.1:080"),
        std::string("127.0.0.1:65536"), std::string("127.0.0.1:-1"),
        std::string("127.0.0.1:80x"), std::string("127.1:80"),
        std::string("::1:80"), std::string("[::1:80"), std::string("::1]:80"),
        std::string("[127.0.0.1]:80"), std::string("[fe80::1%lo]:80"),
        std::string("127.0.0.1\0:80", 13)}) {
    const absl::Status status = ParseListenAddress(text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_TRUE(absl::StartsWith(status.message(), "listen_address: want"));
  }
}

}  // namespace
}  // namespace subrosa
