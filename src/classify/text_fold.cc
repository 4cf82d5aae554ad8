#include "src/classify/text_fold.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace subrosa {
namespace {

constexpr int kKeep = -1;
constexpr int kDrop = -2;

// The width of a byte that stands for none.
constexpr size_t kFrame = ~size_t{0};

// Bytes that the character whose first byte is `c` should have; 1 if `c`
// begins none.
size_t CharacterBytes(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0xf0 && byte < 0xf8) return 4;
  if (byte >= 0xe0) return byte < 0xf0 ? 3 : 1;
  return byte >= 0xc2 ? 2 : 1;
}

bool IsContinuation(char c) { return (c & 0xc0) == 0x80; }

uint32_t CodePoint(absl::string_view character) {
  constexpr uint32_t kMasks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  uint32_t code =
      static_cast<unsigned char>(character[0]) & kMasks[character.size()];
  for (size_t i = 1; i < character.size(); ++i) {
    code = code << 6 | (static_cast<unsigned char>(character[i]) & 0x3f);
  }
  return code;
}

// Cyrillic and Greek letters and the Latin ones that they look like.
int Lookalike(uint32_t code) {
  struct Pair {
    uint16_t code;
    char latin;
  };
  static constexpr Pair kPairs[] = {
      {0x391, 'A'}, {0x392, 'B'}, {0x395, 'E'}, {0x396, 'Z'}, {0x397, 'H'},
      {0x399, 'I'}, {0x39a, 'K'}, {0x39c, 'M'}, {0x39d, 'N'}, {0x39f, 'O'},
      {0x3a1, 'P'}, {0x3a4, 'T'}, {0x3a5, 'Y'}, {0x3a7, 'X'}, {0x3bf, 'o'},
      {0x405, 'S'}, {0x406, 'I'}, {0x408, 'J'}, {0x410, 'A'}, {0x412, 'B'},
      {0x415, 'E'}, {0x41a, 'K'}, {0x41c, 'M'}, {0x41d, 'H'}, {0x41e, 'O'},
      {0x420, 'P'}, {0x421, 'C'}, {0x422, 'T'}, {0x425, 'X'}, {0x430, 'a'},
      {0x435, 'e'}, {0x43e, 'o'}, {0x440, 'p'}, {0x441, 'c'}, {0x443, 'y'},
      {0x445, 'x'}, {0x455, 's'}, {0x456, 'i'}, {0x458, 'j'}};
  for (const Pair& pair : kPairs) {
    if (pair.code == code) return pair.latin;
  }
  return kKeep;
}

// The digits of scripts whose digits have values of their own (Unicode's class
// Nd), ten from each zero on; of the mathematical ones there are five rows.
int DigitOf(uint32_t code) {
  static constexpr uint16_t kZeros[] = {
      0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6,  0xb66,  0xbe6,
      0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810};
  if (code >= 0x1d7ce) {
    return static_cast<int>('0' + (code - 0x1d7ce) % 10);
  }
  for (const uint32_t zero : kZeros) {
    if (code >= zero && code < zero + 10) {
      return static_cast<int>('0' + code - zero);
    }
  }
  return kKeep;
}

int FoldOf(uint32_t code) {
  if (code < 0xa0) return kKeep;
  if (code == 0xa0 || code == 0x202f || code == 0x3000 ||
      (code >= 0x2000 && code <= 0x200a)) {
    return ' ';
  }
  if (code == 0xad || code == 0x34f || code == 0x61c ||
      (code >= 0x200b && code <= 0x200f) ||
      (code >= 0x202a && code <= 0x202e) ||
      (code >= 0x2060 && code <= 0x2069) ||
      (code >= 0xfe00 && code <= 0xfe0f) || code == 0xfeff) {
    return kDrop;
  }
  if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212) return '-';
  if (code == 0x2018 || code == 0x2019 || code == 0x2032) return '\'';
  if (code == 0x201c || code == 0x201d || code == 0x2033) return '"';
  if (code >= 0xff01 && code <= 0xff5e) return static_cast<int>(code - 0xfee0);
  if (code >= 0x391 && code <= 0x458) return Lookalike(code);
  if ((code >= 0x660 && code <= 0x1819) ||
      (code >= 0x1d7ce && code <= 0x1d7ff)) {
    return DigitOf(code);
  }
  return kKeep;
}

