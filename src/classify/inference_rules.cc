#include "src/classify/inference_rules.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/classify/kind_columns.h"
#include "src/classify/signal_words.h"

namespace subrosa {
namespace {

constexpr double kMaxWithinMeters = 5000;
constexpr int kMaxDays = 366;
constexpr int kMaxWeeks = 52;

struct SignalName {
  absl::string_view name;
  SignalKind kind;
};
constexpr SignalName kSignalNames[] = {
    {"content", SignalKind::kContent},   {"search", SignalKind::kSearch},
    {"event", SignalKind::kEvent},       {"url", SignalKind::kUrl},
    {"purchase", SignalKind::kPurchase}, {"service", SignalKind::kService},
    {"device", SignalKind::kDevice},     {"place", SignalKind::kPlace},
    {"visit", SignalKind::kVisit},       {"record", SignalKind::kRecord},
    {"hour", SignalKind::kHour},
};

absl::StatusOr<SignalKind> ParseSignal(absl::string_view name) {
  const auto* signal =
      std::find_if(std::begin(kSignalNames), std::end(kSignalNames),
                   [name](const SignalName& s) { return s.name == name; });
  if (signal == std::end(kSignalNames)) return WantInRules("a signal", name);
  return signal->kind;
}

// "10 in 21" of a rule that has no such line yet; 21 at most `max_span`.
absl::Status ReadTimes(absl::string_view text, int max_span,
                       InferenceRule* rule) {
  const std::vector<absl::string_view> numbers = absl::StrSplit(text, " in ");
  if (rule->is_pattern() || numbers.size() != 2 ||
      !absl::SimpleAtoi(numbers[0], &rule->times) ||
      !absl::SimpleAtoi(numbers[1], &rule->span) || rule->times < 2 ||
      rule->times > InferenceRules::kMaxTimes || rule->times > rule->span ||
      rule->span > max_span) {
    return WantInRules(absl::StrCat("once, 2 to ", InferenceRules::kMaxTimes,
                                    " in as many or more, at most ", max_span),
                       text);
  }
  return absl::OkStatus();
}

}  // namespace

bool InferenceRule::IsOn(SignalKind kind) const {
  return std::find(on.begin(), on.end(), kind) != on.end();
}

absl::StatusOr<InferenceRules> InferenceRules::Parse(absl::string_view text) {
  InferenceRules rules;
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
    absl::Status added = absl::OkStatus();
    if (columns[0] == "rule") added = rules.CheckLastRule();
    if (added.ok()) added = rules.AddLine(columns);
    SUBROSA_RETURN_IF_ERROR(Annotate(added, absl::StrCat("line ", number)));
  }
  SUBROSA_RETURN_IF_ERROR(
      Annotate(rules.CheckLastRule(), absl::StrCat("line ", number)));
  return rules;
}

absl::Status InferenceRules::CheckLastRule() const {
  if (rules_.empty()) return absl::OkStatus();
  const InferenceRule& rule = rules_.back();
  const bool holds_ever = rule.speaks || !rule.words.empty() ||
                          rule.within_meters > 0 || rule.first_hour >= 0;
  if (rule.is_pattern() || !rule.met.empty()) {
    if (rule.is_pattern() && !rule.met.empty() && rule.on.empty() &&
        !holds_ever) {
      return absl::OkStatus();
    }
    return WantInRules("met, and days or weeks, alone in a pattern", rule.id);
  }
  if (rule.on.empty() || !holds_ever) {
    return WantInRules("a signal, and when the rule holds, before the next",
                       rule.id);
  }
  return absl::OkStatus();
}

absl::Status InferenceRules::AddRule(
    const std::vector<absl::string_view>& columns) {
  InferenceRule rule;
  if (columns.size() != 6 || !IsRuleSlug(columns[1]) ||
      !absl::SimpleAtod(columns[5], &rule.score) || !(rule.score > 0) ||
      rule.score > 1) {
    return WantInRules(
        "rule, id, title, categories, labels and a score above 0, at most 1",
        absl::StrCat(columns.size(), " columns"));
  }
  rule.id = absl::StrCat("inference/", columns[1]);
  rule.title = std::string(columns[2]);
  SUBROSA_RETURN_IF_ERROR(
      ReadKindColumns(absl::MakeConstSpan(columns).subspan(3, 2), &rule.kinds));
  if (!rule.kinds.categories.Has(v1::HEALTH_CATEGORY_INFERRED)) {
    return WantInRules("the category inferred", columns[3]);
  }
  for (const InferenceRule& other : rules_) {
    if (other.id == rule.id) return WantInRules("an id once", columns[1]);
  }
  rules_.push_back(std::move(rule));
  return absl::OkStatus();
}

