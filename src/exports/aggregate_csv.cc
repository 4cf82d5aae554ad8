#include "src/exports/aggregate_csv.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/exports/record_text.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// What was asked and when: the same in every row.
constexpr absl::string_view kOfTheAnswer[] = {
    "aggregate", "entity",   "recipient", "purpose",     "title",      "period",
    "type",      "group_by", "mean_of",   "least_group", "answered_on"};
constexpr absl::string_view kOfTheRow[] = {"value", "consumers", "mean"};
constexpr absl::string_view kSuppressed = "some_groups_suppressed";

// The cell of `name`; an empty one where there is none, or null.
void AppendCell(const Json& object, absl::string_view name, std::string* out) {
  const auto found = object.find(std::string(name));
  if (found == object.end() || found->is_null()) {
    AppendCsvCell("", out);
  } else if (found->is_string()) {
    AppendCsvCell(found->get_ref<const std::string&>(), out);
  } else {
    AppendCsvCell(found->dump(), out);
  }
}

void AppendRow(const Json& answer, absl::string_view about, const Json& row,
               std::string* out) {
  for (const absl::string_view name : kOfTheAnswer) {
    AppendCell(answer, name, out);
    out->push_back(',');
  }
  AppendCsvCell(about, out);
  for (const absl::string_view name : kOfTheRow) {
    out->push_back(',');
    AppendCell(row, name, out);
  }
  out->push_back(',');
  AppendCell(answer, kSuppressed, out);
  out->append("\r\n");
}

}  // namespace

absl::StatusOr<std::string> AggregateCsv(absl::string_view answer) {
  const Json json = Json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("consumers")) {
    return absl::DataLossError(
        "ledger of answers: want an answer, got something else");
  }
  std::string table;
  for (const absl::string_view name : kOfTheAnswer) {
    absl::StrAppend(&table, name, ",");
  }
  table.append("about");
  for (const absl::string_view name : kOfTheRow) {
    absl::StrAppend(&table, ",", name);
  }
  absl::StrAppend(&table, ",", kSuppressed, "\r\n");
  AppendRow(json, "all", json, &table);
  if (json.contains("groups")) {
    for (const Json& group : json["groups"]) {
      AppendRow(json, "group", group, &table);
    }
  }
  return table;
}

}  // namespace subrosa
