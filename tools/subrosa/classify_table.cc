// Classifies a table column by column, and drafts the mapping by which `ingest`
// would read it.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/classify/name_rules.h"
#include "src/classify/table_classifier.h"
#include "src/ingest/message_types.h"
#include "tools/subrosa/classify_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/finding_text.h"
#include "tools/subrosa/mapping_proposal.h"
#include "tools/subrosa/table_rows.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// A sample of more would take more memory than a command should.
constexpr uint64_t kMaxSample = 100000;

struct TableArguments {
  std::string place;
  char separator = ',';
  bool json = false;
  bool propose = false;
  std::string message;
  std::string zone;
  std::string descriptor_set;
  TableOptions table;
};

absl::string_view ValueText(NamedValue value) {
  switch (value) {
    case NamedValue::kText:
      return "text";
    case NamedValue::kNumber:
      return "number";
    case NamedValue::kBool:
      return "truth";
    case NamedValue::kTime:
      return "time";
    default:
      return "unknown";
  }
}

std::string PercentText(double share) {
  return absl::StrCat(static_cast<int>(share * 100 + 0.5), " %");
}

Json ColumnJson(const ColumnReport& column) {
  Json findings = Json::array();
  for (const ColumnFinding& found : column.findings) {
    Json json = FindingJson(found.finding);
    json.erase("span");
    if (found.from_name) json["basis"] = "name";
    json["share"] = found.share < 0 ? Json(nullptr) : Json(found.share);
    findings.push_back(std::move(json));
  }
  return {
      {"column", column.name},
      {"value", ValueText(column.value)},
      {"rows", column.rows},
      {"values", column.values},
      {"unread", column.unread},
      {"judged", column.judged},
      {"distinct", column.distinct},
      {"free_text", column.free_text},
      {"not_personal", column.not_personal},
      {"code_system",
       column.code_system.empty() ? Json(nullptr) : Json(column.code_system)},
      {"findings", std::move(findings)}};
}

// Names that are no UTF-8 are replaced.
std::string JsonLine(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string ColumnText(const ColumnReport& column) {
  // Whatever bytes a name holds, they move no cursor.
  std::string text = absl::StrCat(
      absl::Utf8SafeCHexEscape(column.name), ": ", ValueText(column.value),
      ", ", column.values, " of ", column.rows, " rows, ", column.judged,
      " judged", column.free_text ? ", free text: it may hold anything" : "",
      column.unread == 0
          ? ""
          : absl::StrCat(", ", column.unread,
                         " more hold a list, an object or bytes: not read"),
      "\n");
  for (const ColumnFinding& found : column.findings) {
    absl::StrAppend(&text, "  ", FindingText(found.finding));
    if (found.share >= 0) {
      absl::StrAppend(&text, " (", PercentText(found.share), " fit)");
    }
    absl::StrAppend(&text, "\n");
  }
  if (column.findings.empty() && !column.free_text && column.unread == 0) {
    absl::StrAppend(&text, column.not_personal
                               ? "  nothing about a person, by its name\n"
                               : "  nothing is known of it\n");
  }
  return text;
}

// Prints what was asked for to stdout, and what a person should know to stderr.
absl::StatusOr<std::string> RunTable(const TableArguments& arguments,
                                     const Streams& streams) {
  std::unique_ptr<MessageTypes> loaded;
  const MessageTypes* types = MessageTypes::Linked();
  if (!arguments.descriptor_set.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(
        loaded, MessageTypes::LoadDescriptorSet(arguments.descriptor_set));
    types = loaded.get();
  }
  SUBROSA_ASSIGN_OR_RETURN(const TableRows rows,
                           OpenTableRows(arguments.place, arguments.separator));
  TableOptions options = arguments.table;
  options.table_name = rows.name;
  SUBROSA_ASSIGN_OR_RETURN(const auto classifier,
                           TableClassifier::Create(options));
  SUBROSA_RETURN_IF_ERROR(
      Annotate(classifier->Read(rows.source.get()), arguments.place));
  if (*rows.rejected > 0) {
    std::fprintf(streams.err, "%s: %llu rows are none, and were passed over\n",
                 arguments.place.c_str(),
                 static_cast<unsigned long long>(*rows.rejected));
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<ColumnReport> reports,
                           classifier->Report());
  const auto unread =
      std::count_if(reports.begin(), reports.end(),
                    [](const ColumnReport& each) { return each.unread > 0; });
  if (unread > 0) {
    std::fprintf(streams.err,
                 "%s: %d columns hold lists, objects or bytes, which were not "
                 "read: what is in them is not known\n",
                 arguments.place.c_str(), static_cast<int>(unread));
  }
  std::string text;
  if (!arguments.propose) {
    for (const ColumnReport& report : reports) {
      absl::StrAppend(&text, arguments.json ? JsonLine(ColumnJson(report))
                                            : ColumnText(report));
    }
    return text;
  }
  std::vector<ProposalColumn> columns;
  for (size_t i = 0; i < reports.size(); ++i) {
    columns.push_back({&reports[i], &classifier->sample(i)});
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const MappingProposal proposal,
      ProposeMapping(rows.name, columns, arguments.separator, arguments.message,
                     arguments.zone, *types));
  if (proposal.unsure > 0) {
    std::fprintf(streams.err, "%s: judge the %zu columns marked UNSURE\n",
                 arguments.place.c_str(), proposal.unsure);
  }
  return proposal.text;
}

}  // namespace

