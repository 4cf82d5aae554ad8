// Measures what is found in text against labels that people set.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/classify/evaluation.h"
#include "src/classify/labelled_text.h"
#include "src/classify/span_score.h"
#include "src/classify/span_types.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/line_reader.h"
#include "tools/subrosa/classify_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/evaluate_columns.h"
#include "tools/subrosa/health_text.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxLineBytes = 16 << 20;
constexpr size_t kMaxTypesFileBytes = 1 << 20;

struct EvaluateOptions {
  std::string path;
  std::string table;
  std::string types_path;
  int json = 0;
  int by_template = 0;
  bool show_text = false;
  bool names = false;
  bool years = false;
  uint64_t errors = 10;
  uint64_t seed = 1;
};

absl::StatusOr<SpanTypes> ReadTypes(const std::string& path) {
  if (path.empty()) return SpanTypes::BuiltIn();
  SUBROSA_ASSIGN_OR_RETURN(const std::string text,
                           ReadFile(path, kMaxTypesFileBytes));
  absl::StatusOr<SpanTypes> types = SpanTypes::Parse(text);
  if (!types.ok()) return Annotate(types.status(), path);
  return types;
}

absl::Status ReadTexts(const EvaluateOptions& options, Evaluation* evaluation) {
  const std::string& path = options.path;
  TextScanner::Options settings;
  settings.names = options.names;
  settings.years = options.years;
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<TextScanner> scanner,
                           TextScanner::Create(settings));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<TextScanner::Scratch> scratch,
                           scanner->NewScratch());
  SUBROSA_ASSIGN_OR_RETURN(BufferedInput input, BufferedInput::Open(path));
  LineReader lines(std::move(input), kMaxLineBytes);
  std::vector<TextMatch> matches;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const Line line, lines.Next());
    if (line.kind == Line::Kind::kEnd) return absl::OkStatus();
    const std::string place = absl::StrCat(path, ": line ", line.number);
    if (line.kind == Line::Kind::kTooLong) {
      return Annotate(lines.TooLong(), place);
    }
    const absl::StatusOr<LabelledText> text = ParseLabelledText(line.text);
    if (!text.ok()) return Annotate(text.status(), place);
    SUBROSA_RETURN_IF_ERROR(scanner->Scan(text->text, scratch.get(), &matches));
    std::vector<FoundSpan> found;
    for (const TextMatch& match : matches) {
      found.push_back({match.span, TextRules()[match.rule].id, match.score});
    }
    SUBROSA_RETURN_IF_ERROR(Annotate(evaluation->Add(*text, found), place));
  }
}

std::string IntervalText(const ScoreInterval& interval) {
  return absl::StrFormat("%.3f-%.3f", interval.low, interval.high);
}

std::string RowText(const EvaluationRow& row) {
  const SpanTally& tally = row.tally;
  const double covered = tally.labelled_bytes == 0
                             ? 1
                             : static_cast<double>(tally.covered_bytes) /
                                   static_cast<double>(tally.labelled_bytes);
  return absl::StrFormat(
      "%-28s %8d %8d  %5.3f  %5.3f  %5.3f  %5.3f %-13s  %5.3f  %5.3f  %5.3f  "
      "%5.3f\n",
      row.name, tally.labelled, tally.found, row.cover.precision,
      row.cover.recall, row.cover.f1, row.cover.f2,
      IntervalText(row.f2_interval), row.words.f2, row.paired.f2, row.exact.f2,
      covered);
}

std::string MacroText(const std::string& name, const SpanScore& score) {
  return absl::StrFormat("%-45s  %5.3f  %5.3f  %5.3f  %5.3f\n", name,
                         score.precision, score.recall, score.f1, score.f2);
}

