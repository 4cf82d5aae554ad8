#include <cstdint>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "src/base/new_file.h"
#include "src/consent/policy.h"
#include "src/erasure/erasure_plan.h"
#include "src/steward/consent_gate.h"
#include "src/steward/steward.h"
#include "src/vault/part_selection.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/erase_command.h"
#include "tools/subrosa/erase_part.h"
#include "tools/subrosa/erase_whole.h"
#include "tools/subrosa/key_text.h"
#include "tools/subrosa/part_arguments.h"
#include "tools/subrosa/progress.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

std::string PlanText(const ErasurePlan& plan) {
  std::string text =
      absl::StrCat("This erasure destroys the consumer's key and ",
                   plan.records, " records:\n");
  for (const auto& [schema, records] : plan.records_by_schema) {
    absl::StrAppend(&text, "  ", records, " ", schema, "\n");
  }
  if (plan.old_revisions > 0) {
    absl::StrAppend(&text, "and ", plan.old_revisions, " old revisions.\n");
  }
  absl::StrAppend(
      &text,
      "What remains: a keyed token that keeps this account from being taken in "
      "again,\na leaf in the log that says a key was destroyed and on which "
      "day, and whose only\nto whoever has the receipt, and backups of the key "
      "store made before now. These\nare closed for good, and the erasure "
      "holds "
      "everywhere, from ",
      DateText(plan.holds_from_if_rotated),
      " on, if the\nkeys are rotated after it today (`subrosa keys rotate`) "
      "and "
      "the old ones retired\nthat day (`subrosa keys retire`); later, if "
      "later. "
      "Until then, whoever has such a\nbackup and the keyring could open the "
      "records.\n");
  return text;
}

// `erased` is null for a dry run.
nlohmann::ordered_json PlanJson(const ErasurePlan& plan,
                                const ErasureReceipt* erased) {
  nlohmann::ordered_json json = {{"erased", erased != nullptr},
                                 {"records", plan.records},
                                 {"old_revisions", plan.old_revisions}};
  json["records_by_schema"] = plan.records_by_schema;
  json["holds_from_if_rotated"] = DateText(plan.holds_from_if_rotated);
  if (erased != nullptr) json["log_index"] = erased->log_index;
  return json;
}

// Writes the receipt, of which there is no other copy: where the file cannot be
// written it is told to whoever is there. `file` may be empty.
ExitCode KeepReceipt(const std::string& receipt, std::optional<NewFile> file,
                     const Streams& streams) {
  if (!file.has_value()) {
    std::fputs(
        "subrosa: the receipt was not kept; --receipt FILE keeps it, for the "
        "consumer\n",
        streams.err);
    return ExitCode::kDone;
  }
  absl::Status status = file->Append(receipt);
  if (status.ok()) status = file->Publish();
  if (status.ok()) return ExitCode::kDone;
  const ExitCode failed = Fail(status, streams);
  std::fprintf(streams.err,
               "The consumer is erased. This is the only copy of the receipt:\n"
               "%s",
               receipt.c_str());
  return failed;
}

}  // namespace

