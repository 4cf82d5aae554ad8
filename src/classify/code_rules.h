// Reads one file of code rules (src/classify/codes/*.tsv). Internal to this
// room; docs/classification.md describes the format.
#ifndef SUBROSA_SRC_CLASSIFY_CODE_RULES_H_
#define SUBROSA_SRC_CLASSIFY_CODE_RULES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/code_table.h"

namespace subrosa {

// Which codes a rule is about, in the spelling that the system is looked up in
// (upper case and without dots, where the file says so).
struct CodePattern {
  enum Shape { kExact, kRange, kWhole };

  Shape shape = kExact;

  // kExact: the code. kRange: codes from `first`, included, to `after`,
  // excluded, in the order of their bytes.
  std::string first;
  std::string after;

  // A range may ask that the character at `position` (from 1) be `character`.
  // Position 0 asks nothing.
  size_t position = 0;
  char character = 0;

  int rule = 0;       // Place in the file's rules.
  std::string place;  // "name:line", for errors.

  // True for a range that holds `code`.
  bool Covers(absl::string_view code) const;
};

struct CodeSystemFile {
  std::string name;
  std::string system;  // Slug: "icd-10-cm".
  std::vector<std::string> uris;
  bool upper = false;
  bool drop_dots = false;
  bool (*is_code)(absl::string_view) = nullptr;  // If a form is asked for.
  std::vector<CodeRule> rules;
  std::vector<CodePattern> patterns;
};

// Reads `text`; `name` appears in errors.
//
// INVALID_ARGUMENT, `name:line: want …, got …`, for the first line that is not
// as it should be. The message may quote the file, which holds no record.
absl::StatusOr<CodeSystemFile> ParseCodeRules(absl::string_view name,
                                              absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_CODE_RULES_H_
