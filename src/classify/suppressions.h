// Suppressions are findings that someone reviewed and called false alarms, in a
// file that is kept beside the code: tab-separated lines
//
//   rule  where  reason  reviewer  reviewed  expires
//   text/phone  file:logs/*.txt  our own support line  m.okafor  2026-11-01
//     2027-11-01            (one line in the file)
//
// `rule` is the id of one rule. `where` is one of
//   field:payload.note    a field path, without indexes: of every element
//   file:logs/*.txt       a file's path as given; * and ? match `/` too
//   value:n2o4w6y7a3c5    a pseudonym of the value (redactor.h) under a key
// A value never stands there in clear, since the file is read by more people
// than the data; nor as a plain hash, which a list of all telephone numbers
// undoes. Dates are days; on the day `expires` an entry no longer holds.
//
// What is suppressed is counted, never lost; entries that are unused or expired
// are told, so that the file does not grow for ever.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_CLASSIFY_SUPPRESSIONS_H_
#define SUBROSA_SRC_CLASSIFY_SUPPRESSIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace subrosa {

// One entry, as it stands in the file.
struct Suppression {
  int line = 0;
  std::string rule_id;
  std::string reason;
  std::string reviewer;
  absl::CivilDay expires;
  bool is_expired = false;
  uint64_t used = 0;  // How many findings it held for.
};

class Suppressions {
 public:
  static constexpr size_t kMaxEntries = 100000;
  static constexpr size_t kMaxPatternBytes = 256;

  // No entries.
  Suppressions() = default;

  // INVALID_ARGUMENT, with the line's number, for a line that is not as above,
  // an empty column, a `where` of another kind, a day that is none or not after
  // the review, the same rule and place twice, or more than kMaxEntries.
  static absl::StatusOr<Suppressions> Parse(absl::string_view text,
                                            absl::CivilDay today);

  // Findings from here on are in the file `path`.
  void BeginFile(const std::string& path);

  // Whether any entry needs a value's pseudonym.
  bool needs_pseudonyms() const { return needs_pseudonyms_; }

  // Whether a finding of `rule_id` is a reviewed false alarm; counts it if so.
  // `field_path` may be empty, and so may `pseudonym` (12 digits).
  bool Suppresses(absl::string_view rule_id, absl::string_view field_path,
                  absl::string_view pseudonym);

  const std::vector<Suppression>& entries() const { return entries_; }

 private:
  // Where an entry holds.
  enum class Kind { kField, kFile, kValue };

  absl::Status AddLine(absl::string_view line, int number,
                       absl::CivilDay today);
  bool Use(absl::string_view rule_id, Kind kind, absl::string_view where);

  std::vector<Suppression> entries_;
  // "rule\nkind\nwhere", for fields and values; patterns of files are listed.
  absl::flat_hash_map<std::string, size_t> by_place_;
  struct FilePattern {
    std::string pattern;
    size_t entry;
  };
  std::vector<FilePattern> patterns_;
  // Entries that hold for the whole of the present file, by rule.
  absl::flat_hash_map<std::string, size_t> in_file_;
  bool needs_pseudonyms_ = false;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_SUPPRESSIONS_H_
