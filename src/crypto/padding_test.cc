#include "src/crypto/padding.h"

#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(PaddingTest, ABucketIsItsOwnBucketAndAtMostTwelvePercentMore) {
  for (size_t size = 1; size < 300000; size = size + 1 + size / 97) {
    const size_t bucket = BucketFor(size);

    EXPECT_GE(bucket, size);
    EXPECT_EQ(BucketFor(bucket), bucket) << size;
    if (size > 256) EXPECT_LE(bucket * 100, size * 112) << size;
  }
}

TEST(PaddingTest, AMegabyteOfLengthsFallsIntoFewBuckets) {
  std::set<size_t> buckets;
  for (size_t size = 1; size <= 1 << 20; ++size) {
    buckets.insert(BucketFor(size));
  }

  EXPECT_LT(buckets.size(), 300u);
}

TEST(PaddingTest, WhatIsPaddedIsUnpadded) {
  for (const size_t size : {0, 1, 255, 256, 300, 1000, 70000}) {
    std::vector<uint8_t> padded(BucketFor(size + 1), 0x55);
    Pad(absl::MakeSpan(padded), size);

    size_t unpadded = 0;
    ASSERT_TRUE(Unpad(padded, &unpadded)) << size;
    EXPECT_EQ(unpadded, size);
  }
}

TEST(PaddingTest, WhatNobodyPaddedIsRefused) {
  size_t size = 0;
  std::vector<uint8_t> zeros(256);
  EXPECT_FALSE(Unpad(zeros, &size));
  EXPECT_FALSE(Unpad({}, &size));

  std::vector<uint8_t> other_mark(256);
  other_mark[10] = 0x40;
  EXPECT_FALSE(Unpad(other_mark, &size));

  // A mark so far from the end belongs into a smaller bucket.
  std::vector<uint8_t> too_long(BucketFor(1000));
  too_long[10] = 0x80;
  EXPECT_FALSE(Unpad(too_long, &size));
}

}  // namespace
}  // namespace subrosa
