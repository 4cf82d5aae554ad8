#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/steward/steward.h"
#include "src/vault/blind_index.h"
#include "src/vault/index_keeper.h"
#include "src/vault/index_planner.h"
#include "src/vault/indexed_field.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/index_argument.h"
#include "tools/subrosa/progress.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/store_command.h"

namespace subrosa {
namespace {

// What is, or would be, added.
struct Addition {
  IndexVerdict verdict;
  bool is_resumed = false;  // An index that was begun: as it was planned then.
  bool is_added = false;
};

absl::StatusOr<Addition> PlanAddition(Steward& steward,
                                      const IndexFieldName& field,
                                      const IndexLimits& limits,
                                      const Streams& streams) {
  Addition addition;
  SUBROSA_ASSIGN_OR_RETURN(
      const BlindIndex* const index,
      steward.Indexes().FindIndex(field.schema, field.field));
  if (index == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(addition.verdict,
                             PlanField(steward, field, limits, streams));
    return addition;
  }
  if (index->state == IndexState::kReady) {
    return absl::AlreadyExistsError(
        "field: want one that has no index, got one that has; `subrosa store "
        "index plan` says what it shows today");
  }
  addition.is_resumed = true;
  addition.verdict.bits = index->bits;
  addition.verdict.partitions = index->partitions;
  addition.verdict.kind = index->kind;
  return addition;
}

absl::Status Add(Steward& steward, const IndexFieldName& field,
                 const IndexVerdict& plan, const Streams& streams) {
  SUBROSA_ASSIGN_OR_RETURN(
      const IndexedField indexed,
      IndexedField::Resolve(field.schema, field.field, steward.types()));
  Progress progress(streams);
  return steward.Indexes().Add(indexed, plan,
                               TellConsumers(progress, "adding"));
}

std::string AdditionText(const IndexFieldName& field,
                         const Addition& addition) {
  std::string text =
      addition.is_resumed
          ? absl::StrCat(field.Text(),
                         ": an index was begun earlier; it stays as it was "
                         "planned then.\n")
          : VerdictText(field, addition.verdict);
  if (addition.is_added) {
    absl::StrAppend(&text, "The index is ready.\n");
  } else if (addition.verdict.ok()) {
    absl::StrAppend(&text, "Dry run: nothing was changed.\n");
  }
  return text;
}

std::string AdditionJson(const IndexFieldName& field,
                         const Addition& addition) {
  nlohmann::ordered_json json = {{"added", addition.is_added},
                                 {"resumed", addition.is_resumed}};
  if (addition.is_resumed) {
    json["field"] = field.Text();
  } else {
    json.update(VerdictJson(field, addition.verdict));
  }
  return json.dump() + "\n";
}

}  // namespace

ExitCode StoreIndexAdd(absl::Span<const std::string> arguments,
                       const Streams& streams) {
  bool dry_run = false;
  CommandLine line(
      "store index add",
      "Plans an index as `store index plan` does and, unless it is refused, "
      "makes it from all that is held, while services go on. One that was "
      "interrupted goes on. The exit code is 3 if it is refused.");
  const FieldArgument field_argument(&line);
  const LimitArguments limit_arguments(&line);
  line.AddFlag("--dry-run", &dry_run, "Only say what would be done");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<IndexFieldName> field = field_argument.Read();
  if (!field.ok()) {
    return UsageError("store index add", std::string(field.status().message()),
                      streams);
  }
  const absl::StatusOr<IndexLimits> limits = limit_arguments.Read();
  if (!limits.ok()) {
    return UsageError("store index add", std::string(limits.status().message()),
                      streams);
  }

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  absl::StatusOr<Addition> addition =
      PlanAddition(**steward, *field, *limits, streams);
  if (!addition.ok()) return Fail(addition.status(), streams);
  if (addition->verdict.ok() && !dry_run) {
    const absl::Status added =
        Add(**steward, *field, addition->verdict, streams);
    if (!added.ok()) return Fail(added, streams);
    addition->is_added = true;
  }
  const ExitCode printed =
      Print(session.json() ? AdditionJson(*field, *addition)
                           : AdditionText(*field, *addition),
            streams);
  if (printed != ExitCode::kDone || addition->verdict.ok()) return printed;
  return ExitCode::kNo;
}

}  // namespace subrosa
