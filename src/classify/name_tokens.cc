#include "src/classify/name_tokens.h"

#include <array>

namespace subrosa {
namespace {

enum class ByteKind : uint8_t {
  kSpace,
  kBreak,
  kSign,
  kDigit,
  kUpper,
  kLower,
  kHigh
};

constexpr std::array<ByteKind, 256> MakeByteKinds() {
  std::array<ByteKind, 256> kinds{};
  for (int byte = 0; byte < 256; ++byte) {
    kinds[byte] = byte == '\n' || byte == '\r'  ? ByteKind::kBreak
                  : byte == ' ' || byte == '\t' ? ByteKind::kSpace
                  : byte >= '0' && byte <= '9'  ? ByteKind::kDigit
                  : byte >= 'A' && byte <= 'Z'  ? ByteKind::kUpper
                  : byte >= 'a' && byte <= 'z'  ? ByteKind::kLower
                  : byte >= 0x80                ? ByteKind::kHigh
                                                : ByteKind::kSign;
  }
  return kinds;
}

constexpr std::array<ByteKind, 256> kByteKinds = MakeByteKinds();

uint8_t ByteAt(absl::string_view text, size_t i) {
  return i < text.size() ? static_cast<uint8_t>(text[i]) : 0;
}

bool IsContinuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

// The length of the punctuation mark outside ASCII that begins at `i`, or 0.
size_t HighSignLength(absl::string_view text, size_t i) {
  const uint8_t first = ByteAt(text, i);
  const uint8_t second = ByteAt(text, i + 1);
  if (first == 0xC2 && IsContinuation(second)) return 2;
  if (first == 0xE2 && (second == 0x80 || second == 0x81) &&
      IsContinuation(ByteAt(text, i + 2))) {
    return 3;
  }
  return 0;
}

// Whether a character of two bytes is a capital: of Latin-1, Latin Extended-A,
// Greek and Cyrillic. Others count as without case.
bool IsHighCapital(uint8_t first, uint8_t second) {
  switch (first) {
    case 0xC3:
      return second <= 0x9E && second != 0x97;
    case 0xC4:
      return (second <= 0xB7 && (second & 1) == 0) ||
             (second >= 0xB9 && (second & 1) == 1);
    case 0xC5:
      if (second <= 0x88) return (second & 1) == 1;
      if (second >= 0xB9) return (second & 1) == 1;
      return (second & 1) == 0;
    case 0xCE:
      return second >= 0x91 && second <= 0xA9;
    case 0xD0:
      return second <= 0xAF;
    default:
      return false;
  }
}

// The second byte of the small letter of a capital of Latin-1; others stay, so
// that "Ż" and "ż" are different letters to the model.
uint8_t LowerSecond(uint8_t first, uint8_t second) {
  return first == 0xC3 && IsHighCapital(first, second) ? second + 0x20 : second;
}

uint32_t AddToHash(uint32_t hash, uint8_t byte) {
  return (hash ^ byte) * 0x01000193u;
}

constexpr uint32_t kHashStart = 0x811C9DC5u;

// Reads the word at `i` into `token`; returns where it ends.
size_t ReadWord(absl::string_view text, size_t i, NameToken* token) {
  const size_t begin = i;
  uint32_t hash = kHashStart;
  uint32_t tail = 0;
  size_t letters = 0, capitals = 0, digits = 0;
  bool begins_with_capital = false;
  uint8_t before = 0;
  for (; i < text.size(); ++i) {
    uint8_t byte = static_cast<uint8_t>(text[i]);
    const ByteKind kind = kByteKinds[byte];
    if (kind == ByteKind::kUpper) {
      if (i == begin) begins_with_capital = true;
      ++capitals;
      ++letters;
      byte |= 0x20;
    } else if (kind == ByteKind::kLower) {
      ++letters;
    } else if (kind == ByteKind::kDigit) {
      ++digits;
    } else if (kind == ByteKind::kHigh) {
      if (!IsContinuation(byte)) {
        if (HighSignLength(text, i) != 0) break;
        ++letters;
        if (IsHighCapital(byte, ByteAt(text, i + 1))) {
          ++capitals;
          if (i == begin) begins_with_capital = true;
        }
      } else {
        byte = LowerSecond(before, byte);
      }
    } else if (byte == '\'' && i > begin &&
               kByteKinds[ByteAt(text, i + 1)] == ByteKind::kUpper) {
      // O'Brien is one word, Anna's are two.
    } else {
      break;
    }
    hash = AddToHash(hash, byte);
    tail = (tail << 8 | byte) & 0xFFFFFF;
    if (i - begin == 2) token->head = hash;
    before = static_cast<uint8_t>(text[i]);
  }
  if (i - begin <= 2) token->head = hash;
  token->word = hash;
  token->tail = tail * 0x9E3779B1u;
  token->shape =
      digits != 0 ? (letters == 0 ? NameShape::kNumber : NameShape::kMixed)
      : !begins_with_capital
          ? (capitals == 0 ? NameShape::kLower : NameShape::kInnerCaps)
      : letters == 1        ? NameShape::kInitial
      : capitals == letters ? NameShape::kAllCaps
      : capitals == 1       ? NameShape::kCapital
                            : NameShape::kInnerCaps;
  return i;
}

}  // namespace

void TokenizeForNames(absl::string_view text, std::vector<NameToken>* tokens) {
  tokens->clear();
  bool begins_line = true;
  size_t end_of_last = text.size() + 1;
  for (size_t i = 0; i < text.size();) {
    const ByteKind kind = kByteKinds[static_cast<uint8_t>(text[i])];
    if (kind == ByteKind::kSpace || kind == ByteKind::kBreak) {
      begins_line |= kind == ByteKind::kBreak;
      ++i;
      continue;
    }
    NameToken token;
    token.begin = static_cast<uint32_t>(i);
    token.is_glued = i == end_of_last;
    token.begins_line = begins_line;
    begins_line = false;
    size_t sign = kind == ByteKind::kSign ? 1 : 0;
    if (kind == ByteKind::kHigh) sign = HighSignLength(text, i);
    if (sign != 0) {
      token.word = kHashStart;
      for (size_t j = i; j < i + sign; ++j) {
        token.word = AddToHash(token.word, static_cast<uint8_t>(text[j]));
      }
      token.head = token.tail = token.word;
      i += sign;
    } else {
      i = ReadWord(text, i, &token);
    }
    token.end = static_cast<uint32_t>(i);
    end_of_last = i;
    tokens->push_back(token);
  }
}

uint32_t NameWordHash(absl::string_view lower_word) {
  uint32_t hash = kHashStart;
  for (const char c : lower_word)
    hash = AddToHash(hash, static_cast<uint8_t>(c));
  return hash;
}

}  // namespace subrosa
