#include "src/classify/word_filter.h"

#include <algorithm>
#include <map>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace subrosa {
namespace {

constexpr size_t kSixes = 64;  // Values of the lower six bits of a byte.

// A set of such values, a bit for each.
using Sixes = uint64_t;

// How much of a text has a byte of a set, about: from 0 to 1.
class Commonness {
 public:
  Commonness() {
    constexpr double kLetters[26] = {.066, .012, .022, .034, .102, .018, .016,
                                     .049, .056, .002, .006, .032, .019, .054,
                                     .060, .015, .002, .048, .050, .073, .022,
                                     .008, .019, .002, .016, .002};
    std::array<double, kSixes> one;
    one.fill(.002);
    one[' ' % kSixes] = .17;
    for (int i = 0; i < 26; ++i) one[('a' + i) % kSixes] += kLetters[i];
    for (size_t part = 0; part < kParts; ++part) {
      for (size_t bits = 0; bits < 256; ++bits) {
        for (size_t i = 0; i < 8; ++i) {
          if ((bits >> i & 1) != 0) of_[part][bits] += one[8 * part + i];
        }
      }
    }
  }

  double Of(Sixes set) const {
    double sum = 0;
    for (size_t part = 0; part < kParts; ++part) {
      sum += of_[part][set >> 8 * part & 0xff];
    }
    return std::min(1.0, sum);
  }

 private:
  static constexpr size_t kParts = 8;
  double of_[kParts][256] = {};  // By eight bits of a set.
};

// Patterns that share a bit in the tables, by the bytes that begin them.
struct Group {
  std::array<Sixes, WordOpening::kBytes> bytes = {};

  explicit Group(const WordOpening &opening) {
    for (size_t i = 0; i < bytes.size(); ++i) {
      for (size_t byte = 0; byte < 256; ++byte) {
        if (opening.bytes[i][byte]) bytes[i] |= Sixes{1} << byte % kSixes;
      }
    }
  }

  void Add(const Group &other) {
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] |= other.bytes[i];
  }

  // How much of a text they let through together with `other`'s, about.
  double ShareWith(const Group &other, const Commonness &common) const {
    double share = 1;
    for (size_t i = 0; i < bytes.size(); ++i) {
      share *= common.Of(bytes[i] | other.bytes[i]);
    }
    return share;
  }
};

// Joins groups, always the two that so let through the least more, until there
// are `most`.
void Join(size_t most, const Commonness &common, std::vector<Group> *groups) {
  std::vector<Group> &all = *groups;
  size_t left = all.size();
  std::vector<std::vector<double>> shares(left, std::vector<double>(left));
  const auto set_shares_of = [&](size_t i) {
    for (size_t k = 0; k < left; ++k) {
      shares[i][k] = shares[k][i] = all[i].ShareWith(all[k], common);
    }
  };
  for (size_t i = 0; i < left; ++i) set_shares_of(i);
  while (left > most) {
    size_t first = 0;
    size_t second = 1;
    double least = 1;
    for (size_t i = 0; i < left; ++i) {
      for (size_t k = i + 1; k < left; ++k) {
        const double more = shares[i][k] - shares[i][i] - shares[k][k];
        if (more >= least) continue;
        least = more;
        first = i;
        second = k;
      }
    }
    all[first].Add(all[second]);
    // The last takes the second's place.
    --left;
    all[second] = all[left];
    for (size_t k = 0; k < left; ++k) {
      shares[second][k] = shares[k][second] = shares[left][k];
    }
    shares[second][second] = shares[left][left];
    set_shares_of(first);
  }
  all.erase(all.begin() + static_cast<std::ptrdiff_t>(left), all.end());
}

}  // namespace

WordFilter::WordFilter(absl::Span<const WordOpening> openings) {
  AddBuckets(openings, DigitNeed::kNone, 0, 0, kFreeBuckets);
  AddBuckets(openings, DigitNeed::kBefore, 0, kFreeBuckets, kBuckets);
  AddBuckets(openings, DigitNeed::kAfter, 1, 0, kBuckets);
}