std::string ErrorText(const EvaluationError& error) {
  std::string text = absl::StrCat(error.is_missed ? "missed" : "false alarm",
                                  " ", error.type, ": ", error.id, " ",
                                  error.span.offset, "+", error.span.length);
  if (error.is_missed) {
    absl::StrAppend(&text, ", ", error.bare_bytes, " bytes bare");
  } else {
    absl::StrAppend(&text, ", ", error.rule_id,
                    absl::StrFormat(", score %.2f", error.score));
  }
  if (!error.text.empty()) {
    // Quoted as JSON: a text may hold what a terminal obeys.
    absl::StrAppend(
        &text, ": ",
        Json(error.text).dump(-1, ' ', true, Json::error_handler_t::replace));
  }
  return text + "\n";
}

std::string ReportText(const std::string& part, const EvaluationReport& report,
                       bool by_template) {
  std::string text = absl::StrCat(part, ": ", report.texts, " texts");
  if (by_template) {
    absl::StrAppend(&text, " (", report.templates, " templates in both parts)");
  }
  absl::StrAppend(
      &text, "\n",
      absl::StrFormat("%-28s %8s %8s  %5s  %5s  %5s  %5s %-13s  %5s  %5s  %5s  "
                      "%5s\n",
                      "type", "labelled", "found", "prec", "recall", "F1", "F2",
                      "F2, 95 %", "words", "pairs", "exact", "bytes"));
  for (const EvaluationRow& row : report.types) {
    absl::StrAppend(&text, RowText(row));
  }
  absl::StrAppend(
      &text, "\n", RowText(report.structured), RowText(report.names),
      RowText(report.all), "\n",
      MacroText("structured, mean of types", report.structured_macro),
      MacroText("names, mean of types", report.names_macro),
      MacroText("all, mean of types", report.all_macro));
  if (report.not_judged > 0) {
    absl::StrAppend(&text, report.not_judged,
                    " finds of types that their source never labels: not "
                    "judged\n");
  }
  for (const EvaluationError& error : report.errors) {
    absl::StrAppend(&text, ErrorText(error));
  }
  return text;
}

Json ScoreJson(const SpanScore& score) {
  return {{"precision", score.precision},
          {"recall", score.recall},
          {"f1", score.f1},
          {"f2", score.f2}};
}

Json RowJson(const EvaluationRow& row) {
  const SpanTally& tally = row.tally;
  Json json = {{"name", row.name},
               {"labelled", tally.labelled},
               {"found", tally.found},
               {"covered", tally.covered},
               {"right", tally.right},
               {"paired", tally.paired},
               {"equal", tally.exact},
               {"labelled_bytes", tally.labelled_bytes},
               {"covered_bytes", tally.covered_bytes}};
  json["cover"] = ScoreJson(row.cover);
  json["words"] = ScoreJson(row.words);
  json["pairs"] = ScoreJson(row.paired);
  json["exact"] = ScoreJson(row.exact);
  json["f2_interval"] = {row.f2_interval.low, row.f2_interval.high};
  json["recall_interval"] = {row.recall_interval.low, row.recall_interval.high};
  return json;
}

Json ErrorJson(const EvaluationError& error) {
  Json json = {{"id", error.id},
               {"offset", error.span.offset},
               {"length", error.span.length},
               {"type", error.type},
               {"error", error.is_missed ? "missed" : "false alarm"}};
  if (error.is_missed) {
    json["bare_bytes"] = error.bare_bytes;
  } else {
    json["rule"] = error.rule_id;
    json["score"] = error.score;
  }
  if (!error.text.empty()) json["text"] = error.text;
  return json;
}

