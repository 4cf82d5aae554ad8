// Measures what is read as health language against lines that people labelled
// (docs/examples/labelled/health_lines.md says how). It counts; it keeps no
// line.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_EVALUATION_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_EVALUATION_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/health_reader.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

struct HealthLine {
  std::string half;  // "tune", "held"; a source's name in files of two columns.
  bool is_health = false;
  // UNSPECIFIED: none was set.
  v1::HealthLabel finer = v1::HEALTH_LABEL_UNSPECIFIED;
  std::string experiencer;  // As ExperiencerText; empty: not set.
  std::string assertion;    // As AssertionText, or "topic"; empty: not set.
  std::string text;
};

// Reads `line`: half, label, finer label, experiencer, assertion and text, with
// tabs between; or label and text alone, of half "all". The label is "health",
// or "not" or "nonhealth".
//
// INVALID_ARGUMENT, `want …, got …`, for anything else. The message repeats
// nothing of the line.
absl::StatusOr<HealthLine> ParseHealthLine(absl::string_view line);

// Counts of one half.
struct HealthTally {
  uint64_t health = 0;  // Labelled so.
  uint64_t not_health = 0;
  uint64_t found = 0;   // Of `health`.
  uint64_t alarms = 0;  // Of `not_health`.
  // Of those found, how many have a label, and how many agree.
  uint64_t with_finer = 0;
  uint64_t right_finer = 0;
  uint64_t with_experiencer = 0;
  uint64_t right_experiencer = 0;
  uint64_t with_assertion = 0;
  uint64_t right_assertion = 0;

  double recall() const;
  double alarm_rate() const;
  double accuracy() const;
};

class HealthEvaluation {
 public:
  // Counts what `reader` makes of `line`. A finer label agrees if any mention
  // has it; experiencer and assertion agree if the first mention with that
  // label, or else the first, has them.
  void Add(const HealthReader& reader, const HealthLine& line);

  // By half.
  const std::map<std::string, HealthTally>& tallies() const { return tallies_; }

 private:
  std::map<std::string, HealthTally> tallies_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_EVALUATION_H_
