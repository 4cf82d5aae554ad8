#include "src/net/public_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <string>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

bool IsPublic(const std::string& ip) {
  if (ip.find(':') != std::string::npos) {
    sockaddr_in6 address = {};
    address.sin6_family = AF_INET6;
    if (inet_pton(AF_INET6, ip.c_str(), &address.sin6_addr) != 1) {
      ADD_FAILURE() << ip;
    }
    return IsPublicAddress(reinterpret_cast<const sockaddr*>(&address),
                           sizeof(address));
  }
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  if (inet_pton(AF_INET, ip.c_str(), &address.sin_addr) != 1) {
    ADD_FAILURE() << ip;
  }
  return IsPublicAddress(reinterpret_cast<const sockaddr*>(&address),
                         sizeof(address));
}

TEST(PublicAddressTest, AddressesOfTheInternetArePublic) {
  for (const char* ip :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "169.253.255.255", "172.15.255.255",
        "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111",
        "2a00:1450:4001::1", "2001:4860:4860::8888"}) {
    EXPECT_TRUE(IsPublic(ip)) << ip;
  }
}

TEST(PublicAddressTest, AddressesOfThisMachineAndNetworkAreNotPublic) {
  for (const char* ip : {"0.0.0.0",
                         "0.1.2.3",
                         "10.0.0.1",
                         "10.255.255.255",
                         "100.64.0.1",
                         "100.127.255.255",
                         "127.0.0.1",
                         "127.255.255.255",
                         "169.254.169.254",
                         "172.16.0.1",
                         "172.31.255.255",
                         "192.168.0.1",
                         "192.168.255.255",
                         "::",
                         "::1",
                         "fc00::1",
                         "fd12:3456::1",
                         "fe80::1",
                         "febf::1",
                         "fec0::1"}) {
    EXPECT_FALSE(IsPublic(ip)) << ip;
  }
}

TEST(PublicAddressTest, AddressesThatLeadNowhereAreNotPublic) {
  for (const char* ip :
       {"192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255", "100::1", "2001::1", "2001:db8::1",
        "3fff::1", "4000::1", "ff02::1", "64:ff9b:1::1"}) {
    EXPECT_FALSE(IsPublic(ip)) << ip;
  }
}

TEST(PublicAddressTest, AnIPv4AddressInsideAnIPv6AddressIsJudgedAsThat) {
  EXPECT_TRUE(IsPublic("::ffff:1.1.1.1"));
  EXPECT_TRUE(IsPublic("64:ff9b::1.1.1.1"));
  for (const char* ip :
       {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::127.0.0.1", "64:ff9b::192.168.1.1", "::127.0.0.1",
        "::ffff:0:127.0.0.1", "2002:7f00:1::1", "2002:101:101::1"}) {
    EXPECT_FALSE(IsPublic(ip)) << ip;
  }
}

TEST(PublicAddressTest, WhatIsNoInternetAddressIsNotPublic) {
  sockaddr_un local = {};
  local.sun_family = AF_UNIX;
  EXPECT_FALSE(IsPublicAddress(reinterpret_cast<const sockaddr*>(&local),
                               sizeof(local)));

  sockaddr_in cut_off = {};
  cut_off.sin_family = AF_INET;
  cut_off.sin_addr.s_addr = htonl(0x01010101);
  EXPECT_FALSE(IsPublicAddress(reinterpret_cast<const sockaddr*>(&cut_off),
                               sizeof(cut_off) - 1));
}

}  // namespace
}  // namespace subrosa