ExitCode ClassifyTable(absl::Span<const std::string> arguments,
                       const Streams& streams) {
  TableArguments table;
  std::vector<std::string> places;
  std::string separator;
  uint64_t sample = table.table.sample_values;
  int output = 0;
  CommandLine line(
      "classify table",
      "Says of each column of a table what kinds of data it holds, from its "
      "name and a sample of its values: FILE.csv, FILE.ndjson, or "
      "DATABASE:TABLE of SQLite. Takes nothing into a home, and prints no "
      "value.");
  line.AddArguments("table", &places, "A file, or a database and its table");
  line.AddOption("--separator", &separator,
                 "One byte between the cells of CSV [,]; tab for a tabulator");
  line.AddNumber("--sample", &sample,
                 "How many values of each column are judged [1000]");
  line.AddNumber("--seed", &table.table.seed, "Draws the sample [1]");
  line.AddFlag("--every-value", &table.table.every_value,
               "Judge every value, and not a sample");
  line.AddFlag("--propose-mapping", &table.propose,
               "Print a mapping for `ingest --mapping` instead");
  line.AddOption("--message", &table.message,
                 "The message that the rows become in it, by its full name "
                 "[the shipped one that fits best]");
  line.AddOption("--zone", &table.zone,
                 "Where the table's clocks hung, by its IANA name");
  line.AddOption("--descriptor-set", &table.descriptor_set,
                 "Your own messages, by protoc --include_imports "
                 "--descriptor_set_out");
  line.AddChoice("--format", &output, {{"text", 0}, {"json", 1}},
                 "How to print the findings [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (places.size() != 1) {
    return UsageError("classify table", "table: want one", streams);
  }
  if (sample < 1 || sample > kMaxSample) {
    return UsageError("classify table", "--sample: want 1 to 100000", streams);
  }
  if (separator == "tab") separator = "\t";
  if (separator.size() > 1 || separator == "\"" || separator == "\n") {
    return UsageError("classify table", "--separator: want one byte", streams);
  }
  table.place = places.front();
  if (!separator.empty()) table.separator = separator[0];
  table.json = output == 1;
  table.table.sample_values = sample;

  const absl::StatusOr<std::string> text = RunTable(table, streams);
  if (!text.ok()) return Fail(text.status(), streams);
  return Print(*text, streams);
}

}  // namespace subrosa
