#include "src/net/public_address.h"

#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace subrosa {
namespace {

struct Block {
  std::array<uint8_t, 16> start;
  int bits;
};

// IANA IPv4 Special-Purpose Address Registry, what is not globally reachable,
// and multicast.
constexpr Block kReserved4[] = {
    {{0}, 8},              // this network
    {{10}, 8},             // private
    {{100, 64}, 10},       // carriers' NAT
    {{127}, 8},            // loopback
    {{169, 254}, 16},      // link-local; cloud metadata
    {{172, 16}, 12},       // private
    {{192, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2}, 24},     // documentation
    {{192, 88, 99}, 24},   // 6to4 relays, withdrawn
    {{192, 168}, 16},      // private
    {{198, 18}, 15},       // benchmarks
    {{198, 51, 100}, 24},  // documentation
    {{203, 0, 113}, 24},   // documentation
    {{224}, 4},            // multicast
    {{240}, 4},            // reserved, broadcast
};

constexpr Block kGlobal6 = {{0x20}, 3};
// Within it.
constexpr Block kReserved6[] = {
    {{0x20, 0x01}, 23},              // protocol assignments, Teredo
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4: an IPv4 address behind a relay
    {{0x3f, 0xff}, 20},              // documentation
};

// IPv6 addresses whose last 32 bits are the IPv4 address that is meant.
constexpr Block kWrapped4[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96},  // mapped
    {{0, 0x64, 0xff, 0x9b}, 96},                       // NAT64
};

bool Contains(const Block& block, const uint8_t* address) {
  const int bytes = block.bits / 8;
  const int bits = block.bits % 8;
  return std::memcmp(block.start.data(), address, bytes) == 0 &&
         (bits == 0 ||
          ((block.start[bytes] ^ address[bytes]) >> (8 - bits)) == 0);
}

bool IsPublic4(const uint8_t* address) {
  for (const Block& block : kReserved4) {
    if (Contains(block, address)) return false;
  }
  return true;
}

bool IsPublic6(const uint8_t* address) {
  for (const Block& block : kWrapped4) {
    if (Contains(block, address)) return IsPublic4(address + 12);
  }
  if (!Contains(kGlobal6, address)) return false;
  for (const Block& block : kReserved6) {
    if (Contains(block, address)) return false;
  }
  return true;
}

}  // namespace

bool IsPublicAddress(const sockaddr* address, size_t size) {
  if (address->sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in in;
    std::memcpy(&in, address, sizeof(in));
    uint8_t bytes[4];
    std::memcpy(bytes, &in.sin_addr, sizeof(bytes));
    return IsPublic4(bytes);
  }
  if (address->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    sockaddr_in6 in6;
    std::memcpy(&in6, address, sizeof(in6));
    return IsPublic6(in6.sin6_addr.s6_addr);
  }
  return false;
}

}  // namespace subrosa
