#include "src/classify/byte_ranges.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace subrosa {
namespace {

#ifdef __x86_64__

// A byte lies in a range if it is no further from the first than the last is,
// counted as unsigned numbers. `min` is the only such comparison there is.
uint32_t Inside(__m128i part, __m128i first, __m128i width) {
  const __m128i offset = _mm_sub_epi8(part, first);
  return static_cast<uint32_t>(
      _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(offset, width), offset)));
}

void Sse2RangeMasks(const char* bytes, const ByteRange* ranges, size_t count,
                    uint64_t* masks) {
  const auto* parts = reinterpret_cast<const __m128i*>(bytes);
  const __m128i a = _mm_loadu_si128(parts);
  const __m128i b = _mm_loadu_si128(parts + 1);
  const __m128i c = _mm_loadu_si128(parts + 2);
  const __m128i d = _mm_loadu_si128(parts + 3);
  for (size_t r = 0; r < count; ++r) {
    const __m128i first = _mm_set1_epi8(ranges[r].first);
    const __m128i width =
        _mm_set1_epi8(static_cast<char>(ranges[r].last - ranges[r].first));
    const uint32_t low = Inside(a, first, width) | Inside(b, first, width)
                                                       << 16;
    const uint32_t high = Inside(c, first, width) | Inside(d, first, width)
                                                        << 16;
    masks[r] = low | uint64_t{high} << 32;
  }
}

__attribute__((target("avx2"))) void Avx2RangeMasks(const char* bytes,
                                                    const ByteRange* ranges,
                                                    size_t count,
                                                    uint64_t* masks) {
  const auto* parts = reinterpret_cast<const __m256i*>(bytes);
  const __m256i a = _mm256_loadu_si256(parts);
  const __m256i b = _mm256_loadu_si256(parts + 1);
  for (size_t r = 0; r < count; ++r) {
    const __m256i first = _mm256_set1_epi8(ranges[r].first);
    const __m256i width =
        _mm256_set1_epi8(static_cast<char>(ranges[r].last - ranges[r].first));
    const __m256i low = _mm256_sub_epi8(a, first);
    const __m256i high = _mm256_sub_epi8(b, first);
    const auto low_mask = static_cast<uint32_t>(_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(_mm256_min_epu8(low, width), low)));
    const auto high_mask = static_cast<uint32_t>(_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(_mm256_min_epu8(high, width), high)));
    masks[r] = low_mask | uint64_t{high_mask} << 32;
  }
}

__attribute__((target("avx512bw"))) void Avx512RangeMasks(
    const char* bytes, const ByteRange* ranges, size_t count, uint64_t* masks) {
  const __m512i all = _mm512_loadu_si512(bytes);
  for (size_t r = 0; r < count; ++r) {
    const __m512i first = _mm512_set1_epi8(ranges[r].first);
    const __m512i width =
        _mm512_set1_epi8(static_cast<char>(ranges[r].last - ranges[r].first));
    masks[r] = _mm512_cmple_epu8_mask(_mm512_sub_epi8(all, first), width);
  }
}

#endif

// The one that any processor has.
void PlainRangeMasks(const char* bytes, const ByteRange* ranges, size_t count,
                     uint64_t* masks) {
  for (size_t r = 0; r < count; ++r) {
    const auto width =
        static_cast<unsigned char>(ranges[r].last - ranges[r].first);
    masks[r] = 0;
    for (size_t i = 0; i < 64; ++i) {
      const auto offset =
          static_cast<unsigned char>(bytes[i] - ranges[r].first);
      masks[r] |= static_cast<uint64_t>(offset <= width) << i;
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
