// The patterns that identifiers have in text, whole: what the scanner finds, as
// far as regular expressions can say it. For comparison: whoever looks with
// expressions alone has to look for these.
#ifndef SUBROSA_TESTS_BENCH_WHOLE_PATTERNS_H_
#define SUBROSA_TESTS_BENCH_WHOLE_PATTERNS_H_

#include <string>
#include <vector>

namespace subrosa {

struct WholePattern {
  std::string name;
  std::string text;
  bool caseless = false;
};

// One for each form of each rule of text_rules.h that is found without names:
// with its borders, with the words that must stand beside it, and for what a
// label names (`MRN: …`) with all labels of the rule. No check digit, no range
// and no confuser is in them: an expression finds more than the scanner.
std::vector<WholePattern> WholePatterns();

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_WHOLE_PATTERNS_H_
