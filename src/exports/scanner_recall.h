// How much of what identifies the scanner finds in texts, as it was measured: a
// set whose texts were redacted by it has to say so. The figures are data
// (src/exports/scanner_recall/scanner_recall.tsv), which `subrosa evaluate`
// prints and a test compares.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_EXPORTS_SCANNER_RECALL_H_
#define SUBROSA_SRC_EXPORTS_SCANNER_RECALL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

struct ScannerRecall {
  struct Part {
    std::string what;      // "identifiers".
    int64_t labelled = 0;  // By people, above 0.
    int64_t covered = 0;   // Of these, by what was found.

    double Recall() const {
      return static_cast<double>(covered) / static_cast<double>(labelled);
    }
  };

  // What ships. INTERNAL if it is malformed, which a test rules out.
  static absl::StatusOr<ScannerRecall> BuiltIn();

  // INVALID_ARGUMENT, by line, for a malformed line; without source, year and
  // at least one part; or where more is covered than was labelled.
  static absl::StatusOr<ScannerRecall> Parse(absl::string_view text);

  std::string source;  // How it was measured.
  std::string year;
  std::vector<Part> parts;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SCANNER_RECALL_H_
