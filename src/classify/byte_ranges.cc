#include "src/classify/byte_ranges.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace subrosa {
namespace {

#ifdef __x86_64__

// A byte lies in a range if it is no further from the first than the last is,
// counted as unsigned numbers. `min` is the only such comparison there is.
uint32_t Inside(const char* bytes, __m128i first, __m128i width) {
  const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  const __m128i offset = _mm_sub_epi8(part, first);
  return static_cast<uint32_t>(
      _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(offset, width), offset)));
}

void Sse2RangeMasks(ByteWords words, const ByteRange* ranges, size_t count,
                    uint64_t* masks) {
  for (size_t r = 0; r < count; ++r) {
    const __m128i first = _mm_set1_epi8(ranges[r].first);
    const __m128i width =
        _mm_set1_epi8(static_cast<char>(ranges[r].last - ranges[r].first));
    for (size_t w = 0; w < words.count; ++w) {
      const char* bytes = words.first + w * words.stride;
      const uint32_t low =
          Inside(bytes, first, width) | Inside(bytes + 16, first, width) << 16;
      const uint32_t high = Inside(bytes + 32, first, width) |
                            Inside(bytes + 48, first, width) << 16;
      *masks++ = low | uint64_t{high} << 32;
    }
  }
}

__attribute__((target("avx2"))) void Avx2RangeMasks(ByteWords words,
                                                    const ByteRange* ranges,
                                                    size_t count,
                                                    uint64_t* masks) {
  for (size_t r = 0; r < count; ++r) {
    const __m256i first = _mm256_set1_epi8(ranges[r].first);
    const __m256i width =
        _mm256_set1_epi8(static_cast<char>(ranges[r].last - ranges[r].first));
    for (size_t w = 0; w < words.count; ++w) {
      const auto* parts =
          reinterpret_cast<const __m256i*>(words.first + w * words.stride);
      const __m256i low = _mm256_sub_epi8(_mm256_loadu_si256(parts), first);
      const __m256i high =
          _mm256_sub_epi8(_mm256_loadu_si256(parts + 1), first);
      const auto low_mask = static_cast<uint32_t>(_mm256_movemask_epi8(
          _mm256_cmpeq_epi8(_mm256_min_epu8(low, width), low)));
      const auto high_mask = static_cast<uint32_t>(_mm256_movemask_epi8(
          _mm256_cmpeq_epi8(_mm256_min_epu8(high, width), high)));
      *masks++ = low_mask | uint64_t{high_mask} << 32;
    }
  }
}

// Eight words, held in registers.
__attribute__((target("avx512bw"))) void Avx512EightWords(
    ByteWords words, const ByteRange* ranges, size_t count, uint64_t* masks) {
  __m512i all[8];
  for (size_t w = 0; w < 8; ++w) {
    all[w] = _mm512_loadu_si512(words.first + w * words.stride);
  }
  for (size_t r = 0; r < count; ++r, masks += 8) {
    const __m512i first = _mm512_set1_epi8(ranges[r].first);
    if (ranges[r].first == ranges[r].last) {
      for (size_t w = 0; w < 8; ++w) {
        masks[w] = _mm512_cmpeq_epi8_mask(all[w], first);
      }
      continue;
    }
    const __m512i width =
        _mm512_set1_epi8(static_cast<char>(ranges[r].last - ranges[r].first));
    for (size_t w = 0; w < 8; ++w) {
      masks[w] = _mm512_cmple_epu8_mask(_mm512_sub_epi8(all[w], first), width);
    }
  }
}

__attribute__((target("avx512bw"))) void Avx512RangeMasks(
    ByteWords words, const ByteRange* ranges, size_t count, uint64_t* masks) {
  if (words.count == 8) return Avx512EightWords(words, ranges, count, masks);
  for (size_t r = 0; r < count; ++r) {
    const __m512i first = _mm512_set1_epi8(ranges[r].first);
    const __m512i width =
        _mm512_set1_epi8(static_cast<char>(ranges[r].last - ranges[r].first));
    for (size_t w = 0; w < words.count; ++w) {
      const __m512i all = _mm512_loadu_si512(words.first + w * words.stride);
      *masks++ = _mm512_cmple_epu8_mask(_mm512_sub_epi8(all, first), width);
    }
  }
}

#endif

// The one that any processor has.
void PlainRangeMasks(ByteWords words, const ByteRange* ranges, size_t count,
                     uint64_t* masks) {
  for (size_t r = 0; r < count; ++r) {
    const auto width =
        static_cast<unsigned char>(ranges[r].last - ranges[r].first);
    for (size_t w = 0; w < words.count; ++w) {
      const char* bytes = words.first + w * words.stride;
      uint64_t mask = 0;
      for (size_t i = 0; i < 64; ++i) {
        const auto offset =
            static_cast<unsigned char>(bytes[i] - ranges[r].first);
        mask |= static_cast<uint64_t>(offset <= width) << i;
      }
      *masks++ = mask;
    }
  }
}

}  // namespace

std::vector<RangeMasksFunction> RangeMasksFunctions() {
  std::vector<RangeMasksFunction> functions;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512bw")) functions.push_back(Avx512RangeMasks);
  if (__builtin_cpu_supports("avx2")) functions.push_back(Avx2RangeMasks);
  functions.push_back(Sse2RangeMasks);
#endif
  functions.push_back(PlainRangeMasks);
  return functions;
}

}  // namespace subrosa
