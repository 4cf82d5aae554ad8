#include "tools/subrosa/erase_part.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/part_eraser.h"
#include "src/erasure/part_officers.h"
#include "src/vault/key_custody.h"
#include "src/vault/part_erasure.h"
#include "src/vault/vault.h"
#include "tools/subrosa/key_text.h"
#include "tools/subrosa/progress.h"
#include "tools/subrosa/typed_again.h"

namespace subrosa {
namespace {

// Rows between two looks at how far it is.
constexpr int64_t kRowsAtOnce = 10000;

constexpr char kWaitsText[] =
    "Nothing is erased yet: the policy wants two officers. It is once another "
    "one gives the\nsame command with their name.\n";

// What is known before, and what was done.
struct PartReport {
  int64_t selected = 0;  // Rows that are to be deleted.
  int64_t notices = 0;   // Recipients who are to be told.
  int64_t rows = 0;      // All that are held.
  PartOutlook outlook;
  bool is_done = false;
  Resealing work;
};

absl::StatusOr<PartReport> Plan(Steward& steward, PartEraser& eraser,
                                const PartRequest& request) {
  PartReport report;
  SUBROSA_ASSIGN_OR_RETURN(const PartPlan plan,
                           eraser.Plan(request.consumer, request.selection));
  report.selected = plan.selected.rows;
  report.notices = plan.notices;
  SUBROSA_ASSIGN_OR_RETURN(report.rows, steward.CountRows(request.consumer));
  SUBROSA_ASSIGN_OR_RETURN(report.outlook, steward.Custody().ReadPartOutlook());
  return report;
}

std::string OutlookText(const PartOutlook& outlook) {
  return absl::StrCat(
      "The key before is destroyed from ", DateText(outlook.destroy_day),
      " on, by `subrosa keys retire`: by then make a\nbackup of the record "
      "store. Until then an older copy of the record store, with this\nhome's "
      "keys, gives what was erased. It holds in backups of the key store too "
      "from\n",
      DateText(outlook.holds_from),
      " on, if the keys are rotated on that day and the old ones retired in "
      "their time.\n");
}

std::string PlanText(const PartReport& plan, bool is_erasure) {
  return absl::StrCat(
      is_erasure
          ? absl::StrCat("This erasure deletes ", plan.selected,
                         " rows, old revisions included, and seals the other ",
                         plan.rows - plan.selected, " under a new key.\n",
                         plan.notices == 0
                             ? ""
                             : absl::StrCat(plan.notices,
                                            " recipients who were given any of "
                                            "it are to be told.\n"))
          : absl::StrCat("This makes a new key for the consumer and seals ",
                         plan.rows, " rows under it.\n"),
      OutlookText(plan.outlook));
}

std::string ResultText(const PartReport& report, bool is_erasure) {
  const Resealing& work = report.work;
  return absl::StrCat(
      is_erasure ? absl::StrCat("Erased: ", work.erased,
                                " rows are deleted, and the log says so; ")
                 : "Renewed: ",
      work.resealed, " rows are sealed under the new key.\n",
      report.notices == 0
          ? ""
          : absl::StrCat(report.notices,
                         " recipients who were given any of it are to be "
                         "told: `subrosa share due` lists\nthe notices.\n"),
      work.lost == 0
          ? ""
          : absl::StrCat(work.lost,
                         " rows do not open, and the key before stays while "
                         "they stand: `subrosa store check`\nsays more.\n"),
      OutlookText(report.outlook));
}

std::string Json(const PartReport& report) {
  const nlohmann::ordered_json json = {
      {"erased", report.is_done},
      {"rows", report.is_done ? report.work.erased : report.selected},
      {"resealed",
       report.is_done ? report.work.resealed : report.rows - report.selected},
      {"lost", report.work.lost},
      {"notices", report.notices},
      {"key_destroyed_from", DateText(report.outlook.destroy_day)},
      {"holds_from_if_rotated", DateText(report.outlook.holds_from)}};
  return json.dump() + "\n";
}

// Whether it may be erased: what is held back from an erasure for legal claims
// goes in no part either, and the policy may want a second officer.
absl::StatusOr<PartLeave> AskLeave(Steward& steward, ErasureBook& book,
                                   const PartRequest& request) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string rule,
                           book.FindHold(request.consumer));
  if (rule.empty()) {
    return PartOfficers(steward, book)
        .Ask(request.consumer, request.selection, request.officer);
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "consumer: want one whose erasure is not held for legal claims, got one "
      "held (",
      rule, "); `subrosa erasure release` ends that"));
}

