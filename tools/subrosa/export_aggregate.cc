// Answers a question about consumers as groups.
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/exports/aggregate.h"
#include "src/exports/aggregate_csv.h"
#include "src/exports/aggregate_policy.h"
#include "src/steward/steward.h"
#include "subrosa/v1/aggregate.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/export_command.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/share_text.h"

namespace subrosa {
namespace {

struct AggregateArguments {
  std::string policy;
  std::string question;
  std::string period;
  std::string output;
  bool as_csv = false;
};

absl::StatusOr<v1::AggregatePolicy> ReadPolicy(const std::string& path,
                                               absl::string_view entity) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string text,
                           ReadFile(path, kMaxAggregatePolicyBytes));
  return ParseAggregatePolicy(path, text, entity);
}

absl::StatusOr<Aggregate> WriteAggregate(Steward& steward,
                                         const v1::AggregatePolicy& policy,
                                         const AggregateArguments& given) {
  // Before the question is answered, and counts as answered.
  SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(given.output));
  SUBROSA_ASSIGN_OR_RETURN(
      Aggregate aggregate,
      AnswerAggregate(steward, policy, given.question, given.period));
  if (given.as_csv) {
    SUBROSA_ASSIGN_OR_RETURN(aggregate.text, AggregateCsv(aggregate.text));
  }
  SUBROSA_RETURN_IF_ERROR(file.Append(aggregate.text));
  SUBROSA_RETURN_IF_ERROR(
      Annotate(file.Publish(),
               "the question is answered, but the file could not get its name; "
               "ask it again"));
  return aggregate;
}

}  // namespace

ExitCode ExportAggregate(absl::Span<const std::string> arguments,
                         const Streams& streams) {
  AggregateArguments given;
  int form = 0;
  CommandLine line(
      "export aggregate",
      "Answers a question about consumers as groups, as a policy lets it be "
      "asked, so that no combination of answers tells of few. The exit code is "
      "3 if it may not be answered.");
  line.AddOption("--policy", &given.policy,
                 "The file that says what may be asked", Need::kRequired);
  line.AddOption("--question", &given.question, "One of its questions, by id",
                 Need::kRequired);
  line.AddOption("--period", &given.period,
                 "A period that is over: 2026, 2026-Q2 or 2026-05, as the "
                 "policy has them",
                 Need::kRequired);
  line.AddChoice("--as", &form, {{"json", 0}, {"csv", 1}},
                 "A document, or a table for a spreadsheet [json]");
  line.AddOption("--output", &given.output, "File to make; it must not exist",
                 Need::kRequired);
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  given.as_csv = form == 1;

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<v1::AggregatePolicy> policy =
      ReadPolicy(given.policy, (*steward)->entity());
  if (!policy.ok()) return Fail(policy.status(), streams);
  const absl::StatusOr<Aggregate> aggregate =
      WriteAggregate(**steward, *policy, given);
  if (!aggregate.ok()) return FailOrDenied(aggregate.status(), streams);
  if (session.json()) {
    const nlohmann::ordered_json json = {{"output", given.output},
                                         {"question", given.question},
                                         {"period", given.period},
                                         {"repeated", aggregate->is_repeated}};
    return Print(json.dump() + "\n", streams);
  }
  return Print(
      absl::StrCat("Wrote the answer to ", given.output,
                   aggregate->is_repeated
                       ? ": the same as it was given before.\n"
                       : ".\nNo other answer may tell of few together with it: "
                         "each one leaves less to ask.\n"),
      streams);
}

}  // namespace subrosa