void WordFilter::AddBuckets(absl::Span<const WordOpening> openings,
                            DigitNeed digit, size_t table, size_t first,
                            size_t last) {
  // What begins with the same three bytes is one group from the first: there
  // are few of them then, and to join them takes time by the cube.
  std::map<std::array<Sixes, 3>, Group> by_first;
  for (const WordOpening &opening : openings) {
    const bool wanted =
        digit == DigitNeed::kNone
            ? opening.digit == digit
            : (static_cast<int>(opening.digit) & static_cast<int>(digit)) != 0;
    if (!wanted) continue;
    const Group group(opening);
    const auto [same, is_new] = by_first.try_emplace(
        {group.bytes[0], group.bytes[1], group.bytes[2]}, group);
    if (!is_new) same->second.Add(group);
  }
  std::vector<Group> groups;
  for (const auto &[bytes, group] : by_first) groups.push_back(group);
  Join(last - first, Commonness(), &groups);
  for (size_t g = 0; g < groups.size(); ++g) {
    const auto bit = static_cast<uint8_t>(1 << (first + g));
    for (size_t i = 0; i < WordOpening::kBytes; ++i) {
      for (size_t six = 0; six < kSixes; ++six) {
        if ((groups[g].bytes[i] >> six & 1) == 0) continue;
        by_six_[table][i][six] |= bit;
        by_low_[table][i][six % 16] |= bit;
        for (size_t high = six / 16; high < 16; high += kSixes / 16) {
          by_high_[table][i][high] |= bit;
        }
      }
    }
  }
}

// Writes the place of each bit of `mask`, with `begin` added. Returns where
// they end.
inline uint16_t *Flatten(uint64_t mask, size_t begin, uint16_t *offsets) {
  for (; mask != 0; mask &= mask - 1) {
    *offsets++ = static_cast<uint16_t>(begin + __builtin_ctzll(mask));
  }
  return offsets;
}

struct WordFilterVectors {
  using Filter = WordFilter;

#ifdef __x86_64__
  static constexpr std::array<uint8_t, 64> Places() {
    std::array<uint8_t, 64> places = {};
    for (size_t i = 0; i < places.size(); ++i) {
      places[i] = static_cast<uint8_t>(i);
    }
    return places;
  }

  // The buckets of 64 bytes from `bytes` on.
  __attribute__((target("avx512bw,avx512vbmi,avx512vbmi2,popcnt"),
                 always_inline)) static __m512i
  Buckets(const uint8_t (&table)[WordOpening::kBytes][64], const char *bytes) {
    __m512i all = _mm512_set1_epi8(-1);
    for (size_t i = 0; i < WordOpening::kBytes; ++i) {
      all = _mm512_and_si512(
          all, _mm512_permutexvar_epi8(_mm512_loadu_si512(bytes + i),
                                       _mm512_load_si512(table[i])));
    }
    return all;
  }

  __attribute__((
      target("avx512bw,avx512vbmi,avx512vbmi2,popcnt"))) static size_t
  Avx512(const WordFilter &filter, ByteWords words, const WordBegins &begins,
         bool near_digits, uint16_t *offsets) {
    const __m512i free_bits = _mm512_set1_epi8(Filter::kFreeBits);
    alignas(64) static constexpr auto kPlaces = Places();
    const __m512i all_places = _mm512_load_si512(kPlaces.data());
    uint16_t *end = offsets;
    for (size_t w = 0; w < words.count; ++w) {
      const char *bytes = words.first + w * words.stride;
      const __m512i first = Buckets(filter.by_six_[0], bytes);
      uint64_t may = _mm512_test_epi8_mask(first, free_bits);
      if (near_digits) {
        const __m512i second = Buckets(filter.by_six_[1], bytes);
        may |= (_mm512_test_epi8_mask(second, second) & begins.after[w]) |
               (_mm512_cmpgt_epu8_mask(first, free_bits) & begins.before[w]);
      }
      const uint64_t mask = begins.begins[w] & may;
      const __m512i places = _mm512_cvtepu8_epi16(
          _mm512_castsi512_si256(_mm512_maskz_compress_epi8(mask, all_places)));
      _mm512_storeu_si512(
          end, _mm512_add_epi16(places, _mm512_set1_epi16(static_cast<int16_t>(
                                            w * words.stride))));
      end += __builtin_popcountll(mask);
    }
    return static_cast<size_t>(end - offsets);
  }

