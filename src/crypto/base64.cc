#include "src/crypto/base64.h"

#include <array>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <tmmintrin.h>
#endif

namespace subrosa {
namespace {

constexpr char kAlphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Set in a decoded group if any of its characters is outside the alphabet.
constexpr uint32_t kOutside = 0x80000000;

// Two characters for every 12 bits.
struct EncodeTable {
  std::array<std::array<char, 2>, 4096> pair{};
  constexpr EncodeTable() {
    for (size_t i = 0; i < pair.size(); ++i) {
      pair[i] = {kAlphabet[i >> 6], kAlphabet[i & 63]};
    }
  }
};

// For each of a group's four places, the bits that a character stands for.
struct DecodeTable {
  std::array<std::array<uint32_t, 256>, 4> bits{};
  constexpr DecodeTable() {
    for (size_t place = 0; place < 4; ++place) {
      for (uint32_t& entry : bits[place]) entry = kOutside;
      for (uint32_t i = 0; i < 64; ++i) {
        bits[place][static_cast<uint8_t>(kAlphabet[i])] = i << (18 - 6 * place);
      }
    }
  }
};

constexpr EncodeTable kEncode;
constexpr DecodeTable kDecode;

void EncodeTabled(const char* bytes, size_t size, char* text) {
  const auto* in = reinterpret_cast<const uint8_t*>(bytes);
  for (const uint8_t* end = in + size; in != end; in += 3, text += 4) {
    const uint32_t group = (in[0] << 16) | (in[1] << 8) | in[2];
    std::memcpy(text, kEncode.pair[group >> 12].data(), 2);
    std::memcpy(text + 2, kEncode.pair[group & 4095].data(), 2);
  }
}

bool DecodeTabled(const char* text, size_t size, char* bytes) {
  const auto* in = reinterpret_cast<const uint8_t*>(text);
  uint32_t seen = 0;
  for (const uint8_t* end = in + size; in != end; in += 4, bytes += 3) {
    const uint32_t group = kDecode.bits[0][in[0]] | kDecode.bits[1][in[1]] |
                           kDecode.bits[2][in[2]] | kDecode.bits[3][in[3]];
    seen |= group;
    bytes[0] = static_cast<char>(group >> 16);
    bytes[1] = static_cast<char>(group >> 8);
    bytes[2] = static_cast<char>(group);
  }
  return (seen & kOutside) == 0;
}

#if defined(__x86_64__)

// Four groups at a time, where the processor can (x86-64 since 2006): the
// tables alone would take longer than the cipher.
constexpr size_t kVectorBytes = 12;
constexpr size_t kVectorCharacters = 16;

// Adds `step` where `value` is over `bound`.
__attribute__((target("ssse3"))) __m128i AddAbove(__m128i sum, __m128i value,
                                                  char bound, char step) {
  const __m128i above = _mm_cmpgt_epi8(value, _mm_set1_epi8(bound));
  return _mm_add_epi8(sum, _mm_and_si128(above, _mm_set1_epi8(step)));
}

__attribute__((target("ssse3"))) __m128i EncodeVector(__m128i bytes) {
  // Each group of three bytes as a number in a lane of four.
  const __m128i group = _mm_shuffle_epi8(
      bytes,
      _mm_setr_epi8(2, 1, 0, -1, 5, 4, 3, -1, 8, 7, 6, -1, 11, 10, 9, -1));
  const __m128i first = _mm_srli_epi32(group, 18);
  const __m128i second =
      _mm_and_si128(_mm_srli_epi32(group, 4), _mm_set1_epi32(0x3f00));
  const __m128i third =
      _mm_and_si128(_mm_slli_epi32(group, 10), _mm_set1_epi32(0x3f0000));
  const __m128i fourth =
      _mm_and_si128(_mm_slli_epi32(group, 24), _mm_set1_epi32(0x3f000000));
  const __m128i value =
      _mm_or_si128(_mm_or_si128(first, second), _mm_or_si128(third, fourth));
  // The alphabet is five runs; from each to the next the distance changes.
  __m128i text = _mm_add_epi8(value, _mm_set1_epi8('A'));
  text = AddAbove(text, value, 25, 'a' - 26 - 'A');
  text = AddAbove(text, value, 51, '0' - 52 - ('a' - 26));
  text = AddAbove(text, value, 61, '+' - 62 - ('0' - 52));
  return AddAbove(text, value, 62, '/' - 63 - ('+' - 62));
}

__attribute__((target("ssse3"))) size_t EncodeSsse3(const char* bytes,
                                                    size_t size, char* text) {
  size_t done = 0;
  for (; size - done >= kVectorBytes; done += kVectorBytes) {
    // Twelve bytes by a load of sixteen: the last ones by one that ends there.
    const bool is_end = size - done < sizeof(__m128i);
    if (is_end && done == 0) break;
    __m128i in = _mm_loadu_si128(
        reinterpret_cast<const __m128i*>(bytes + done - (is_end ? 4 : 0)));
    if (is_end) in = _mm_srli_si128(in, 4);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(text), EncodeVector(in));
    text += kVectorCharacters;
  }
  return done;
}

// Where `text` lies in `first` to `last`, all bits set in `*valid`, and the
// distance to the value added to `sum`.
__attribute__((target("ssse3"))) __m128i AddRun(__m128i sum, __m128i text,
                                                char first, char last,
                                                char value, __m128i* valid) {
  const __m128i run = _mm_andnot_si128(
      _mm_cmpgt_epi8(text, _mm_set1_epi8(last)),
      _mm_cmpgt_epi8(text, _mm_set1_epi8(static_cast<char>(first - 1))));
  *valid = _mm_or_si128(*valid, run);
  return _mm_add_epi8(
      sum, _mm_and_si128(run, _mm_set1_epi8(static_cast<char>(value - first))));
}

__attribute__((target("ssse3"))) size_t DecodeSsse3(const char* text,
                                                    size_t size, char* bytes,
                                                    bool* all_valid) {
  size_t done = 0;
  __m128i good = _mm_set1_epi8(-1);
  for (; size - done >= kVectorCharacters; done += kVectorCharacters) {
    const __m128i in =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + done));
    __m128i valid = _mm_setzero_si128();
    __m128i value = AddRun(in, in, 'A', 'Z', 0, &valid);
    value = AddRun(value, in, 'a', 'z', 26, &valid);
    value = AddRun(value, in, '0', '9', 52, &valid);
    value = AddRun(value, in, '+', '+', 62, &valid);
    value = AddRun(value, in, '/', '/', 63, &valid);
    good = _mm_and_si128(good, valid);
    // Two values to 12 bits, two of these to 24, and the three bytes in order.
    const __m128i pairs = _mm_maddubs_epi16(value, _mm_set1_epi32(0x01400140));
    const __m128i groups = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00011000));
    const __m128i out = _mm_shuffle_epi8(
        groups,
        _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    std::memcpy(bytes, &out, kVectorBytes);
    bytes += kVectorBytes;
  }
  *all_valid = _mm_movemask_epi8(good) == 0xffff;
  return done;
}

