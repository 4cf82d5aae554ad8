// A HelpModel scores how much a line reads like somebody who asks for help with
// feelings or with those near, where no word of health says so: "he ignores me
// and I don't know what to do". A linear model over words and pairs of words;
// docs/help_model.md says on what it was trained and where it fails. Internal
// to this room.
//
// Thread-compatible: const calls may run at the same time.
#ifndef SUBROSA_SRC_CLASSIFY_HELP_MODEL_H_
#define SUBROSA_SRC_CLASSIFY_HELP_MODEL_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/health_words.h"

namespace subrosa {

class HelpModel {
 public:
  // Reads weights as tools/train_health writes them: lines of a slot and its
  // weight (-127 to 127) with a tab between, and one of `bias` (-32768 to
  // 32767), all in sixteenths. Slots stand in rising order and are below
  // 262,144. A `#` begins a comment.
  //
  // INVALID_ARGUMENT, `line N: want …, got …`, for anything else.
  static absl::StatusOr<HelpModel> Parse(absl::string_view text);

  // Logarithm of the odds that a line of these words asks for help, as the
  // model sees it: most everyday lines are below 0, and what is above 0.72
  // seldom is anything else. Linear in the words.
  double Score(absl::Span<const HealthWord> words) const;

 private:
  std::vector<int8_t> weights_;  // By slot.
  int bias_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HELP_MODEL_H_
