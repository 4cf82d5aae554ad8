// Where a server listens, as configuration writes it: a numeric address and a
// port. Names are refused: what they lead to may change, and "localhost" may be
// two addresses.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_NET_LISTEN_ADDRESS_H_
#define SUBROSA_SRC_NET_LISTEN_ADDRESS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

struct ListenAddress {
  std::string ip;     // Without brackets.
  uint16_t port = 0;  // 0: the system chooses one.
};

// Takes "127.0.0.1:8080" or "[::1]:8080" apart. INVALID_ARGUMENT
// ("listen_address: …") for anything else.
absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NET_LISTEN_ADDRESS_H_
