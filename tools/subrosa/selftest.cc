#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/self_test.h"
#include "tools/subrosa/self_test_home.h"
#include "tools/subrosa/selftest_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

absl::StatusOr<SelfTestReport> Test(Steward& steward) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<SelfTestHome> home,
                           SelfTestHome::Make(steward));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<SelfTestSink> sinks,
                           SinksOf(*home));
  return RunSelfTest(*home, sinks);
}

nlohmann::ordered_json FindingsJson(
    const std::vector<SelfTestFinding>& findings) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const SelfTestFinding& finding : findings) {
    json.push_back({{"who", finding.who},
                    {"sink", finding.sink},
                    {"purpose", finding.purpose},
                    {"recipient", finding.recipient}});
  }
  return json;
}

std::string ReportJson(const SelfTestReport& report) {
  const nlohmann::ordered_json json = {
      {"sound", report.is_sound()},
      {"refused", report.refused},
      {"passed", report.passed},
      {"leaks", FindingsJson(report.leaks)},
      {"stopped", FindingsJson(report.stopped)},
      {"not_tested", report.not_tested}};
  return json.dump() + "\n";
}

std::string FindingText(const SelfTestFinding& finding) {
  std::string text = absl::StrCat("  ", finding.who, ": ", finding.sink);
  if (!finding.purpose.empty()) absl::StrAppend(&text, " ", finding.purpose);
  if (!finding.recipient.empty()) {
    absl::StrAppend(&text, " to ", finding.recipient);
  }
  return text + "\n";
}

std::string ReportText(const SelfTestReport& report) {
  std::string text =
      absl::StrCat("Attempts that were refused as they must: ", report.refused,
                   "\nAttempts that passed as they may: ", report.passed, "\n");
  if (!report.leaks.empty()) {
    absl::StrAppend(&text, "Who got through, or was not told of:\n");
  }
  for (const SelfTestFinding& finding : report.leaks) {
    absl::StrAppend(&text, FindingText(finding));
  }
  if (!report.stopped.empty()) {
    absl::StrAppend(&text, "What is allowed and did not pass:\n");
  }
  for (const SelfTestFinding& finding : report.stopped) {
    absl::StrAppend(&text, FindingText(finding));
  }
  if (!report.not_tested.empty()) {
    absl::StrAppend(&text, "Not tested:\n");
  }
  for (const std::string& what : report.not_tested) {
    absl::StrAppend(&text, "  ", what, "\n");
  }
  return text;
}

}  // namespace

ExitCode SelfTest(absl::Span<const std::string> arguments,
                  const Streams& streams) {
  CommandLine line("selftest",
                   "Sends made-up consumers (withdrawn, expired, teen, of "
                   "Maryland, deleted) through every way in and out, in a home "
                   "of its own with this one's policy, recipients and "
                   "connectors. The exit code is 3 if one gets through. Meant "
                   "for a nightly timer.");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<SelfTestReport> report = Test(**steward);
  if (!report.ok()) return Fail(report.status(), streams);
  const ExitCode printed = Print(
      session.json() ? ReportJson(*report) : ReportText(*report), streams);
  if (printed != ExitCode::kDone || report->is_sound()) return printed;
  std::fprintf(streams.err,
               "subrosa: error: selftest: want nobody to get through, got %zu "
               "leaks, and %zu that are allowed and did not pass\n",
               report->leaks.size(), report->stopped.size());
  return ExitCode::kNo;
}

}  // namespace subrosa
