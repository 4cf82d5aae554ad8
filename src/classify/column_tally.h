// A ColumnTally counts, over the values of one column, how many have which
// form. It keeps counts and hashes, no value.
#ifndef SUBROSA_SRC_CLASSIFY_COLUMN_TALLY_H_
#define SUBROSA_SRC_CLASSIFY_COLUMN_TALLY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/classify/code_shape.h"
#include "src/classify/code_table.h"
#include "src/classify/name_rules.h"
#include "src/classify/text_scanner.h"

namespace subrosa {

class ColumnTally {
 public:
  // Distinct values are counted up to this many.
  static constexpr size_t kMaxDistinct = 4096;

  // What of one code system was seen.
  struct Codes {
    uint64_t shaped = 0;  // Of the system's form.
    uint64_t known = 0;   // Of its form, and a rule knows the code.
    std::map<const CodeRule*, uint64_t> by_rule;
  };

  // One rule of the text scanner.
  struct Match {
    uint64_t values = 0;  // In which it was found.
    uint64_t whole = 0;   // Of which it is nearly all.
    double score = 0;     // The best.
    v1::IdentifierKind identifier = v1::IDENTIFIER_UNSPECIFIED;
  };

  ColumnTally() : codes_(CodeShapes().size()) {}

  // Takes one value that is not empty. Errors as TextScanner::Scan.
  absl::Status Add(absl::string_view value, const CodeTable& codes,
                   const TextScanner& scanner, TextScanner::Scratch* scratch);

  uint64_t values() const { return values_; }
  uint64_t distinct() const { return hashes_.size(); }

  // What kind of value most of them are.
  NamedValue Kind() const;

  // At least a third of the values are of several words.
  bool IsFreeText() const { return values_ > 0 && 3 * wordy_ >= values_; }

  // By index in CodeShapes().
  const std::vector<Codes>& codes() const { return codes_; }

  // By the rule's index in the scanner's rules.
  const std::map<uint16_t, Match>& matches() const { return matches_; }

  // How many values may be an identifier of `kind`, if the column's name says
  // that they are (HasLooseForm).
  uint64_t loose(v1::IdentifierKind kind) const {
    const auto found = loose_.find(kind);
    return found == loose_.end() ? 0 : found->second;
  }

  double ShareOf(uint64_t count) const {
    return values_ == 0
               ? 0
               : static_cast<double>(count) / static_cast<double>(values_);
  }

 private:
  uint64_t values_ = 0;
  uint64_t numbers_ = 0;
  uint64_t bools_ = 0;
  uint64_t times_ = 0;
  uint64_t wordy_ = 0;
  absl::flat_hash_set<size_t> hashes_;
  std::vector<Codes> codes_;
  std::map<uint16_t, Match> matches_;
  std::map<v1::IdentifierKind, uint64_t> loose_;
};

// True for what is written like a day or a time: four digits, and more behind
// dashes or slashes; or day, month and year of two and four digits.
bool IsTimeShape(absl::string_view value);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_COLUMN_TALLY_H_
