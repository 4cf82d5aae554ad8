// Cuts text into the tokens that the name tagger reads: words, numbers, signs.
// Internal to this room.
//
// A word is a run of ASCII letters and digits and of bytes from 0x80 on, which
// are taken for letters of other scripts whether they are UTF-8 or not; the
// marks of General Punctuation (U+2000 to U+206F) and of Latin-1 (U+0080 to
// U+00BF) divide words as ASCII signs do. A word never ends within a character.
#ifndef SUBROSA_SRC_CLASSIFY_NAME_TOKENS_H_
#define SUBROSA_SRC_CLASSIFY_NAME_TOKENS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace subrosa {

enum class NameShape : uint8_t {
  kSign,       // Anything that is no letter and no digit.
  kNumber,     // Digits only.
  kMixed,      // Letters and digits.
  kLower,      // Begins with a small letter, or one without case.
  kInitial,    // One capital.
  kCapital,    // A capital, then small letters.
  kAllCaps,    // Two capitals or more, nothing else.
  kInnerCaps,  // Capitals and small letters otherwise.
};

struct NameToken {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t word = 0;   // Hash of the word in lower case.
  uint32_t head = 0;   // Hash of its first three bytes in lower case.
  uint32_t tail = 0;   // Hash of its last three bytes in lower case.
  uint32_t lists = 0;  // Bits of the lists that name it (name_lists.h).
  NameShape shape = NameShape::kSign;
  bool is_glued = false;     // Nothing stands between it and the one before.
  bool begins_line = false;  // A line break stands before it, or nothing.
};

// Sets `tokens` to those of `text`, of at most 4 GiB. Linear time.
void TokenizeForNames(absl::string_view text, std::vector<NameToken>* tokens);

// The hash that tokens have, of a word that is in lower case already.
uint32_t NameWordHash(absl::string_view lower_word);

// The hash of a word and the one after it.
inline uint32_t NamePairHash(uint32_t first, uint32_t second) {
  return (first ^ 0x5bd1e995u) * 0x9e3779b1u + second * 0x85ebca6bu;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_NAME_TOKENS_H_
