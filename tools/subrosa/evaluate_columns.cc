// Measures what `classify table` finds against labels that people set for its
// columns.
#include "tools/subrosa/evaluate_columns.h"

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/classify/column_evaluation.h"
#include "src/classify/table_classifier.h"
#include "tools/subrosa/table_rows.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxLabelsBytes = 1 << 20;

std::string RowText(const ColumnRow& row) {
  return absl::StrFormat(
      "%-36s %8d %6d %6d  %5.3f  %5.3f  %5.3f  %5.3f %.3f-%.3f\n", row.kind,
      row.labelled, row.found, row.right, row.score.precision, row.score.recall,
      row.score.f1, row.score.f2, row.f2_interval.low, row.f2_interval.high);
}

std::string Text(const ColumnEvaluation& measured) {
  std::string text =
      absl::StrCat(measured.columns, " columns\n",
                   absl::StrFormat("%-36s %8s %6s %6s  %5s  %5s  %5s  %5s %s\n",
                                   "kind", "labelled", "found", "right", "prec",
                                   "recall", "F1", "F2", "F2, 95 %"));
  for (const ColumnRow& row : measured.kinds) {
    absl::StrAppend(&text, RowText(row));
  }
  absl::StrAppend(&text, "\n", RowText(measured.all));
  for (const ColumnError& error : measured.errors) {
    absl::StrAppend(&text, error.is_missed ? "missed " : "false alarm ",
                    error.kind, ": ", error.column,
                    error.is_missed
                        ? "\n"
                        : absl::StrFormat(", %s, score %.2f\n", error.rule_id,
                                          error.score));
  }
  return text;
}

Json RowJson(const ColumnRow& row) {
  return {{"kind", row.kind},
          {"labelled", row.labelled},
          {"found", row.found},
          {"right", row.right},
          {"precision", row.score.precision},
          {"recall", row.score.recall},
          {"f1", row.score.f1},
          {"f2", row.score.f2},
          {"f2_interval", {row.f2_interval.low, row.f2_interval.high}}};
}

std::string JsonText(const ColumnEvaluation& measured) {
  Json json = {{"columns", measured.columns},
               {"kinds", Json::array()},
               {"all", RowJson(measured.all)},
               {"errors", Json::array()}};
  for (const ColumnRow& row : measured.kinds) {
    json["kinds"].push_back(RowJson(row));
  }
  for (const ColumnError& error : measured.errors) {
    Json one = {{"column", error.column},
                {"kind", error.kind},
                {"error", error.is_missed ? "missed" : "false alarm"}};
    if (!error.is_missed) {
      one["rule"] = error.rule_id;
      one["score"] = error.score;
    }
    json["errors"].push_back(std::move(one));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

absl::StatusOr<std::string> EvaluateTable(const std::string& table,
                                          const std::string& labels_path,
                                          uint64_t seed, bool json) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string text,
                           ReadFile(labels_path, kMaxLabelsBytes));
  const auto labels = ParseColumnLabels(text);
  if (!labels.ok()) return Annotate(labels.status(), labels_path);
  SUBROSA_ASSIGN_OR_RETURN(const TableRows rows, OpenTableRows(table, ','));
  TableOptions options;
  options.table_name = rows.name;
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<TableClassifier> classifier,
                           TableClassifier::Create(options));
  SUBROSA_RETURN_IF_ERROR(Annotate(classifier->Read(rows.source.get()), table));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<ColumnReport> reports,
                           classifier->Report());
  const auto measured = EvaluateColumns(*labels, reports, seed);
  if (!measured.ok()) return Annotate(measured.status(), labels_path);
  return json ? JsonText(*measured) : Text(*measured);
}

}  // namespace subrosa
