#include "src/erasure/retention.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/part_eraser.h"
#include "src/erasure/time_retirement.h"
#include "src/steward/steward.h"
#include "src/vault/vault.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/retention_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// Of a million account ids some tens of MiB.
constexpr size_t kMaxConsumersFileBytes = size_t{256} << 20;

// What --apply did.
struct Applied {
  int64_t consumers = 0;  // Of whom something was erased.
  int64_t not_found = 0;
  int64_t held = 0;  // For legal claims: nothing of theirs was erased.
  RetentionErased erased;
};

std::string CategoryOf(const RetentionLine& line) {
  return line.category == v1::HEALTH_CATEGORY_UNSPECIFIED
             ? "none"
             : std::string(Slug(line.category));
}

std::string FirstDayOf(const RetentionLine& line) {
  return line.first_day_kept.has_value()
             ? absl::FormatCivilTime(*line.first_day_kept)
             : "";
}

std::string ListText(const std::vector<RetentionLine>& lines) {
  if (lines.empty()) return "No records are held.\n";
  std::string text;
  for (const RetentionLine& line : lines) {
    absl::StrAppend(&text, line.purpose, ", ", CategoryOf(line), ": ",
                    line.records, " records, the oldest of ",
                    absl::FormatCivilTime(CivilDayOf(line.earliest_day)), "; ",
                    line.retention.empty()
                        ? "the policy does not say how long"
                        : absl::StrCat("kept: ", line.retention));
    if (line.first_day_kept.has_value()) {
      absl::StrAppend(&text, ", so from ", FirstDayOf(line),
                      " on; past due: ", line.past_due);
    }
    if (line.review_by.has_value()) {
      absl::StrAppend(&text, "; review whether it is needed by ",
                      absl::FormatCivilTime(*line.review_by), " (",
                      line.review_rule, ")");
    }
    text += "\n";
  }
  return text;
}

Json ListJson(const std::vector<RetentionLine>& lines) {
  Json json = Json::array();
  for (const RetentionLine& line : lines) {
    json.push_back(
        {{"purpose", line.purpose},
         {"category", CategoryOf(line)},
         {"retention", line.retention},
         {"first_day_kept", FirstDayOf(line)},
         {"records", line.records},
         {"past_due", line.past_due},
         {"earliest", absl::FormatCivilTime(CivilDayOf(line.earliest_day))},
         {"review_rule", line.review_rule},
         {"review_by", line.review_by.has_value()
                           ? absl::FormatCivilTime(*line.review_by)
                           : ""}});
  }
  return json;
}

// Adds to `applied` what became of each consumer, also of those before an
// error.
absl::Status ApplyTo(Steward& steward, absl::string_view ids,
                     RetentionMode mode, Applied* applied) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  ErasureBook orders(*vault, steward.clock());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<PartEraser> eraser,
                           PartEraser::Open(steward, *vault));
  for (absl::string_view id : absl::StrSplit(ids, '\n')) {
    absl::ConsumeSuffix(&id, "\r");
    if (id.empty()) continue;
    RetentionErased erased;
    const absl::Status done =
        EraseWhatIsPastDue(steward, orders, *eraser, id, mode, &erased);
    if (absl::IsNotFound(done)) {
      ++applied->not_found;
      continue;
    }
    applied->held += erased.hold_rule.empty() ? 0 : 1;
    applied->consumers += erased.empty() ? 0 : 1;
    applied->erased.rows += erased.rows;
    applied->erased.inferences += erased.inferences;
    applied->erased.notices += erased.notices;
    SUBROSA_RETURN_IF_ERROR(done);
  }
  return absl::OkStatus();
}

