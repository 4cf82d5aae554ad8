#include "src/net/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace subrosa {

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  const absl::Status malformed = absl::InvalidArgumentError(
      "listen_address: want a numeric address and a port, such as "
      "127.0.0.1:8080 or [::1]:8080");
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return malformed;
  absl::string_view ip = text.substr(0, colon);
  const absl::string_view port = text.substr(colon + 1);
  const bool is_ipv6 =
      absl::ConsumePrefix(&ip, "[") && absl::ConsumeSuffix(&ip, "]");
  ListenAddress address;
  address.ip = std::string(ip);
  uint32_t number = 0;
  // Written back, since numbers are read with signs and spaces, too.
  if (!absl::SimpleAtoi(port, &number) || number > 65535 ||
      absl::StrCat(number) != port) {
    return malformed;
  }
  address.port = static_cast<uint16_t>(number);
  in6_addr parsed;  // The larger of the two.
  if (inet_pton(is_ipv6 ? AF_INET6 : AF_INET, address.ip.c_str(), &parsed) !=
          1 ||
      address.ip.find('\0') != std::string::npos) {
    return malformed;
  }
  return address;
}

}  // namespace subrosa
