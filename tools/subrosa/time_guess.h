// Guesses the format of a column's times from a sample of them.
#ifndef SUBROSA_TOOLS_SUBROSA_TIME_GUESS_H_
#define SUBROSA_TOOLS_SUBROSA_TIME_GUESS_H_

#include <string>
#include <vector>

#include "absl/types/optional.h"

namespace subrosa {

struct TimeGuess {
  // As a mapping writes it: `format: "%Y-%m-%d" zone: "UTC"`.
  std::string text;

  // What a person should look at; empty if nothing.
  std::string unsure;
};

// The first of the usual formats that nearly all of `values` are written in;
// absent if there is none. `zone` is an IANA name, or empty: UTC, and said to
// be unsure.
absl::optional<TimeGuess> GuessTime(const std::vector<std::string>& values,
                                    const std::string& zone);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_TIME_GUESS_H_
