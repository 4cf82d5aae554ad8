#include "src/classify/column_evaluation.h"

#include <algorithm>
#include <map>
#include <random>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/taxonomy_facts.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

constexpr absl::string_view kIdentifier = "identifier:";
constexpr int kResamples = 1000;

std::string KindOf(const Finding& finding) {
  if (finding.category != v1::HEALTH_CATEGORY_UNSPECIFIED) {
    return std::string(Slug(finding.category));
  }
  if (finding.identifier != v1::IDENTIFIER_UNSPECIFIED) {
    return absl::StrCat(kIdentifier, Slug(finding.identifier));
  }
  return "";
}

bool IsKind(absl::string_view kind) {
  if (absl::ConsumePrefix(&kind, kIdentifier)) {
    return ParseSlug<v1::IdentifierKind>(kind).ok();
  }
  return ParseSlug<v1::HealthCategory>(kind).ok();
}

// One kind in one column: 1 or 0 each.
struct Judgment {
  std::string kind;
  int labelled = 0;
  int found = 0;
};

// What is found in a column, by kind the best finding.
std::map<std::string, const Finding*> FoundIn(const ColumnReport& report) {
  std::map<std::string, const Finding*> found;
  for (const ColumnFinding& one : report.findings) {
    const std::string kind = KindOf(one.finding);
    if (kind.empty() || one.finding.score < kMinColumnScore) continue;
    const Finding*& best = found[kind];
    if (best == nullptr || best->score < one.finding.score) {
      best = &one.finding;
    }
  }
  return found;
}

std::vector<Judgment> Judge(const LabelledColumn& label,
                            const ColumnReport& report,
                            std::vector<ColumnError>* errors) {
  std::vector<Judgment> judgments;
  const auto found = FoundIn(report);
  for (const std::string& kind : label.kinds) {
    const bool is_found = found.count(kind) != 0;
    judgments.push_back({kind, 1, is_found ? 1 : 0});
    if (!is_found) errors->push_back({label.name, kind, true, "", 0});
  }
  for (const auto& [kind, finding] : found) {
    if (label.kinds.count(kind) != 0) continue;
    judgments.push_back({kind, 0, 1});
    errors->push_back(
        {label.name, kind, false, finding->rule_id, finding->score});
  }
  return judgments;
}

void Add(const Judgment& judgment, ColumnRow* row) {
  row->labelled += judgment.labelled;
  row->found += judgment.found;
  row->right += judgment.labelled * judgment.found;
}

SpanScore ScoreOfRow(const ColumnRow& row) {
  return ScoreOf(row.labelled, row.right, row.found, row.right);
}

// The row of the judgments of `kind`, or of all if it is empty.
ColumnRow RowOf(const std::string& kind,
                const std::vector<std::vector<Judgment>>& columns,
                uint64_t seed) {
  std::vector<ColumnRow> by_column(columns.size());
  ColumnRow row;
  row.kind = kind;
  for (size_t i = 0; i < columns.size(); ++i) {
    for (const Judgment& judgment : columns[i]) {
      if (!kind.empty() && judgment.kind != kind) continue;
      Add(judgment, &by_column[i]);
      Add(judgment, &row);
    }
  }
  row.score = ScoreOfRow(row);
  std::mt19937_64 random(seed);
  std::vector<double> scores;
  for (int i = 0; i < kResamples && !columns.empty(); ++i) {
    ColumnRow drawn;
    for (size_t n = 0; n < columns.size(); ++n) {
      const ColumnRow& one = by_column[random() % columns.size()];
      drawn.labelled += one.labelled;
      drawn.found += one.found;
      drawn.right += one.right;
    }
    scores.push_back(ScoreOfRow(drawn).f2);
  }
  row.f2_interval = MiddleOf(std::move(scores));
  return row;
}

absl::StatusOr<LabelledColumn> ParseLine(absl::string_view line) {
  const std::vector<absl::string_view> cells = absl::StrSplit(line, '\t');
  if (cells.size() != 2 || cells[0].empty() || cells[1].empty()) {
    return absl::InvalidArgumentError(
        "want a column's name, a tab and its kinds, or - for none");
  }
  LabelledColumn column;
  column.name = std::string(cells[0]);
  if (cells[1] == "-") return column;
  for (const absl::string_view kind : absl::StrSplit(cells[1], ',')) {
    if (!IsKind(kind)) {
      return absl::InvalidArgumentError(
          "kinds: want slugs of health categories, or of identifiers with "
          "`identifier:` before them, got another");
    }
    column.kinds.emplace(kind);
  }
  return column;
}

}  // namespace

absl::StatusOr<std::vector<LabelledColumn>> ParseColumnLabels(
    absl::string_view text) {
  std::vector<LabelledColumn> columns;
  std::set<std::string> names;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    absl::ConsumeSuffix(&line, "\r");
    if (line.empty() || line[0] == '#') continue;
    absl::StatusOr<LabelledColumn> column = ParseLine(line);
    if (column.ok() && !names.insert(column->name).second) {
      column =
          absl::InvalidArgumentError("want each column once, got it twice");
    }
    if (column.ok() && columns.size() == TableClassifier::kMaxColumns) {
      column = absl::InvalidArgumentError(absl::StrCat(
          "want at most ", TableClassifier::kMaxColumns, " columns, got more"));
    }
    if (!column.ok()) {
      return Annotate(column.status(), absl::StrCat("line ", number));
    }
    columns.push_back(*std::move(column));
  }
  return columns;
}

absl::StatusOr<ColumnEvaluation> EvaluateColumns(
    absl::Span<const LabelledColumn> labels,
    absl::Span<const ColumnReport> reports, uint64_t seed) {
  std::map<absl::string_view, const LabelledColumn*> by_name;
  for (const LabelledColumn& label : labels) by_name[label.name] = &label;
  ColumnEvaluation evaluation;
  std::vector<std::vector<Judgment>> columns;
  std::set<std::string> kinds;
  for (const ColumnReport& report : reports) {
    const auto label = by_name.find(report.name);
    if (label == by_name.end()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "column ", columns.size() + 1, ": want a label for it, got none"));
    }
    columns.push_back(Judge(*label->second, report, &evaluation.errors));
    for (const Judgment& one : columns.back()) kinds.insert(one.kind);
  }
  if (labels.size() != reports.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("labels: want one for each of ", reports.size(),
                     " columns, got ", labels.size()));
  }
  evaluation.columns = columns.size();
  for (const std::string& kind : kinds) {
    evaluation.kinds.push_back(RowOf(kind, columns, seed));
  }
  evaluation.all = RowOf("", columns, seed);
  evaluation.all.kind = "all";
  return evaluation;
}

}  // namespace subrosa