ExitCode Erase(absl::Span<const std::string> arguments,
               const Streams& streams) {
  WholeErasure whole;
  std::string receipt_path;
  CommandLine line("erase",
                   "Erases one consumer for good: destroys their key, then "
                   "deletes their records. With an option that says which, "
                   "erases that part alone, where all that is said must hold: "
                   "deletes it, and seals what stays under a new key.");
  ConsumerArgument consumer_argument(&line);
  line.AddFlag("--dry-run", &whole.dry_run, "Only say what would be erased");
  line.AddFlag("--yes", &whole.yes, "Do not ask for the id again");
  line.AddOption("--receipt", &receipt_path,
                 "File to make with the receipt, which proves to the consumer "
                 "that the log says so; it must not exist");
  AddWholeErasureArguments(&line, &whole);
  PartArguments part(&line);
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> consumer = consumer_argument.Read();
  if (!consumer.ok()) {
    return UsageError("erase", std::string(consumer.status().message()),
                      streams);
  }
  const bool is_ordered =
      !whole.certificate_path.empty() || !whole.officer.empty() || whole.hold;
  if (is_ordered && (part.is_given() || !receipt_path.empty())) {
    return UsageError("erase",
                      "--certificate, --officer and --hold: want them where "
                      "the whole consumer is erased, and no --receipt, got "
                      "both",
                      streams);
  }
  if (part.is_given()) {
    PartRequest request;
    request.consumer = *consumer;
    request.dry_run = whole.dry_run;
    request.yes = whole.yes;
    request.json = session.json();
    absl::StatusOr<PartSelection> selection = part.Read();
    if (!selection.ok() || !receipt_path.empty()) {
      return UsageError("erase",
                        selection.ok()
                            ? "--receipt: want it where the whole consumer is "
                              "erased, got a part"
                            : std::string(selection.status().message()),
                        streams);
    }
    request.selection = *std::move(selection);
    const absl::StatusOr<Steward*> steward = session.Open();
    if (!steward.ok()) return Fail(steward.status(), streams);
    return ErasePart(**steward, request, streams);
  }

  if (is_ordered) {
    whole.consumer = *consumer;
    whole.json = session.json();
    const absl::StatusOr<Steward*> steward = session.Open();
    if (!steward.ok()) return Fail(steward.status(), streams);
    return EraseWhole(**steward, whole, streams);
  }
  std::optional<NewFile> receipt_file;
  if (!receipt_path.empty() && !whole.dry_run) {
    absl::StatusOr<NewFile> file = NewFile::Create(receipt_path);
    if (!file.ok()) return Fail(file.status(), streams);
    receipt_file.emplace(*std::move(file));
  }
  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  if ((*steward)->gate().policy().proto().erasure_wants_two_officers()) {
    return Fail(absl::InvalidArgumentError(
                    "--officer: want who orders it, as the policy wants two "
                    "officers, got nobody"),
                streams);
  }
  const absl::StatusOr<ErasurePlan> plan =
      CountErasure(**steward, *consumer, std::numeric_limits<int64_t>::max());
  if (!plan.ok()) return FailOrNo(plan.status(), streams);
  if (whole.dry_run) {
    return Print(
        session.json()
            ? PlanJson(*plan, nullptr).dump() + "\n"
            : absl::StrCat(PlanText(*plan), "Dry run: nothing was erased.\n"),
        streams);
  }
  if (!whole.yes) {
    std::fputs(PlanText(*plan).c_str(), streams.err);
    if (!ConfirmConsumer(*consumer, streams)) {
      std::fputs("subrosa: error: the ids differ; nothing was erased\n",
                 streams.err);
      return ExitCode::kNo;
    }
  }
  const absl::StatusOr<ErasureReceipt> erased = (*steward)->Erase(*consumer);
  if (!erased.ok()) return FailOrNo(erased.status(), streams);
  const ExitCode kept =
      KeepReceipt(erased->receipt, std::move(receipt_file), streams);
  Progress progress(streams);
  const absl::StatusOr<int64_t> rows =
      (*steward)->FinishErasures([&](int64_t rows_so_far) {
        progress.Show(absl::StrCat("rows deleted: ", rows_so_far));
      });
  progress.End();
  if (!rows.ok()) {
    std::fputs(
        "The consumer is erased. Rows that nobody can open are left; the next "
        "command deletes them.\n",
        streams.err);
    return Fail(rows.status(), streams);
  }
  const ExitCode printed =
      Print(session.json()
                ? PlanJson(*plan, &*erased).dump() + "\n"
                : absl::StrCat("Erased: the key is destroyed and ", *rows,
                               " rows are deleted.\nThe log says so in leaf ",
                               erased->log_index, ".\n"),
            streams);
  return printed == ExitCode::kDone ? kept : printed;
}

}  // namespace subrosa
