// What `subrosa erasure` can do.
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "src/base/new_file.h"
#include "src/erasure/connector.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_plan.h"
#include "src/erasure/erasure_run.h"
#include "src/erasure/request_erasure.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/erase_command.h"
#include "tools/subrosa/erase_part.h"
#include "tools/subrosa/erasure_text.h"
#include "tools/subrosa/plan_text.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

// Opens the home, and runs `call` with what works on its erasures.
template <typename Call>
ExitCode WithRun(Session& session, const Streams& streams, Call call) {
  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::unique_ptr<RequestErasure>> erasures =
      RequestErasure::Open(**steward);
  if (!erasures.ok()) return Fail(erasures.status(), streams);
  return call(**erasures);
}

ExitCode Show(absl::Span<const std::string> arguments, const Streams& streams) {
  CommandLine line("erasure show",
                   "Shows how far the erasure of an account is, and who has "
                   "still to answer. The exit code is 3 if there is none.");
  ConsumerArgument consumer(&line);
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> id = consumer.Read();
  if (!id.ok()) {
    return UsageError("erasure show", std::string(id.status().message()),
                      streams);
  }
  return WithRun(session, streams, [&](RequestErasure& erasures) {
    const absl::StatusOr<v1::StoredErasure> erasure = erasures.run().Find(*id);
    if (!erasure.ok()) return FailOrNo(erasure.status(), streams);
    return Print(session.json() ? ErasureJson(*erasure).dump() + "\n"
                                : ErasureText(*erasure),
                 streams);
  });
}

ExitCode Certificate(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  std::string path;
  CommandLine line("erasure certificate",
                   "Writes the last certificate of an account's erasure.");
  ConsumerArgument consumer(&line);
  line.AddOption("--out", &path, "File to make; it must not exist",
                 Need::kRequired);
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> id = consumer.Read();
  if (!id.ok()) {
    return UsageError("erasure certificate", std::string(id.status().message()),
                      streams);
  }
  return WithRun(session, streams, [&](RequestErasure& erasures) {
    const absl::StatusOr<std::string> certificate =
        erasures.run().Certificate(*id);
    if (!certificate.ok()) return FailOrNo(certificate.status(), streams);
    absl::StatusOr<NewFile> file = NewFile::Create(path);
    if (!file.ok()) return Fail(file.status(), streams);
    absl::Status written = file->Append(*certificate);
    if (written.ok()) written = file->Publish();
    if (!written.ok()) return Fail(written, streams);
    return session.json()
               ? Print(nlohmann::ordered_json{{"output", path}}.dump() + "\n",
                       streams)
               : ExitCode::kDone;
  });
}

// A state that does not allow it is an answer.
ExitCode Refuse(const absl::Status& status, const Streams& streams) {
  const ExitCode failed = FailOrNo(status, streams);
  return absl::IsFailedPrecondition(status) ? ExitCode::kNo : failed;
}

// --dry-run and --yes, of what carries an erasure out.
struct ForGood {
  explicit ForGood(CommandLine* line) {
    line->AddFlag("--dry-run", &dry_run, "Only say what would be erased");
    line->AddFlag("--yes", &yes, "Do not ask for the id again");
  }

  bool dry_run = false;
  bool yes = false;
};

// Says what the erasure of `id` destroys, and asks whether that is meant. A
// code if it goes no further.
std::optional<ExitCode> AskForGood(ErasureRun& run, const std::string& id,
                                   const ForGood& asked,
                                   const absl::StatusOr<v1::StoredErasure>& now,
                                   bool json, const Streams& streams) {
  if (!now.ok()) return Refuse(now.status(), streams);
  if (asked.yes && !asked.dry_run) return std::nullopt;
  const absl::StatusOr<ErasurePlan> plan =
      run.planner().Plan(OrderOfErasure(*now));
  if (!plan.ok()) return Refuse(plan.status(), streams);
  if (asked.dry_run) {
    return Print(
        json ? PlanJson(*plan, /*is_erased=*/false).dump() + "\n"
             : absl::StrCat(PlanText(*plan), "Dry run: nothing was erased.\n"),
        streams);
  }
  std::fputs(PlanText(*plan).c_str(), streams.err);
  if (ConfirmConsumer(id, streams)) return std::nullopt;
  std::fputs("subrosa: error: the ids differ; nothing was erased\n",
             streams.err);
  return ExitCode::kNo;
}

