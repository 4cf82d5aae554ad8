// Of finds that overlap, one stays. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_TEXT_RESOLVE_H_
#define SUBROSA_SRC_CLASSIFY_TEXT_RESOLVE_H_

#include <cstddef>
#include <vector>

#include "src/classify/text_refusal.h"
#include "src/classify/text_window.h"

namespace subrosa {

// Takes candidates in any order and gives back those that stay, in order. Two
// of one rule that overlap are one, up to 1,024 bytes. Of two of different
// rules the one that contains the other stays; else the one with
// the higher score; else the longer; else the first.
class CandidateResolver {
 public:
  void Clear();

  // `candidate` counts from the beginning of the text.
  void Add(const TextCandidate& candidate) { waiting_.push_back(candidate); }

  // Appends to `kept` what is certain, given that no candidate that begins
  // before `limit` will still be added; and to `refusals`, unless it is null,
  // what gave way to one of another rule.
  void Settle(size_t limit, std::vector<TextCandidate>* kept,
              std::vector<TextRefusal>* refusals);

 private:
  std::vector<TextCandidate> waiting_;
  TextCandidate current_;  // The last that stands so far; empty if none.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TEXT_RESOLVE_H_
