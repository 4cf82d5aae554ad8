// Which rules of the packs have a test, and which parts of Subrosa that would
// act on them are not built yet. From src/law/coverage.tsv, which is printed
// from the tests.
#ifndef SUBROSA_SRC_LAW_LAW_COVERAGE_H_
#define SUBROSA_SRC_LAW_LAW_COVERAGE_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/law/law_book.h"

namespace subrosa {

enum class Coverage {
  kTested,
  kPlanned,   // No test, and what would act on it is not built.
  kUntested,  // No test, though it is built: a test fails.
};

// "tested", "planned", "untested".
absl::string_view CoverageText(Coverage coverage);

class LawCoverage {
 public:
  // The shipped file. INTERNAL if it is malformed, which a test rules out.
  static absl::StatusOr<LawCoverage> BuiltIn();

  // INVALID_ARGUMENT, `coverage.tsv:line: want …, got …`.
  static absl::StatusOr<LawCoverage> Parse(absl::string_view text);

  Coverage Of(const LawEntry& entry) const;

  // The tests of `rule`, "path TestName"; empty if there are none.
  std::vector<std::string> TestsOf(absl::string_view rule) const;

  // Rules that a test names and `book` does not have.
  std::vector<std::string> Unknown(const LawBook& book) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> tests_;
  std::map<std::string, std::string, std::less<>> planned_;  // Room to what.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_LAW_LAW_COVERAGE_H_
