// Says what answers about groups a restored record store lacks, and settles it.
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/exports/answer_settlement.h"
#include "src/steward/steward.h"
#include "src/vault/lost_answers.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/export_command.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/share_text.h"

namespace subrosa {
namespace {

std::string LastDay(const LostAnswers& lost) {
  return absl::FormatCivilTime(CivilDayOf(lost.last_day));
}

std::string LostJson(const LostAnswers& lost) {
  const bool any = lost.answers > 0;
  const nlohmann::ordered_json json = {
      {"answers", lost.answers},
      {"last_given_on",
       any ? nlohmann::ordered_json(LastDay(lost)) : nlohmann::ordered_json()},
      {"settled", lost.is_settled}};
  return json.dump() + "\n";
}

std::string LostText(const LostAnswers& lost) {
  if (lost.answers == 0) return "No answer is lost.\n";
  const std::string what = absl::StrCat(
      "Answers that the log tells of, and that the record store, put back from "
      "an older copy, lacks: ",
      lost.answers, ".\nThe last was given on ", LastDay(lost), ".\n");
  if (lost.is_settled) {
    return absl::StrCat(what,
                        "It is settled: periods that begin on that day "
                        "or later are answered.\n");
  }
  return absl::StrCat(
      what,
      "Whoever has them could subtract, so nothing new is answered. A newer "
      "copy of the record store\nmay have them: put it back. Else "
      "--settle REASON has periods that begin on that day or later\nanswered "
      "again. For those before it nothing new is answered any more.\n");
}

}  // namespace

ExitCode ExportLostAnswers(absl::Span<const std::string> arguments,
                           const Streams& streams) {
  std::string reason;
  CommandLine line(
      "export lost-answers",
      "Says how many aggregates that were given a restored record store does "
      "not know, and settles it. The exit code is 3 as long as it is not "
      "settled: nothing new is answered until then.");
  line.AddOption("--settle", &reason,
                 "Have later periods answered again; the log keeps this "
                 "reason for everybody to read: name nobody in it");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<LostAnswers> lost =
      reason.empty() ? FindLostAnswers(**steward)
                     : SettleAnswers(**steward, reason);
  if (!lost.ok()) return FailOrDenied(lost.status(), streams);
  const ExitCode printed =
      Print(session.json() ? LostJson(*lost) : LostText(*lost), streams);
  if (printed != ExitCode::kDone) return printed;
  return lost->answers == 0 || lost->is_settled ? ExitCode::kDone
                                                : ExitCode::kNo;
}

}  // namespace subrosa
