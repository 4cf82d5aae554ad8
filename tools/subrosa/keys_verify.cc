#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/steward/steward.h"
#include "src/vault/key_check.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_fault.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/keys_command.h"
#include "tools/subrosa/progress.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

std::string CheckJson(const KeyCheck& check) {
  Json findings = Json::array();
  for (const KeyFinding& finding : check.findings) {
    findings.push_back({{"finding", KeyFaultSlug(finding.fault)},
                        {"count", finding.count},
                        {"reason", KeyFaultText(finding.fault)}});
  }
  const Json json = {{"sound", check.ok()},
                     {"consumer_keys", check.consumer_keys},
                     {"directory_entries", check.directory_entries},
                     {"index_entries", check.index_entries},
                     {"evidence_keys", check.evidence_keys},
                     {"epochs", check.epochs},
                     {"findings", findings}};
  return json.dump() + "\n";
}

std::string CheckText(const KeyCheck& check) {
  std::string text =
      absl::StrCat("Looked at ", check.consumer_keys, " consumers' keys, ",
                   check.directory_entries, " directory entries, ",
                   check.index_entries, " index entries, ", check.evidence_keys,
                   " keys of evidence and ", check.epochs, " epochs.\n");
  if (check.ok()) {
    return absl::StrCat(text,
                        "Each key and entry opens, each leads to the other.\n");
  }
  absl::StrAppend(&text, "Found:\n");
  for (const KeyFinding& finding : check.findings) {
    absl::StrAppend(&text, "  ", finding.count, " ",
                    KeyFaultText(finding.fault), "\n");
  }
  return text;
}

absl::StatusOr<KeyCheck> Check(KeyCustody custody, const Streams& streams) {
  SUBROSA_ASSIGN_OR_RETURN(const KeyStatus status, custody.ReadStatus());
  int64_t total = 0;
  for (const EpochStatus& epoch : status.epochs) total += 2 * epoch.consumers;
  Progress progress(streams);
  return custody.Verify([&](int64_t rows) {
    progress.ShowPercent("keys", std::min(rows, total), total);
  });
}

}  // namespace

ExitCode KeysVerify(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  CommandLine line(
      "keys verify",
      "Checks the key store: that every consumer's key and directory entry "
      "opens and each leads to the other, and that the key provider has the "
      "epochs' objects and no others. Names nobody, changes nothing. The exit "
      "code is 3 if it finds something.");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<KeyCheck> check = Check((*steward)->Custody(), streams);
  if (!check.ok()) return Fail(check.status(), streams);
  const ExitCode printed =
      Print(home.json() ? CheckJson(*check) : CheckText(*check), streams);
  if (printed != ExitCode::kDone || check->ok()) return printed;
  return ExitCode::kNo;
}

}  // namespace subrosa
