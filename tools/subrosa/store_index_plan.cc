#include <string>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "src/steward/steward.h"
#include "src/vault/index_planner.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/index_argument.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/store_command.h"

namespace subrosa {

ExitCode StoreIndexPlan(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  CommandLine line(
      "store index plan",
      "Goes through all records, counts how the values of a field are spread, "
      "and says what an index about it would show and whether it may be. "
      "Changes nothing. The exit code is 3 if it may not.");
  const FieldArgument field_argument(&line);
  const LimitArguments limit_arguments(&line);
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<IndexFieldName> field = field_argument.Read();
  if (!field.ok()) {
    return UsageError("store index plan", std::string(field.status().message()),
                      streams);
  }
  const absl::StatusOr<IndexLimits> limits = limit_arguments.Read();
  if (!limits.ok()) {
    return UsageError("store index plan",
                      std::string(limits.status().message()), streams);
  }

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<IndexVerdict> verdict =
      PlanField(**steward, *field, *limits, streams);
  if (!verdict.ok()) return Fail(verdict.status(), streams);
  const ExitCode printed =
      Print(session.json() ? VerdictJson(*field, *verdict).dump() + "\n"
                           : VerdictText(*field, *verdict),
            streams);
  if (printed != ExitCode::kDone || verdict->ok()) return printed;
  return ExitCode::kNo;
}

}  // namespace subrosa