absl::Status InferenceRules::AddMet(absl::string_view ids) {
  InferenceRule& pattern = rules_.back();
  for (const absl::string_view id : absl::StrSplit(ids, ", ")) {
    std::string full_id = absl::StrCat("inference/", id);
    const bool is_rule = std::any_of(
        rules_.begin(), rules_.end() - 1, [&](const InferenceRule& rule) {
          return rule.id == full_id && !rule.is_pattern();
        });
    if (!is_rule || pattern.met.size() == kMaxMet) {
      return WantInRules("ids of rules above that are no patterns", id);
    }
    pattern.met.push_back(std::move(full_id));
  }
  return absl::OkStatus();
}

absl::Status InferenceRules::AddLine(
    const std::vector<absl::string_view>& columns) {
  const absl::string_view what = columns[0];
  if (what == "rule") return AddRule(columns);
  if (what == "signal" && columns.size() == 3) {
    SUBROSA_ASSIGN_OR_RETURN(const SignalKind kind, ParseSignal(columns[1]));
    for (const absl::string_view name : absl::StrSplit(columns[2], ", ")) {
      if (!fields_.emplace(SignalWords(name), kind).second) {
        return WantInRules("a field's name once", name);
      }
    }
    return absl::OkStatus();
  }
  if (rules_.empty()) return WantInRules("a rule before what it needs", what);
  InferenceRule& rule = rules_.back();
  if (what == "speaks" && columns.size() == 1) {
    rule.speaks = true;
    return absl::OkStatus();
  }
  if (columns.size() != 2) return WantInRules("two columns", what);
  if (what == "on") {
    for (const absl::string_view name : absl::StrSplit(columns[1], ' ')) {
      SUBROSA_ASSIGN_OR_RETURN(const SignalKind kind, ParseSignal(name));
      rule.on.push_back(kind);
    }
    return absl::OkStatus();
  }
  if (what == "words") {
    for (const absl::string_view phrase : absl::StrSplit(columns[1], ", ")) {
      rule.words.push_back(SignalWords(phrase));
      if (rule.words.back() != absl::StrCat(" ", phrase, " ")) {
        return WantInRules("words in lower case", phrase);
      }
    }
    return absl::OkStatus();
  }
  if (what == "met") return AddMet(columns[1]);
  if (what == "days") return ReadTimes(columns[1], kMaxDays, &rule);
  if (what == "weeks") {
    rule.is_weekly = true;
    return ReadTimes(columns[1], kMaxWeeks, &rule);
  }
  if (what == "within" && absl::SimpleAtod(columns[1], &rule.within_meters) &&
      rule.within_meters > 0 && rule.within_meters <= kMaxWithinMeters) {
    return absl::OkStatus();
  }
  const std::vector<absl::string_view> hours = absl::StrSplit(columns[1], '-');
  if (what == "hours" && hours.size() == 2 &&
      absl::SimpleAtoi(hours[0], &rule.first_hour) &&
      absl::SimpleAtoi(hours[1], &rule.last_hour) && rule.first_hour >= 0 &&
      rule.first_hour <= rule.last_hour && rule.last_hour < 24) {
    return absl::OkStatus();
  }
  return WantInRules(
      "rule, signal, on, speaks, words, within (meters, at most 5000), hours "
      "(0-23), met, days or weeks",
      what);
}

std::optional<SignalKind> InferenceRules::SignalOfField(
    absl::string_view name) const {
  const std::string words = SignalWords(name);
  absl::string_view rest = words;
  while (rest.size() > 1) {
    const auto field = fields_.find(rest);
    if (field != fields_.end()) return field->second;
    rest.remove_prefix(rest.find(' ', 1));
  }
  return std::nullopt;
}

}  // namespace subrosa