size_t EncodeVectors(const char* bytes, size_t size, char* text) {
  return __builtin_cpu_supports("ssse3") ? EncodeSsse3(bytes, size, text) : 0;
}

size_t DecodeVectors(const char* text, size_t size, char* bytes, bool* valid) {
  return __builtin_cpu_supports("ssse3") ? DecodeSsse3(text, size, bytes, valid)
                                         : 0;
}

#else

size_t EncodeVectors(const char*, size_t, char*) { return 0; }
size_t DecodeVectors(const char*, size_t, char*, bool*) { return 0; }

#endif

}  // namespace

void EncodeBase64Groups(const char* bytes, size_t size, char* text) {
  const size_t vectored = EncodeVectors(bytes, size, text);
  EncodeTabled(bytes + vectored, size - vectored, text + vectored / 3 * 4);
}

bool DecodeBase64Groups(const char* text, size_t size, char* bytes) {
  bool valid = true;
  const size_t vectored = DecodeVectors(text, size, bytes, &valid);
  return valid && DecodeTabled(text + vectored, size - vectored,
                               bytes + vectored / 4 * 3);
}

std::string EncodeBase64(absl::string_view bytes, Base64Padding padding) {
  const size_t whole = bytes.size() / 3 * 3;
  std::string text(whole / 3 * 4, '\0');
  EncodeBase64Groups(bytes.data(), whole, text.data());
  const size_t rest = bytes.size() - whole;
  if (rest == 0) return text;
  char last[3] = {0, 0, 0};
  std::memcpy(last, bytes.data() + whole, rest);
  char group[4];
  EncodeBase64Groups(last, 3, group);
  text.append(group, rest + 1);
  if (padding == Base64Padding::kEquals) text.append(3 - rest, '=');
  return text;
}

absl::optional<std::string> DecodeBase64(absl::string_view text,
                                         Base64Padding padding) {
  if (padding == Base64Padding::kEquals) {
    if (text.size() % 4 != 0) return absl::nullopt;
    for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) {
      text.remove_suffix(1);
    }
  }
  const size_t whole = text.size() / 4 * 4;
  const size_t rest = text.size() - whole;
  if (rest == 1) return absl::nullopt;
  std::string bytes(whole / 4 * 3, '\0');
  if (!DecodeBase64Groups(text.data(), whole, bytes.data())) {
    return absl::nullopt;
  }
  if (rest == 0) return bytes;
  char group[4] = {'A', 'A', 'A', 'A'};
  std::memcpy(group, text.data() + whole, rest);
  char last[3];
  if (!DecodeBase64Groups(group, 4, last)) return absl::nullopt;
  // The bits past the last byte must be zero, or one value had many texts.
  for (size_t i = rest - 1; i < 3; ++i) {
    if (last[i] != 0) return absl::nullopt;
  }
  bytes.append(last, rest - 1);
  return bytes;
}

}  // namespace subrosa
