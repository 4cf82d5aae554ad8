#include "src/classify/byte_ranges.h"

#include <iterator>
#include <random>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(ByteRangesTest, EveryProcessorSeesTheSameClasses) {
  constexpr ByteRange kRanges[] = {
      {'a', 'z'}, {'\0', '\0'}, {'\x80', '\xff'}, {'\0', '\xff'}, {' ', ' '}};
  constexpr size_t kCount = std::size(kRanges);
  constexpr size_t kMostWords = 9;
  std::mt19937 random(3);
  for (int round = 0; round < 100; ++round) {
    char bytes[kMostWords * 64];
    for (char& byte : bytes) byte = static_cast<char>(random());
    const ByteWords words = {bytes, 1 + random() % kMostWords,
                             1 + random() % 64};
    for (const RangeMasksFunction masks_of : RangeMasksFunctions()) {
      uint64_t masks[kCount * kMostWords];
      masks_of(words, kRanges, kCount, masks);

      for (size_t i = 0; i < kCount * words.count; ++i) {
        const ByteRange range = kRanges[i / words.count];
        const char* word = bytes + i % words.count * words.stride;
        uint64_t want = 0;
        for (size_t bit = 0; bit < 64; ++bit) {
          const auto byte = static_cast<unsigned char>(word[bit]);
          const bool inside = byte >= static_cast<unsigned char>(range.first) &&
                              byte <= static_cast<unsigned char>(range.last);
          want |= uint64_t{inside} << bit;
        }
        EXPECT_EQ(masks[i], want);
      }
    }
  }
}

}  // namespace
}  // namespace subrosa