// What an officer does about an erasure that waits: `act`, which may say that
// it goes no further, then what can be done now.
template <typename Act>
ExitCode ActAndContinue(ConsumerArgument& consumer, const std::string& command,
                        Session& session, const Streams& streams, Act act) {
  const absl::StatusOr<std::string> id = consumer.Read();
  if (!id.ok()) {
    return UsageError(command, std::string(id.status().message()), streams);
  }
  return WithRun(session, streams, [&](RequestErasure& erasures) {
    std::optional<ExitCode> stopped;
    const absl::Status acted = act(erasures.run(), *id, &stopped);
    if (stopped.has_value()) return *stopped;
    if (!acted.ok()) return Refuse(acted, streams);
    const absl::StatusOr<ErasureProgress> progress = erasures.Continue();
    if (!progress.ok()) return Fail(progress.status(), streams);
    return Print(
        session.json() ? ProgressJson(*progress) : ProgressText(*progress),
        streams);
  });
}

ExitCode Answer(absl::Span<const std::string> arguments,
                const Streams& streams) {
  std::string party;
  int answer = 0;
  CommandLine line("erasure answer",
                   "Records what a store or recipient said that an officer "
                   "told to erase: `told` if it said nothing yet.");
  ConsumerArgument consumer(&line);
  line.AddOption("--party", &party, "The id of the store or recipient",
                 Need::kRequired);
  line.AddChoice("--said", &answer,
                 {{"done", static_cast<int>(PartyAnswer::kDone)},
                  {"accepted", static_cast<int>(PartyAnswer::kAccepted)},
                  {"refused", static_cast<int>(PartyAnswer::kRefused)},
                  {"told", static_cast<int>(PartyAnswer::kSilent)}},
                 "What it said [done]");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  return ActAndContinue(
      consumer, "erasure answer", session, streams,
      [&](ErasureRun& run, const std::string& id, std::optional<ExitCode>*) {
        return run.Answer(id, party, static_cast<PartyAnswer>(answer));
      });
}

ExitCode Confirm(absl::Span<const std::string> arguments,
                 const Streams& streams) {
  std::string officer;
  CommandLine line("erasure confirm",
                   "Confirms an erasure that another officer ordered, where "
                   "the policy wants two; it is carried out then.");
  ConsumerArgument consumer(&line);
  line.AddOption("--officer", &officer, "Who confirms it, as a slug",
                 Need::kRequired);
  ForGood asked(&line);
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  return ActAndContinue(
      consumer, "erasure confirm", session, streams,
      [&](ErasureRun& run, const std::string& id,
          std::optional<ExitCode>* stopped) -> absl::Status {
        *stopped = AskForGood(run, id, asked, run.CheckConfirm(id, officer),
                              session.json(), streams);
        return stopped->has_value() ? absl::OkStatus()
                                    : run.Confirm(id, officer);
      });
}

ExitCode Hold(absl::Span<const std::string> arguments, const Streams& streams) {
  CommandLine line("erasure hold",
                   "Holds an erasure that is ordered and not carried out, for "
                   "legal claims. Refused where a statute that applies to the "
                   "consumer does not allow it.");
  ConsumerArgument consumer(&line);
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  return ActAndContinue(consumer, "erasure hold", session, streams,
                        [](ErasureRun& run, const std::string& id,
                           std::optional<ExitCode>*) { return run.Hold(id); });
}

ExitCode Release(absl::Span<const std::string> arguments,
                 const Streams& streams) {
  CommandLine line("erasure release",
                   "Releases an erasure that was held; it is carried out "
                   "then.");
  ConsumerArgument consumer(&line);
  ForGood asked(&line);
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  return ActAndContinue(
      consumer, "erasure release", session, streams,
      [&](ErasureRun& run, const std::string& id,
          std::optional<ExitCode>* stopped) -> absl::Status {
        *stopped = AskForGood(run, id, asked, run.CheckRelease(id),
                              session.json(), streams);
        return stopped->has_value() ? absl::OkStatus() : run.Release(id);
      });
}

constexpr Command kSubcommands[] = {
    {"continue", "go on with erasures: tell, ask again, certify",
     ErasureContinue},
    {"list", "what is not over, and what it waits for", ErasureList},
    {"show", "how far an account's erasure is", Show},
    {"certificate", "write the last certificate of an erasure", Certificate},
    {"confirm", "confirm one that another officer ordered", Confirm},
    {"hold", "have one wait, for legal claims", Hold},
    {"release", "carry out one that was held", Release},
    {"answer", "record what a party said to an officer", Answer},
};

}  // namespace

ExitCode ErasureCommand(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  return RunFromTable({"subrosa erasure",
                       "Erasures that are on their way, until their last "
                       "certificate.",
                       kSubcommands},
                      arguments, streams);
}

}  // namespace subrosa
