#include "src/classify/inference_reader.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/classify/inference/built_in.h"
#include "src/classify/signal_words.h"
#include "src/classify/taxonomy_facts.h"

namespace subrosa {
namespace {

// Each rule of health that the words speak by, once, in their order.
std::vector<const HealthRule*> RulesSpoken(const HealthReader& health,
                                           absl::string_view words) {
  std::vector<const HealthRule*> rules;
  for (const HealthMention& mention : health.Read(words)) {
    if (std::find(rules.begin(), rules.end(), mention.rule) == rules.end()) {
      rules.push_back(mention.rule);
    }
  }
  return rules;
}

bool HoldsWordOf(const InferenceRule& rule, absl::string_view words) {
  for (const std::string& phrase : rule.words) {
    if (absl::StrContains(words, phrase)) return true;
  }
  return false;
}

void AddFindings(const InferenceRule& rule,
                 absl::Span<const HealthRule* const> spoken_rules,
                 const Signal& signal, std::vector<Finding>* findings) {
  LabelSet labels = rule.kinds.labels;
  std::string derived_from = signal.field_path;
  std::string spoken;
  for (const HealthRule* health : spoken_rules) {
    labels |= health->kinds.labels;
    absl::StrAppend(&derived_from, ", ", health->id);
    absl::StrAppend(&spoken, spoken.empty() ? ": " : ", ", health->title);
  }
  for (const v1::HealthCategory category : rule.kinds.categories.Values()) {
    Finding finding;
    finding.field_path = signal.field_path;
    finding.category = category;
    finding.labels = labels;
    finding.basis = FindingBasis::kInference;
    finding.rule_id = rule.id;
    finding.clause = FactsOf(category).clause();
    finding.score = rule.score;
    finding.reason = absl::StrCat("inferred from ", rule.title, spoken,
                                  "; derived from ", derived_from);
    findings->push_back(std::move(finding));
  }
}

}  // namespace

absl::StatusOr<InferenceReader> InferenceReader::Create(
    const HealthReader& health, FacilityList facilities) {
  absl::StatusOr<InferenceRules> rules =
      InferenceRules::Parse(kBuiltInInferenceRules);
  if (!rules.ok()) {
    return absl::InternalError(
        absl::StrCat("inference rules: ", rules.status().message()));
  }
  return InferenceReader(health, std::move(facilities), *std::move(rules));
}

std::vector<Finding> InferenceReader::Read(const Signal& signal) const {
  std::vector<Finding> findings;
  VisitRules(signal, [&](const InferenceRule& rule,
                         absl::Span<const HealthRule* const> spoken) {
    AddFindings(rule, spoken, signal, &findings);
  });
  return findings;
}

void InferenceReader::VisitRules(const Signal& signal,
                                 RuleVisitor visit) const {
  const std::string words = SignalWords(signal.value.substr(0, kMaxValueBytes));
  const std::vector<const HealthRule*> spoken = RulesSpoken(*health_, words);
  for (const InferenceRule& rule : rules_.rules()) {
    if (!rule.IsOn(signal.kind)) continue;
    if (rule.within_meters > 0) {
      const Facility* facility = facilities_.Nearest(
          signal.latitude, signal.longitude, rule.within_meters);
      if (facility == nullptr) continue;
      visit(rule, RulesSpoken(*health_, SignalWords(facility->kind)));
      continue;
    }
    const bool speaks = rule.speaks && !spoken.empty();
    if (speaks || HoldsWordOf(rule, words) ||
        (rule.first_hour >= 0 && signal.hour >= rule.first_hour &&
         signal.hour <= rule.last_hour)) {
      visit(rule, speaks ? absl::MakeConstSpan(spoken)
                         : absl::Span<const HealthRule* const>());
    }
  }
}

}  // namespace subrosa
