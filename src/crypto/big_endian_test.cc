#include "src/crypto/big_endian.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(BigEndianTest, TheMostSignificantByteComesFirst) {
  EXPECT_EQ(BigEndianBytes<uint8_t>(0xFE).view(), "\xFE");
  EXPECT_EQ(BigEndianBytes<uint16_t>(0x0102).view(), "\x01\x02");
  EXPECT_EQ(BigEndianBytes<uint32_t>(0x01020304).view(), "\x01\x02\x03\x04");
  EXPECT_EQ(BigEndianBytes<uint64_t>(0x0102030405060708).view(),
            "\x01\x02\x03\x04\x05\x06\x07\x08");
}

TEST(BigEndianTest, WhatIsStoredIsLoaded) {
  uint8_t bytes[8];
  for (int bit = 0; bit < 64; ++bit) {
    const uint64_t value = (uint64_t{1} << bit) | 1;
    StoreBigEndian(value, bytes);
    EXPECT_EQ(LoadBigEndian<uint64_t>(bytes), value);
    StoreBigEndian(static_cast<uint16_t>(value), bytes);
    EXPECT_EQ(LoadBigEndian<uint16_t>(bytes), static_cast<uint16_t>(value));
  }
}

}  // namespace
}  // namespace subrosa
