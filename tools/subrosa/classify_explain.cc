// Says why something was found or not: a text, a code, a field's name.
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"
#include "src/classify/name_rules.h"
#include "src/classify/refusals.h"
#include "src/classify/taxonomy_facts.h"
#include "src/classify/text_refusal.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"
#include "src/ingest/buffered_input.h"
#include "tools/subrosa/classify_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/finding_text.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxTextBytes = 16 << 20;

// Lines of text or JSON, one an answer.
class Answers {
 public:
  explicit Answers(bool json) : json_(json) {}

  void Add(const std::string& text, const Json& json) {
    absl::StrAppend(
        &out_,
        json_ ? json.dump(-1, ' ', false, Json::error_handler_t::replace)
              : text,
        "\n");
    ++count_;
  }

  const std::string& out() const { return out_; }
  int count() const { return count_; }

  // Why there is no answer.
  const std::string& nothing() const { return nothing_; }
  void SayNothing(const std::string& why) { nothing_ = why; }

 private:
  const bool json_;
  std::string nothing_ =
      "nothing was found, and nothing has the form of anything that a rule "
      "knows";
  std::string out_;
  int count_ = 0;
};

// One answer for each kind of `kinds`, with its clause and how sure we are of
// the clause's text.
void AddKinds(const Classification& kinds, const std::string& rule,
              const std::string& reason, double score, Answers* answers) {
  const auto add = [&](absl::string_view kind, absl::string_view clause,
                       absl::string_view certainty) {
    answers->Add(
        absl::StrCat(kind, ": ", reason, " [", rule, clause.empty() ? "" : "; ",
                     clause,
                     clause.empty() ? "" : absl::StrCat(", ", certainty),
                     absl::StrFormat("; score %.1f]", score)),
        {{"kind", std::string(kind)},
         {"rule", rule},
         {"clause", std::string(clause)},
         {"certainty", std::string(certainty)},
         {"score", score},
         {"reason", reason}});
  };
  const auto add_all = [&add](const auto& values) {
    for (const auto value : values) {
      add(Title(value), FactsOf(value).clause(),
          CertaintyText(FactsOf(value).certainty()));
    }
  };
  add_all(kinds.categories.Values());
  add_all(kinds.personal.Values());
  add_all(kinds.sensitive.Values());
  add_all(kinds.identifiers.Values());
  for (const v1::HealthLabel label : kinds.labels.Values()) {
    add(Title(label), "", "");
  }
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(BufferedInput input, BufferedInput::Open(path));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view text,
                           input.Peek(kMaxTextBytes + 1));
  if (text.size() > kMaxTextBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, ": want at most ", kMaxTextBytes, " bytes to explain, got more"));
  }
  return std::string(text);
}

absl::Status ExplainText(const std::string& path, Answers* answers) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  // All that any command can look for.
  TextScanner::Options options;
  options.names = true;
  options.years = true;
  options.this_year = static_cast<int>(
      absl::ToCivilYear(absl::Now(), absl::UTCTimeZone()).year());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<TextScanner> scanner,
                           TextScanner::Create(options));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<TextScanner::Scratch> scratch,
                           scanner->NewScratch());
  std::vector<TextMatch> matches;
  std::vector<TextRefusal> seen;
  SUBROSA_RETURN_IF_ERROR(
      scanner->Explain(text, scratch.get(), &matches, &seen));
  for (const TextMatch& match : matches) {
    const Finding finding = FindingOf(match, "");
    Json json = FindingJson(finding);
    json["found"] = true;
    json["source"] = TextRules()[match.rule].source;
    answers->Add(absl::StrCat(finding.span.offset, "+", finding.span.length,
                              ": found: ", FindingText(finding)),
                 json);
  }
  for (const TextRefusal& refusal :
       RefusalsIn(text, matches, std::move(seen))) {
    const TextRule& rule = RuleOf(refusal.rule);
    answers->Add(
        absl::StrCat(refusal.span.offset, "+", refusal.span.length, ": no ",
                     rule.title, ": ", refusal.reason, " [", rule.id, "]"),
        {{"found", false},
         {"rule", rule.id},
         {"span",
          {{"offset", refusal.span.offset}, {"length", refusal.span.length}}},
         {"reason", refusal.reason},
         {"source", rule.source}});
  }
  return absl::OkStatus();
}

