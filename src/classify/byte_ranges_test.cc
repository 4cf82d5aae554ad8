#include "src/classify/byte_ranges.h"

#include <random>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(ByteRangesTest, EveryProcessorSeesTheSameClasses) {
  constexpr ByteRange kRanges[] = {
      {'a', 'z'}, {'\0', '\0'}, {'\x80', '\xff'}, {'\0', '\xff'}, {' ', ' '}};
  std::mt19937 random(3);
  for (int round = 0; round < 100; ++round) {
    char bytes[64];
    for (char& byte : bytes) byte = static_cast<char>(random());
    for (const RangeMasksFunction masks_of : RangeMasksFunctions()) {
      uint64_t masks[5];
      masks_of(bytes, kRanges, 5, masks);

      for (int r = 0; r < 5; ++r) {
        for (int i = 0; i < 64; ++i) {
          const auto byte = static_cast<unsigned char>(bytes[i]);
          EXPECT_EQ((masks[r] >> i & 1) != 0,
                    byte >= static_cast<unsigned char>(kRanges[r].first) &&
                        byte <= static_cast<unsigned char>(kRanges[r].last));
        }
      }
    }
  }
}

}  // namespace
}  // namespace subrosa