// Reseals all that waits. Only then does the old key wait for its day.
absl::Status ResealAll(Steward& steward, const Streams& streams,
                       PartReport* report) {
  Progress progress(streams);
  const int64_t total = report->rows - report->selected;
  for (bool is_done = false; !is_done;) {
    SUBROSA_ASSIGN_OR_RETURN(const Resealing some,
                             steward.Parts().Continue(kRowsAtOnce));
    report->work.erased += some.erased;
    report->work.resealed += some.resealed;
    report->work.lost = some.lost;
    is_done = some.is_done;
    progress.ShowPercent("records", std::min(report->work.resealed, total),
                         total);
  }
  return absl::OkStatus();
}

}  // namespace

bool ConfirmConsumer(const std::string& consumer, const Streams& streams) {
  return IsTypedAgain(
      "Type the account id again to erase it for good: ", consumer, streams);
}

ExitCode ErasePart(Steward& steward, const PartRequest& request,
                   const Streams& streams) {
  const bool is_erasure = !request.selection.empty();
  const absl::StatusOr<std::unique_ptr<Vault>> vault =
      steward.OpenUngatedVault();
  if (!vault.ok()) return Fail(vault.status(), streams);
  const absl::StatusOr<std::unique_ptr<PartEraser>> eraser =
      PartEraser::Open(steward, **vault);
  if (!eraser.ok()) return Fail(eraser.status(), streams);
  absl::StatusOr<PartReport> report = Plan(steward, **eraser, request);
  if (!report.ok()) return FailOrNo(report.status(), streams);
  if (request.dry_run) {
    return Print(request.json ? Json(*report)
                              : absl::StrCat(PlanText(*report, is_erasure),
                                             "Dry run: nothing was changed.\n"),
                 streams);
  }
  if (is_erasure && report->selected == 0) {
    std::fputs("subrosa: nothing that is held is meant; nothing was changed\n",
               streams.err);
    return ExitCode::kNo;
  }
  if (is_erasure && !request.yes) {
    std::fputs(PlanText(*report, is_erasure).c_str(), streams.err);
    if (!ConfirmConsumer(request.consumer, streams)) {
      std::fputs("subrosa: error: the ids differ; nothing was erased\n",
                 streams.err);
      return ExitCode::kNo;
    }
  }
  ErasureBook book(**vault, steward.clock());
  if (is_erasure) {
    const absl::StatusOr<PartLeave> leave = AskLeave(steward, book, request);
    if (!leave.ok()) {
      const ExitCode failed = Fail(leave.status(), streams);
      return absl::IsFailedPrecondition(leave.status()) ? ExitCode::kNo
                                                        : failed;
    }
    if (*leave == PartLeave::kWaits) {
      const ExitCode printed =
          Print(request.json ? Json(*report) : kWaitsText, streams);
      return printed == ExitCode::kDone ? ExitCode::kNo : printed;
    }
  }
  const absl::StatusOr<PartErased> begun =
      (*eraser)->Erase(request.consumer, request.selection);
  if (!begun.ok()) return FailOrNo(begun.status(), streams);
  report->is_done = true;
  report->notices = begun->notices;
  report->work = begun->work;
  absl::Status done = is_erasure
                          ? PartOfficers(steward, book).Forget(request.consumer)
                          : absl::OkStatus();
  if (done.ok()) {
    done = Annotate(steward.AwaitCheckpoint(),
                    "what was meant is erased, but no checkpoint says so yet");
  }
  if (done.ok()) {
    done = Annotate(ResealAll(steward, streams, &*report),
                    "what was meant is erased, but not all that stays is "
                    "resealed yet; the next command goes on");
  }
  if (done.ok()) {
    done = Annotate(steward.AwaitCheckpoint(),
                    "all is done, but no checkpoint says so yet");
  }
  if (!done.ok()) return Fail(done, streams);
  return Print(request.json ? Json(*report) : ResultText(*report, is_erasure),
               streams);
}

}  // namespace subrosa