absl::Status ExplainCode(const std::string& system, const std::string& code,
                         Answers* answers) {
  SUBROSA_ASSIGN_OR_RETURN(const CodeTable codes, CodeTable::BuiltIn());
  if (!codes.HasSystem(system)) {
    answers->SayNothing(absl::StrCat(
        "the code system is not known here: known are, by URI, OID or name, ",
        absl::StrJoin(codes.systems(), ", "),
        "; of a code of another, the mark of its field decides"));
    return absl::OkStatus();
  }
  const CodeRule* rule = codes.Find(system, code);
  if (rule == nullptr) {
    answers->SayNothing(
        "the code system is known, and no rule has this code: what a record "
        "with it holds, the mark of its field or the type of its resource "
        "decides");
    return absl::OkStatus();
  }
  Classification kinds = rule->adds;
  kinds |= rule->adds_if_uncoded;
  AddKinds(kinds, rule->id,
           absl::StrCat("it is a code about ", rule->title, " (",
                        SourceText(*rule), ")"),
           1, answers);
  return absl::OkStatus();
}

absl::Status ExplainField(const std::string& name, const std::string& parent,
                          Answers* answers) {
  SUBROSA_ASSIGN_OR_RETURN(const NameRules rules, NameRules::BuiltIn());
  FieldName field;
  field.name = name;
  field.parent = parent;
  for (const NameMatch& match : rules.Read(field)) {
    const NameRule& rule = *match.rule;
    const std::string reason =
        absl::StrCat("the words `", match.words, "` say ", rule.title, " (",
                     rule.source, ", ", rule.year, ")");
    if (rule.not_personal) {
      answers->Add(absl::StrCat("nothing personal: ", reason, " [", rule.id,
                                absl::StrFormat("; score %.1f]", match.score)),
                   {{"kind", "not personal"},
                    {"rule", rule.id},
                    {"score", match.score},
                    {"reason", reason}});
    }
    AddKinds(rule.adds, rule.id, reason, match.score, answers);
  }
  return absl::OkStatus();
}

}  // namespace

ExitCode ClassifyExplain(absl::Span<const std::string> arguments,
                         const Streams& streams) {
  std::vector<std::string> files;
  std::string field;
  std::string parent;
  std::string system;
  std::string code;
  int json = 0;
  CommandLine line(
      "classify explain",
      "Says why something counts or does not: for a text, each finding, and "
      "for what looks like an identifier and was not taken for one, the check "
      "that refused it; for a code or a field's name, the rule that knows it. "
      "In a text, names and years are looked for too, as `classify text` does "
      "with --names and --years. Exit code 3 where there is nothing to say.");
  line.AddArguments("file", &files, "A file of text, or - for a pipe");
  line.AddOption("--field", &field, "A field's or column's name: dx_code");
  line.AddOption("--parent", &parent,
                 "The message or table that holds the field");
  line.AddOption("--system", &system,
                 "A code system's URI, OID or short name, for --code");
  line.AddOption("--code", &code, "A code of that system");
  line.AddChoice("--format", &json, {{"text", 0}, {"json", 1}},
                 "How to print the result [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() + (field.empty() ? 0 : 1) + (code.empty() ? 0 : 1) != 1) {
    return UsageError("classify explain",
                      "want one of: a file, --field, --code", streams);
  }
  if (code.empty() != system.empty()) {
    return UsageError("classify explain", "--code: want --system with it",
                      streams);
  }
  Answers answers(json != 0);
  absl::Status status;
  if (!files.empty()) {
    status = ExplainText(files.front(), &answers);
  } else if (!code.empty()) {
    status = ExplainCode(system, code, &answers);
  } else {
    status = ExplainField(field, parent, &answers);
  }
  if (!status.ok()) return Fail(status, streams);
  if (answers.count() == 0) {
    std::fprintf(streams.err, "subrosa: %s\n", answers.nothing().c_str());
    return ExitCode::kNo;
  }
  return Print(answers.out(), streams);
}

}  // namespace subrosa