  // The buckets of 32 bytes from `bytes` on.
  __attribute__((target("avx2"), always_inline)) static __m256i Buckets(
      const WordFilter &filter, size_t table, const char *bytes) {
    const __m256i half = _mm256_set1_epi8(15);
    __m256i all = _mm256_set1_epi8(-1);
    for (size_t i = 0; i < WordOpening::kBytes; ++i) {
      const __m256i part =
          _mm256_loadu_si256(reinterpret_cast<const __m256i *>(bytes + i));
      const __m256i low = _mm256_broadcastsi128_si256(_mm_load_si128(
          reinterpret_cast<const __m128i *>(filter.by_low_[table][i])));
      const __m256i high = _mm256_broadcastsi128_si256(_mm_load_si128(
          reinterpret_cast<const __m128i *>(filter.by_high_[table][i])));
      all = _mm256_and_si256(
          all,
          _mm256_and_si256(
              _mm256_shuffle_epi8(low, _mm256_and_si256(part, half)),
              _mm256_shuffle_epi8(
                  high, _mm256_and_si256(_mm256_srli_epi16(part, 4), half))));
    }
    return all;
  }

  __attribute__((target("avx2"), always_inline)) static uint64_t NotZero(
      __m256i bytes) {
    return ~static_cast<uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_setzero_si256())));
  }

  __attribute__((target("avx2"))) static size_t Avx2(const WordFilter &filter,
                                                     ByteWords words,
                                                     const WordBegins &begins,
                                                     bool near_digits,
                                                     uint16_t *offsets) {
    const __m256i free_bits = _mm256_set1_epi8(Filter::kFreeBits);
    uint16_t *end = offsets;
    for (size_t w = 0; w < words.count; ++w) {
      uint64_t may = 0;
      for (int shift = 0; shift < 64; shift += 32) {
        const char *bytes = words.first + w * words.stride + shift;
        const __m256i first = Buckets(filter, 0, bytes);
        may |= NotZero(_mm256_and_si256(first, free_bits)) << shift;
        if (!near_digits) continue;
        may |= (NotZero(_mm256_andnot_si256(free_bits, first)) << shift) &
               begins.before[w];
        may |= (NotZero(Buckets(filter, 1, bytes)) << shift) & begins.after[w];
      }
      end = Flatten(begins.begins[w] & may, w * words.stride, end);
    }
    return static_cast<size_t>(end - offsets);
  }
#endif

  static size_t LetThrough(const WordFilter &, ByteWords words,
                           const WordBegins &begins, bool, uint16_t *offsets) {
    uint16_t *end = offsets;
    for (size_t w = 0; w < words.count; ++w) {
      end = Flatten(begins.begins[w], w * words.stride, end);
    }
    return static_cast<size_t>(end - offsets);
  }
};

std::vector<WordFilter::Function> WordFilter::Functions() {
  std::vector<Function> functions;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vbmi") &&
      __builtin_cpu_supports("avx512vbmi2")) {
    functions.push_back(WordFilterVectors::Avx512);
  }
  if (__builtin_cpu_supports("avx2")) {
    functions.push_back(WordFilterVectors::Avx2);
  }
#endif
  functions.push_back(WordFilterVectors::LetThrough);
  return functions;
}

}  // namespace subrosa