// The same, and finishes what was begun, before an error too: the keys of what
// was erased are gone by then.
absl::Status Apply(Steward& steward, absl::string_view ids, RetentionMode mode,
                   Applied* applied) {
  if (mode == RetentionMode::kErase) {
    SUBROSA_RETURN_IF_ERROR(CheckDeletionClock(steward));
  }
  const absl::Status done = ApplyTo(steward, ids, mode, applied);
  if (mode == RetentionMode::kCount) return done;
  absl::Status finished = steward.FinishErasures([&](int64_t) {}).status();
  if (finished.ok()) finished = steward.AwaitCheckpoint();
  return done.ok() ? finished : done;
}

std::string AppliedText(const Applied& applied, RetentionMode mode) {
  return absl::StrCat(
      mode == RetentionMode::kErase ? "Erased of " : "Would erase of ",
      applied.consumers, " consumers: ", applied.erased.rows,
      " rows past due, ", applied.erased.inferences,
      " of inferences without consent; ", applied.held,
      " are held for legal claims; of ", applied.not_found,
      " nothing is known.\n", applied.erased.notices,
      " notices to recipients who were given any of it ",
      mode == RetentionMode::kErase ? "are queued (`subrosa share due`).\n"
                                    : "would be queued.\n",
      mode == RetentionMode::kErase ? "" : "Dry run: nothing was erased.\n");
}

Json AppliedJson(const Applied& applied) {
  return {{"consumers", applied.consumers},
          {"rows", applied.erased.rows},
          {"inferences", applied.erased.inferences},
          {"notices", applied.erased.notices},
          {"held", applied.held},
          {"not_found", applied.not_found}};
}

}  // namespace

ExitCode Retention(absl::Span<const std::string> arguments,
                   const Streams& streams) {
  bool apply = false;
  bool yes = false;
  bool dry_run = false;
  std::string consumers;
  CommandLine line(
      "retention",
      "Lists what is held for each purpose and category, how long the policy "
      "keeps it and how much is past that, with exit code 3 if any is; or "
      "erases it, and inferences that consumers of Colorado did not consent "
      "to, of the consumers of a file.");
  line.AddFlag("--apply", &apply, "Erase what is past due, for good");
  line.AddOption("--consumers", &consumers,
                 "With --apply: a file of account ids, one a line");
  line.AddFlag("--yes", &yes,
               "With --apply: that it is meant; nobody is asked");
  line.AddFlag("--dry-run", &dry_run,
               "With --apply: only say what would be erased");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (apply != !consumers.empty() || apply != (yes || dry_run) ||
      (yes && dry_run)) {
    return UsageError("retention",
                      "want --apply and --consumers together, with --yes or "
                      "--dry-run, got some",
                      streams);
  }
  std::string ids;
  if (apply) {
    absl::StatusOr<std::string> read =
        ReadFile(consumers, kMaxConsumersFileBytes);
    if (!read.ok()) return Fail(read.status(), streams);
    ids = *std::move(read);
  }
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  Applied applied;
  absl::Status done;
  const RetentionMode mode =
      dry_run ? RetentionMode::kCount : RetentionMode::kErase;
  if (apply) done = Apply(**steward, ids, mode, &applied);
  // What was erased is told before any error, also one of the list.
  std::vector<RetentionLine> lines;
  if (done.ok()) {
    absl::StatusOr<std::vector<RetentionLine>> read = ReadRetention(**steward);
    done = read.status();
    if (read.ok()) lines = *std::move(read);
  }
  if (!done.ok() && !apply) return Fail(done, streams);
  int64_t past_due = 0;
  for (const RetentionLine& one : lines) past_due += one.past_due;
  std::string text;
  if (home.json()) {
    Json json = {{"lines", ListJson(lines)}};
    if (apply) {
      json["erased"] = AppliedJson(applied);
      json["dry_run"] = dry_run;
    }
    text = json.dump() + "\n";
  } else {
    if (apply) text = AppliedText(applied, mode);
    if (done.ok()) text += ListText(lines);
  }
  const ExitCode printed = Print(text, streams);
  if (!done.ok()) return Fail(done, streams);
  if (printed != ExitCode::kDone) return printed;
  return past_due == 0 || dry_run ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace subrosa
