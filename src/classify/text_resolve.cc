#include "src/classify/text_resolve.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

constexpr size_t kMostJoined = 1024;

// By place; the winner of two at one place comes first.
struct ComesBefore {
  bool operator()(const TextCandidate& a, const TextCandidate& b) const {
    if (a.begin != b.begin) return a.begin < b.begin;
    if (a.end != b.end) return a.end > b.end;
    if (a.score != b.score) return a.score > b.score;
    return a.rule < b.rule;
  }
};

// Whether `next`, which overlaps `current` and comes after it, takes its place.
bool TakesPlace(const TextCandidate& next, const TextCandidate& current) {
  if (next.end <= current.end) return false;
  if (next.begin == current.begin) return true;
  if (next.score != current.score) return next.score > current.score;
  return next.end - next.begin > current.end - current.begin;
}

void TellLoser(const TextCandidate& loser, const TextCandidate& winner,
               std::vector<TextRefusal>* refusals) {
  if (refusals == nullptr || loser.rule == winner.rule) return;
  const bool inside = loser.begin >= winner.begin && loser.end <= winner.end;
  refusals->push_back(
      {{loser.begin, loser.end - loser.begin},
       loser.rule,
       absl::StrCat("it lies ", inside ? "inside" : "partly inside", " what ",
                    RuleOf(winner.rule).id, " found",
                    inside ? ""
                           : ", which is the surer or the longer of the "
                             "two")});
}

}  // namespace

void CandidateResolver::Clear() {
  waiting_.clear();
  current_ = {};
}

void CandidateResolver::Settle(size_t limit, std::vector<TextCandidate>* kept,
                               std::vector<TextRefusal>* refusals) {
  // Each kind of shape adds its candidates in order: long runs, which merging
  // sorts fast.
  std::stable_sort(waiting_.begin(), waiting_.end(), ComesBefore());
  size_t settled = 0;
  for (; settled < waiting_.size() && waiting_[settled].begin < limit;
       ++settled) {
    const TextCandidate& next = waiting_[settled];
    if (current_.end == 0) {
      current_ = next;
    } else if (next.begin >= current_.end) {
      kept->push_back(current_);
      current_ = next;
    } else if (next.rule == current_.rule && next.end > current_.end &&
               next.end - current_.begin <= kMostJoined) {
      current_.end = next.end;
      current_.score = std::max(current_.score, next.score);
    } else if (TakesPlace(next, current_)) {
      TellLoser(current_, next, refusals);
      current_ = next;
    } else {
      TellLoser(next, current_, refusals);
    }
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + settled);
  if (current_.end != 0 && current_.end <= limit) {
    kept->push_back(current_);
    current_ = {};
  }
}

}  // namespace subrosa
