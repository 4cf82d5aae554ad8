#include "src/exports/json_text.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/numeric/bits.h"

namespace subrosa {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

void AppendUnit(uint32_t unit, std::string* out) {
  const char text[] = {'\\',
                       'u',
                       kDigits[unit >> 12 & 15],
                       kDigits[unit >> 8 & 15],
                       kDigits[unit >> 4 & 15],
                       kDigits[unit & 15]};
  out->append(text, sizeof(text));
}

void AppendEscaped(uint32_t rune, std::string* out) {
  switch (rune) {
    case '"':
      out->append("\\\"");
      return;
    case '\\':
      out->append("\\\\");
      return;
    case '\b':
      out->append("\\b");
      return;
    case '\t':
      out->append("\\t");
      return;
    case '\n':
      out->append("\\n");
      return;
    case '\f':
      out->append("\\f");
      return;
    case '\r':
      out->append("\\r");
      return;
    default:
      break;
  }
  if (rune < 0x10000) {
    AppendUnit(rune, out);
    return;
  }
  // As UTF-16 has it.
  AppendUnit(0xD800 + ((rune - 0x10000) >> 10), out);
  AppendUnit(0xDC00 + ((rune - 0x10000) & 0x3FF), out);
}

// Bytes that stand for themselves.
constexpr std::array<bool, 256> PlainBytes() {
  std::array<bool, 256> plain = {};
  for (int byte = 0x20; byte < 0x7F; ++byte) plain[byte] = true;
  for (const char c : {'"', '\\', '<', '>'}) {
    plain[static_cast<unsigned char>(c)] = false;
  }
  return plain;
}
constexpr std::array<bool, 256> kIsPlain = PlainBytes();

uint64_t LoadLittleEndian(const char* bytes) {
  uint64_t word = 0;
  for (int i = 7; i >= 0; --i) {
    word = word << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return word;
}

// How many bytes at the begin of `text` stand for themselves, found eight at a
// time.
size_t PlainBytesOf(absl::string_view text) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHigh = 0x80 * kOnes;
  // The high bit of each byte that is zero, and maybe of some after it: of the
  // first that is set it tells rightly, and so do those below, since what they
  // carry over goes from a byte that stops to the next.
  const auto zeros = [](uint64_t word) { return (word - kOnes) & ~word; };
  size_t at = 0;
  for (; at + sizeof(uint64_t) <= text.size(); at += sizeof(uint64_t)) {
    const uint64_t word = LoadLittleEndian(text.data() + at);
    const uint64_t stops = word | (word + kOnes) |            // From 0x7F on.
                           ((word - 0x20 * kOnes) & ~word) |  // Below 0x20.
                           zeros(word ^ '"' * kOnes) |        //
                           zeros(word ^ '\\' * kOnes) |       //
                           zeros((word | 2 * kOnes) ^ '>' * kOnes);  // And <.
    if ((stops & kHigh) != 0) {
      return at + static_cast<size_t>(absl::countr_zero(stops & kHigh)) / 8;
    }
  }
  while (at < text.size() && kIsPlain[static_cast<unsigned char>(text[at])]) {
    ++at;
  }
  return at;
}

// Ranges of characters past ASCII that are not seen, or change how what
// follows is: controls of text direction, joiners, tags. Both ends are in.
constexpr uint32_t kUnseen[][2] = {
    {0x7F, 0x9F},       {0xAD, 0xAD},       {0x600, 0x603},    {0x6DD, 0x6DD},
    {0x70F, 0x70F},     {0x17B4, 0x17B5},   {0x200B, 0x200F},  {0x2028, 0x202E},
    {0x2060, 0x2064},   {0x206A, 0x206F},   {0xFEFF, 0xFEFF},  {0xFFF9, 0xFFFB},
    {0x1D173, 0x1D17A}, {0xE0001, 0xE0001}, {0xE0020, 0xE007F}};

bool IsUnseen(uint32_t rune) {
  for (const auto& [first, last] : kUnseen) {
    if (rune < first) return false;
    if (rune <= last) return true;
  }
  return false;
}

// The character that `text` begins with and how many bytes it takes; 0 bytes
// if they are no UTF-8.
struct Rune {
  uint32_t value = 0;
  size_t bytes = 0;
};
Rune FirstRune(absl::string_view text) {
  const auto byte = [&text](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const uint32_t lead = byte(0);
  const size_t bytes = lead < 0x80                   ? 1
                       : lead >= 0xC2 && lead < 0xE0 ? 2
                       : lead >= 0xE0 && lead < 0xF0 ? 3
                       : lead >= 0xF0 && lead < 0xF5 ? 4
                                                     : 0;
  if (bytes == 0 || bytes > text.size()) return {};
  uint32_t value = bytes == 1 ? lead : lead & (0xFF >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3F);
  }
  // Neither longer than it need be, nor half of a pair of UTF-16.
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[bytes] || value > 0x10FFFF ||
      (value >= 0xD800 && value < 0xE000)) {
    return {};
  }
  return {value, bytes};
}

}  // namespace

void AppendJsonText(absl::string_view text, std::string* out) {
  out->push_back('"');
  size_t taken = 0;
  size_t at = 0;
  const auto take = [&] { out->append(text.data() + taken, at - taken); };
  while (at < text.size()) {
    at += PlainBytesOf(text.substr(at));
    if (at == text.size()) break;
    const Rune rune = FirstRune(text.substr(at));
    if (rune.bytes > 1 && !IsUnseen(rune.value)) {
      at += rune.bytes;
      continue;
    }
    take();
    if (rune.bytes == 0) {
      out->append("\xEF\xBF\xBD");
      at += 1;
    } else {
      AppendEscaped(rune.value, out);
      at += rune.bytes;
    }
    taken = at;
  }
  take();
  out->push_back('"');
}

}  // namespace subrosa
