// An InferenceReader tells what of a consumer's health follows from what is no
// health data: an article that was read, a purchase, a visit near a place of
// care, an event's name, that a service is used at all. A named consumer's
// inferred health data is health data (RCW 19.373.010(8)(b)(xiii)).
//
// Thread-safe. Findings hold no value of a signal.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(
//       const auto reader, InferenceReader::Create(health, FacilityList()));
//   for (const Finding& finding : reader.Read(
//            {SignalKind::kContent, "payload.title", "therapy-for-couples"}))
//     ...  // inference/content-view, of therapy.
#ifndef SUBROSA_SRC_CLASSIFY_INFERENCE_READER_H_
#define SUBROSA_SRC_CLASSIFY_INFERENCE_READER_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/classification.h"
#include "src/classify/facility_list.h"
#include "src/classify/health_lexicon.h"
#include "src/classify/health_reader.h"
#include "src/classify/inference_rules.h"

namespace subrosa {

// Something known of a consumer.
struct Signal {
  SignalKind kind = SignalKind::kContent;
  // From where: what is inferred is said to be derived from it.
  std::string field_path;
  absl::string_view value;  // Words, a slug, an address; of the others, empty.
  double latitude = 0;      // Of a visit.
  double longitude = 0;
  int hour = 0;  // Of the consumer's day, 0 to 23.
};

class InferenceReader {
 public:
  // A longer value is read up to here.
  static constexpr size_t kMaxValueBytes = 4096;

  // With the shipped rules. `health` must outlive it. INTERNAL if the rules are
  // not as their format says, which a test rules out.
  static absl::StatusOr<InferenceReader> Create(const HealthReader& health,
                                                FacilityList facilities);

  // Findings of basis kInference: for each rule that holds one for each of its
  // categories, the statute's thirteenth with the labels of what is inferred,
  // with clause and score; the reason says what it is derived from: the field,
  // and the rules on health language that its words met. `span` is left to the
  // caller.
  std::vector<Finding> Read(const Signal& signal) const;

  // Calls `visit` with each rule that holds, and the rules on health language
  // that it holds by: the same without findings.
  using RuleVisitor = absl::FunctionRef<void(
      const InferenceRule& rule, absl::Span<const HealthRule* const> spoken)>;
  void VisitRules(const Signal& signal, RuleVisitor visit) const;

  const InferenceRules& rules() const { return rules_; }

 private:
  InferenceReader(const HealthReader& health, FacilityList facilities,
                  InferenceRules rules)
      : health_(&health),
        facilities_(std::move(facilities)),
        rules_(std::move(rules)) {}

  const HealthReader* health_;
  FacilityList facilities_;
  InferenceRules rules_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_INFERENCE_READER_H_
