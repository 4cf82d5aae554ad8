// Health language on the command line: what a text tells of health, and how
// well that agrees with labelled lines.
#ifndef SUBROSA_TOOLS_SUBROSA_HEALTH_TEXT_H_
#define SUBROSA_TOOLS_SUBROSA_HEALTH_TEXT_H_

#include <cstddef>
#include <string>

#include "tools/subrosa/command.h"

namespace subrosa {

// A line is what is held in memory at a time; a longer one is refused.
inline constexpr size_t kMaxHealthLineBytes = 1 << 20;

// Prints each mention of health in the file `path` ("-": standard input): its
// line and bytes there, what it is about, of whose and how surely. Prints none
// of the text.
ExitCode ExplainHealth(const std::string& path, bool json,
                       const Streams& streams);

// Prints how many of the labelled lines in the file `path` health language is
// found in (docs/examples/labelled/health_lines.md), and none of them.
ExitCode EvaluateHealthLines(const std::string& path, bool json,
                             const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_HEALTH_TEXT_H_