std::string ReportJson(const std::string& part,
                       const EvaluationReport& report) {
  Json json = {{"part", part},
               {"texts", report.texts},
               {"templates", report.templates},
               {"types", Json::array()},
               {"structured", RowJson(report.structured)},
               {"names", RowJson(report.names)},
               {"all", RowJson(report.all)},
               {"structured_macro", ScoreJson(report.structured_macro)},
               {"names_macro", ScoreJson(report.names_macro)},
               {"all_macro", ScoreJson(report.all_macro)},
               {"not_judged", report.not_judged},
               {"errors", Json::array()}};
  for (const EvaluationRow& row : report.types) {
    json["types"].push_back(RowJson(row));
  }
  for (const EvaluationError& error : report.errors) {
    json["errors"].push_back(ErrorJson(error));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

ExitCode Evaluate(absl::Span<const std::string> arguments,
                  const Streams& streams) {
  EvaluateOptions options;
  std::vector<std::string> files;
  CommandLine line(
      "evaluate",
      "Measures what `classify text` finds against a file of labelled texts: "
      "precision, recall, F1 and F2 by type. A label counts as found if finds "
      "of its type cover at least half of its letters and digits, a find as "
      "right if labels of its type do; beside that stand F2 by words, by pairs "
      "of one and one that overlap and by equal spans, and the share of "
      "labelled bytes that are covered. Intervals hold 95 percent of 1000 "
      "resamplings of the texts. A file whose name ends in .tsv holds lines "
      "labelled as health or not instead: it is told how many of them health "
      "language is found in, by half.");
  line.AddArguments("file", &files,
                    "Labelled texts, one JSON object a line, or - for a pipe; "
                    "with --table, labels of its columns");
  line.AddOption("--table", &options.table,
                 "Measure what `classify table` finds in this table instead, "
                 "column by column");
  line.AddOption("--types", &options.types_path,
                 "Which labels are which rules [built in]");
  line.AddChoice("--split", &options.by_template,
                 {{"none", 0}, {"by-template", 1}},
                 "Tell the half to develop rules on apart from the half held "
                 "out, with no template on both sides [none]");
  line.AddNumber("--errors", &options.errors,
                 "How many of the worst misses and false alarms to list [10]");
  line.AddFlag("--show-text", &options.show_text,
               "Print the text of those too; without it nothing of the file's "
               "texts is shown");
  line.AddFlag("--names", &options.names,
               "Look for names of people, places and organizations too");
  line.AddFlag("--years", &options.years,
               "Look for years alone too: labels may count what Safe Harbor "
               "leaves");
  line.AddNumber("--seed", &options.seed, "Of the resampling [1]");
  line.AddChoice("--format", &options.json, {{"text", 0}, {"json", 1}},
                 "How to print the result [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() != 1) {
    return UsageError("evaluate", "file: want one", streams);
  }
  options.path = files.front();
  if (!options.table.empty()) {
    const absl::StatusOr<std::string> text = EvaluateTable(
        options.table, options.path, options.seed, options.json != 0);
    return text.ok() ? Print(*text, streams) : Fail(text.status(), streams);
  }
  if (absl::EndsWith(options.path, ".tsv")) {
    return EvaluateHealthLines(options.path, options.json != 0, streams);
  }

  const absl::StatusOr<SpanTypes> types = ReadTypes(options.types_path);
  if (!types.ok()) return Fail(types.status(), streams);
  Evaluation::Options settings;
  settings.seed = options.seed;
  settings.max_errors = options.errors;
  settings.keep_texts = options.show_text;
  Evaluation evaluation(*types, settings);
  const absl::Status read = ReadTexts(options, &evaluation);
  if (!read.ok()) return Fail(read, streams);

  std::vector<std::pair<std::string, EvaluationPart>> parts = {
      {"all", EvaluationPart::kAll}};
  if (options.by_template != 0) {
    parts = {{"to develop on", EvaluationPart::kDevelop},
             {"held out", EvaluationPart::kHeldOut}};
  }
  std::string text;
  for (const auto& [name, part] : parts) {
    const EvaluationReport report = evaluation.Report(part);
    if (!text.empty() && options.json == 0) text += "\n";
    text += options.json != 0
                ? ReportJson(name, report)
                : ReportText(name, report, options.by_template != 0);
  }
  return Print(text, streams);
}

}  // namespace subrosa
