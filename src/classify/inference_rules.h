// Rules of inference, read from lines of a file, so that whoever adds one needs
// no C++ (docs/classification.md has the format): what of a consumer's health
// follows from what is no health data.
//
// Thread-compatible: const calls may run at the same time.
#ifndef SUBROSA_SRC_CLASSIFY_INFERENCE_RULES_H_
#define SUBROSA_SRC_CLASSIFY_INFERENCE_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"

namespace subrosa {

// What something known of a consumer is.
enum class SignalKind {
  kContent,   // What was read, heard or watched: a title, a topic.
  kSearch,    // What was searched for.
  kEvent,     // An event's or screen's name.
  kUrl,       // An address.
  kPurchase,  // What was bought or subscribed to.
  kService,   // The kind of service that is used.
  kDevice,    // A device that is used.
  kPlace,     // The kind of a place that was visited.
  kVisit,     // Coordinates.
  kRecord,    // That a record of a type is held at all.
  kHour,      // The hour of the day.
};

struct InferenceRule {
  std::string id;     // "inference/content-view".
  std::string title;  // "content about health, read or watched".
  Classification kinds;
  double score = 0;

  std::vector<SignalKind> on;
  // Holds if the value speaks of health (HealthReader).
  bool speaks = false;
  // Or if it holds one of these, as SignalWords has them.
  std::vector<std::string> words;
  // Or if a place of care is no further away.
  double within_meters = 0;
  // Or from the first hour to the last, both of them.
  int first_hour = -1;
  int last_hour = -1;

  // A pattern instead, over many records of one consumer: holds once records
  // that meet one of these rules, by their ids, lie on `times` days of `span`
  // on end; if it is weekly, in `times` weeks of `span`, on one day of the week
  // and within an hour of one time.
  std::vector<std::string> met;
  int times = 0;
  int span = 0;
  bool is_weekly = false;

  bool IsOn(SignalKind kind) const;
  bool is_pattern() const { return times > 0; }
};

class InferenceRules {
 public:
  // Bounds of a pattern: at most so many times, and so many rules.
  static constexpr int kMaxTimes = 60;
  static constexpr size_t kMaxMet = 32;

  // INVALID_ARGUMENT, `line N: want …, got …`, for a line that is not as the
  // format says, an id that stands twice, and a rule that can never hold. A
  // pattern looks at rules that stand above it.
  static absl::StatusOr<InferenceRules> Parse(absl::string_view text);

  const std::vector<InferenceRule>& rules() const { return rules_; }

  // What a field of this name tells, by its whole name or its last words;
  // absent where names tell nothing.
  std::optional<SignalKind> SignalOfField(absl::string_view name) const;

 private:
  absl::Status AddLine(const std::vector<absl::string_view>& columns);
  absl::Status AddRule(const std::vector<absl::string_view>& columns);
  absl::Status AddMet(absl::string_view ids);
  absl::Status CheckLastRule() const;

  std::vector<InferenceRule> rules_;
  absl::flat_hash_map<std::string, SignalKind> fields_;  // As SignalWords.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_INFERENCE_RULES_H_