// How many bytes from the beginning are ASCII.
size_t AsciiPrefix(absl::string_view bytes) {
  constexpr size_t kWords = 8;
  size_t i = 0;
  for (; i + 8 * kWords <= bytes.size(); i += 8 * kWords) {
    uint64_t words[kWords];
    std::memcpy(words, bytes.data() + i, sizeof(words));
    uint64_t any = 0;
    for (const uint64_t word : words) any |= word;
    if ((any & 0x8080808080808080) != 0) break;
  }
  while (i < bytes.size() && static_cast<unsigned char>(bytes[i]) < 0x80) ++i;
  return i;
}

}  // namespace

void FoldedText::Clear() {
  bytes_.clear();
  base_ = 0;
  origin_end_ = 0;
  runs_.assign(1, {0, 0, 0});
  waiting_.clear();
}

void FoldedText::AppendCharacter(absl::string_view character) {
  const int fold = character.size() > 1 ? FoldOf(CodePoint(character)) : kKeep;
  const size_t folded = end();
  origin_end_ += character.size();
  if (fold == kKeep) {
    bytes_.append(character.data(), character.size());
    return;
  }
  if (runs_.back().folded == folded) runs_.pop_back();
  if (fold != kDrop) {
    bytes_.push_back(static_cast<char>(fold));
    runs_.push_back({folded, origin_end_ - character.size(), character.size()});
  }
  runs_.push_back({end(), origin_end_, 0});
}

void FoldedText::Append(absl::string_view bytes) {
  while (!bytes.empty()) {
    if (waiting_.empty()) {
      // In pieces that the processor's nearest cache still holds when they are
      // copied.
      constexpr size_t kPiece = 8 * 1024;
      const size_t ascii = AsciiPrefix(bytes.substr(0, kPiece));
      bytes_.append(bytes.data(), ascii);
      origin_end_ += ascii;
      bytes.remove_prefix(ascii);
      if (bytes.empty()) return;
      if (ascii == kPiece) continue;
    }
    const size_t want =
        CharacterBytes(waiting_.empty() ? bytes[0] : waiting_[0]);
    if (waiting_.empty() && want <= bytes.size() &&
        std::all_of(bytes.begin() + 1, bytes.begin() + want, IsContinuation)) {
      AppendCharacter(bytes.substr(0, want));
      bytes.remove_prefix(want);
      continue;
    }
    if (waiting_.empty() || IsContinuation(bytes[0])) {
      waiting_.push_back(bytes[0]);
      bytes.remove_prefix(1);
      if (waiting_.size() == want) {
        AppendCharacter(waiting_);
        waiting_.clear();
      }
    } else {
      Flush();
    }
  }
}

void FoldedText::Flush() {
  bytes_ += waiting_;
  origin_end_ += waiting_.size();
  waiting_.clear();
}

void FoldedText::AppendFrame() {
  if (runs_.back().folded == end()) runs_.pop_back();
  runs_.push_back({end(), origin_end_, kFrame});
  bytes_.push_back('\n');
  runs_.push_back({end(), origin_end_, 0});
}

void FoldedText::DropBefore(size_t from) {
  if (from <= base_) return;
  bytes_.erase(0, from - base_);
  base_ = from;
  const auto first =
      std::upper_bound(runs_.begin(), runs_.end(), from,
                       [](size_t i, const Run& run) { return i < run.folded; });
  runs_.erase(runs_.begin(), first - 1);
}

const FoldedText::Run& FoldedText::RunOf(size_t i) const {
  return *(std::upper_bound(
               runs_.begin(), runs_.end(), i,
               [](size_t at, const Run& run) { return at < run.folded; }) -
           1);
}

size_t FoldedText::OriginBegin(size_t i) const {
  const Run& run = RunOf(i);
  return run.width != 0 ? run.origin : run.origin + (i - run.folded);
}

size_t FoldedText::OriginEnd(size_t i) const {
  const Run& run = RunOf(i);
  if (run.width == kFrame) return run.origin;
  return run.width != 0 ? run.origin + run.width
                        : run.origin + (i - run.folded) + 1;
}

}  // namespace subrosa
