#include "src/classify/span_types.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/classify/evaluation/built_in.h"

namespace subrosa {

absl::StatusOr<SpanTypes> SpanTypes::BuiltIn() {
  return Parse(kBuiltInSpanTypes);
}

absl::StatusOr<SpanTypes> SpanTypes::Parse(absl::string_view text) {
  SpanTypes types;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    SUBROSA_RETURN_IF_ERROR(
        Annotate(types.AddLine(line), absl::StrCat("line ", number)));
  }
  return types;
}

absl::Status SpanTypes::AddLine(absl::string_view line) {
  const std::vector<std::string> columns = absl::StrSplit(line, '\t');
  const bool is_type = columns[0] == "type" && columns.size() == 5;
  if (!is_type && (columns[0] != "pass" || columns.size() != 3)) {
    return absl::InvalidArgumentError(
        "want `type`, name, group, labels, rules, or `pass`, labels, reason, "
        "separated by tabs");
  }
  int index = kPass;
  if (is_type) {
    if (columns[2] != "structured" && columns[2] != "names") {
      return absl::InvalidArgumentError(
          "group: want structured or names, got something else");
    }
    if (types_.size() == kMaxTypes) {
      return absl::InvalidArgumentError(
          absl::StrCat("type: want at most ", kMaxTypes, ", got more"));
    }
    index = static_cast<int>(types_.size());
    types_.push_back({columns[1], columns[2] == "names"
                                      ? SpanGroup::kNames
                                      : SpanGroup::kStructured});
    for (const absl::string_view rule :
         absl::StrSplit(columns[4], ',', absl::SkipEmpty())) {
      rules_[rule].push_back(index);
    }
  }
  for (const absl::string_view label :
       absl::StrSplit(columns[is_type ? 3 : 1], ',', absl::SkipEmpty())) {
    if (!labels_.emplace(label, index).second) {
      return absl::InvalidArgumentError(
          "labels: want each once, got one again");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<int> SpanTypes::OfLabel(absl::string_view label) const {
  const auto known = labels_.find(label);
  if (known == labels_.end()) {
    return absl::NotFoundError("type: want a label that the types name");
  }
  return known->second;
}

const std::vector<int>& SpanTypes::OfRule(absl::string_view rule_id) const {
  static const std::vector<int>* const none = new std::vector<int>();
  const auto known = rules_.find(rule_id);
  return known == rules_.end() ? *none : known->second;
}

}  // namespace subrosa
