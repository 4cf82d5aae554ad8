#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/consent/consent_ledger.h"
#include "src/consent/policy.h"
#include "src/law/law_file.h"
#include "src/notice/older_consents.h"
#include "src/steward/consent_gate.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/notice_parts.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxConsumersFileBytes = size_t{256} << 20;

// One line a consumer who is to be asked again.
absl::StatusOr<std::string> List(Steward& steward, const std::string& path,
                                 const std::string& purpose,
                                 absl::CivilDay since, bool json) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string ids,
                           ReadFile(path, kMaxConsumersFileBytes));
  std::string lines;
  for (absl::string_view id : absl::StrSplit(ids, '\n')) {
    absl::ConsumeSuffix(&id, "\r");
    if (id.empty()) continue;
    SUBROSA_ASSIGN_OR_RETURN(const StandingState state,
                             steward.gate().ReadStanding(id));
    const size_t older = ConsentsBefore(state.standing, purpose, since).size();
    if (older == 0) continue;
    if (json) {
      absl::StrAppend(
          &lines,
          Json{{"consumer", std::string(id)}, {"consents", older}}.dump(
              -1, ' ', false, Json::error_handler_t::replace),
          "\n");
    } else {
      absl::StrAppend(&lines, id, "\n");
    }
  }
  return lines;
}

}  // namespace

ExitCode NoticeAskAgain(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  std::string purpose;
  std::string since;
  std::string consumers;
  CommandLine line("notice ask-again",
                   "Lists, of the consumers of a file, those whose consent to "
                   "one purpose stands and was given before a new notice: they "
                   "are asked again, or told that they may withdraw. The exit "
                   "code is 3 if there are any.");
  line.AddOption("--purpose", &purpose, "The purpose of the policy",
                 Need::kRequired);
  line.AddOption("--since", &since, "The first day of the new notice",
                 Need::kRequired);
  line.AddOption("--consumers", &consumers, "A file of account ids, one a line",
                 Need::kRequired);
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<absl::CivilDay> day = ParseLawDay(since);
  if (!day.ok()) {
    return UsageError("notice ask-again", "--since: want YYYY-MM-DD", streams);
  }
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  if ((*steward)->gate().policy().FindPurpose(purpose) == nullptr) {
    return FailOrNo(
        absl::NotFoundError("--purpose: want one of the policy, got another"),
        streams);
  }
  const absl::StatusOr<std::string> lines =
      List(**steward, consumers, purpose, *day, home.json());
  if (!lines.ok()) return Fail(lines.status(), streams);
  const ExitCode printed = Print(*lines, streams);
  if (printed != ExitCode::kDone) return printed;
  return lines->empty() ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace subrosa
