// Tells addresses of the public internet from those that lead into someone's
// own network, this machine, or nowhere (IANA's special-purpose registries).
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_NET_PUBLIC_ADDRESS_H_
#define SUBROSA_SRC_NET_PUBLIC_ADDRESS_H_

#include <sys/socket.h>

#include <cstddef>

namespace subrosa {

// Whether the `size` bytes at `address` are an IPv4 or IPv6 address that is
// globally reachable. An IPv6 address that stands for an IPv4 address (mapped,
// or translated by NAT64) is judged as that. Other families are not public.
bool IsPublicAddress(const sockaddr* address, size_t size);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NET_PUBLIC_ADDRESS_H_
