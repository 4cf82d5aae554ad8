#include <string>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/crypto/secret_buffer.h"
#include "src/steward/home_restore.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/store_command.h"

namespace subrosa {
namespace {

nlohmann::ordered_json ReportJson(const RestoreReport& report, bool restored) {
  return {{"restored", restored},
          {"log_size", report.log_size},
          {"keys_log_size", report.keys_log_size},
          {"records_log_size", report.records_log_size},
          {"erasures_since", report.erasures_since},
          {"erased_again", report.erased_again},
          {"evidence_years_again", report.evidence_years_again},
          {"must_ask_again", report.must_ask_again},
          {"answers_lost", report.answers_lost},
          {"rows_erased_again", report.rows_erased_again},
          {"rows_back", report.rows_back},
          {"rows_lost", report.rows_lost},
          {"rows_swept", report.rows_swept}};
}

std::string StoreText(absl::string_view name, uint64_t knew, uint64_t size) {
  return absl::StrCat("  ", name,
                      knew < size
                          ? absl::StrCat("an older copy: it knew ", knew,
                                         " of ", size, " leaves\n")
                          : "as new as the log\n");
}

std::string ReportText(const RestoreReport& report) {
  return absl::StrCat(
      StoreText("key store:    ", report.keys_log_size, report.log_size),
      StoreText("record store: ", report.records_log_size, report.log_size),
      "  erasures since the key store's copy: ", report.erasures_since, ", ",
      report.erased_again, " of whom it had brought back\n",
      report.evidence_years_again == 0
          ? ""
          : absl::StrCat("  years of evidence whose key it had brought back: ",
                         report.evidence_years_again, "\n"),
      report.must_ask_again == 0
          ? ""
          : absl::StrCat("  consumers who chose since, and must be asked "
                         "again: ",
                         report.must_ask_again, "\n"),
      report.answers_lost == 0
          ? ""
          : absl::StrCat("  aggregates answered since, which the record store "
                         "does not know: ",
                         report.answers_lost,
                         "\n    nothing new is answered until `subrosa export "
                         "lost-answers` has settled it\n"),
      "  rows of erased parts that it had brought back: ",
      report.rows_erased_again, "\n",
      "  rows that came back: ", report.rows_back,
      ", rows lost: ", report.rows_lost,
      "\n  rows deleted that led to nobody: ", report.rows_swept, "\n");
}

}  // namespace

ExitCode StoreRestore(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  RestoreOptions options;
  bool yes = false;
  CommandLine line("store restore",
                   "Makes a home agree with its log again after older copies "
                   "of its stores were put back: whoever was erased since is "
                   "erased again. Stop everything that uses the home first.");
  line.AddOption(
      "--keys", &options.keys_file,
      "A copy of the key store to put in place of what stands there");
  line.AddOption("--records", &options.records_file,
                 "The same of the record store");
  line.AddFlag("--dry-run", &options.dry_run,
               "Only say what would be done, with these copies or those that "
               "stand there");
  line.AddFlag("--yes", &yes, "Replace the stores that stand there");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (options.has_files() && !options.dry_run && !yes) {
    return UsageError("store restore",
                      "--yes: want it where stores that stand there are "
                      "replaced for good, got none",
                      streams);
  }
  const absl::StatusOr<SecretBuffer> passphrase = home.ReadPassphrase();
  if (!passphrase.ok()) return Fail(passphrase.status(), streams);
  const SystemClock clock;
  const absl::StatusOr<RestoreReport> report =
      RestoreHome(home.folder(), *passphrase, clock, options);
  if (!report.ok()) return Fail(report.status(), streams);
  if (home.json()) {
    return Print(ReportJson(*report, !options.dry_run).dump() + "\n", streams);
  }
  return Print(absl::StrCat(options.dry_run ? "Dry run: nothing was changed.\n"
                                            : "The home agrees with its log.\n",
                            ReportText(*report)),
               streams);
}

}  // namespace subrosa
