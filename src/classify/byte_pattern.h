// A small regular expression without unbounded repetition, met at one place of
// a text, forwards or backwards from it. What looks for many of them at once is
// PatternIndex (pattern_index.h). Internal to this room.
//
// Syntax, a part of RE2's with the same meaning: bytes as they are, `\` before
// a sign, classes (`[a-z\x80-\xff]`, `[^\n]`), groups (`(?:a|b)`), `?` and
// `{1,5}`.
//
// A pattern is matched by trying its alternatives in order. Without unbounded
// repetition it is no longer than kMaxBytes, which bounds the work.
#ifndef SUBROSA_SRC_CLASSIFY_BYTE_PATTERN_H_
#define SUBROSA_SRC_CLASSIFY_BYTE_PATTERN_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

class BytePattern {
 public:
  static constexpr size_t kMaxBytes = 64;

  enum class Direction { kForwards, kBackwards };

  // An empty pattern meets the empty string everywhere. INVALID_ARGUMENT if
  // `pattern` is not in the syntax above, or longer than kMaxBytes.
  static absl::StatusOr<BytePattern> Create(absl::string_view pattern,
                                            bool caseless, Direction direction);

  // Whether the pattern meets `text` from `place` on (forwards), or up to it
  // (backwards); if so, `other_end` is where it ends, or begins. The first of
  // its alternatives that meets decides.
  bool Meets(absl::string_view text, size_t place, size_t* other_end) const {
    return direction_ == Direction::kForwards
               ? Run<1>(0, text, place, other_end)
               : Run<-1>(0, text, place, other_end);
  }

  // One way through the first three or four bytes (backwards: the last): which
  // bytes may stand there, and how it goes on.
  struct Opening {
    static constexpr size_t kBytes = 4;
    std::array<std::bitset<256>, kBytes> bytes;
    uint16_t size = 0;  // Three if the pattern ends then; else four.
    uint16_t rest = 0;
    // Bytes that may stand first in what is met so: those above, and after them
    // any that some way on has there.
    std::array<std::bitset<256>, 8> first_bytes;
  };
  // All ways of three bytes or more.
  std::vector<Opening> Openings() const;

  // Whether `opening` and what comes after it meet `text` from `place` on.
  bool MeetsAfter(const Opening& opening, absl::string_view text, size_t place,
                  size_t* other_end) const {
    const size_t size = opening.size;
    const bool forwards = direction_ == Direction::kForwards;
    if (forwards ? text.size() - place < size : place < size) return false;
    // From the last on: it tells most apart, since the first were looked up.
    for (size_t i = size; i-- > 0;) {
      const char byte = text[forwards ? place + i : place - 1 - i];
      if (!opening.bytes[i][static_cast<unsigned char>(byte)]) return false;
    }
    return forwards ? Run<1>(opening.rest, text, place + size, other_end)
                    : Run<-1>(opening.rest, text, place - size, other_end);
  }

 private:
  friend class BytePatternParser;
  enum class Op : uint8_t { kByte, kClass, kSplit, kJump, kEnd };
  // One step. A split tries the next step first, and then the one `value`
  // steps on; a jump goes there.
  struct Step {
    Op op;
    uint16_t value;
  };

  template <int kStep>
  bool Run(size_t step, absl::string_view text, size_t place,
           size_t* other_end) const;
  void SetFirstBytes(Opening* opening) const;
  void AddWaysOn(size_t step, std::set<size_t>* steps) const;
  void AddOpenings(size_t step, size_t depth, Opening* opening,
                   std::vector<Opening>* openings) const;

  std::vector<Step> steps_;
  std::vector<std::bitset<256>> classes_;
  Direction direction_ = Direction::kForwards;
};

template <int kStep>
bool BytePattern::Run(size_t step, absl::string_view text, size_t place,
                      size_t* other_end) const {
  for (;; ++step) {
    const Step& now = steps_[step];
    switch (now.op) {
      case Op::kByte:
      case Op::kClass: {
        if (kStep > 0 ? place >= text.size() : place == 0) return false;
        const auto byte =
            static_cast<unsigned char>(text[kStep > 0 ? place : place - 1]);
        if (now.op == Op::kByte ? byte != now.value
                                : !classes_[now.value][byte]) {
          return false;
        }
        place += kStep;
        break;
      }
      case Op::kSplit:
        if (Run<kStep>(step + 1, text, place, other_end)) return true;
        step += now.value - 1;
        break;
      case Op::kJump:
        step += now.value - 1;
        break;
      case Op::kEnd:
        *other_end = place;
        return true;
    }
  }
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_BYTE_PATTERN_H_
