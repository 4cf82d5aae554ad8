#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/notice/encryption_inventory.h"
#include "src/notice/evidence_report.h"
#include "src/notice/gather_facts.h"
#include "src/notice/notice_facts.h"
#include "src/steward/steward.h"
#include "src/vault/key_custody.h"
#include "subrosa/v1/evidence.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/report_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {

ExitCode ReportEvidence(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  CommandLine line("report evidence",
                   "Writes the data map and the encryption inventory that risk "
                   "assessments and cybersecurity audits ask for, as a page or "
                   "as JSON.");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<NoticeFacts> facts = GatherNoticeFacts(**steward);
  if (!facts.ok()) return Fail(facts.status(), streams);
  const absl::StatusOr<KeyStatus> keys = (*steward)->Custody().ReadStatus();
  if (!keys.ok()) return Fail(keys.status(), streams);
  const absl::StatusOr<v1::EncryptionInventory> sealed =
      BuiltInEncryptionInventory();
  if (!sealed.ok()) return Fail(sealed.status(), streams);
  const EvidenceReport report =
      MakeEvidenceReport(*facts, *keys, (*steward)->EpochAssurance(), *sealed);
  return Print(home.json() ? EvidenceJson(report) : EvidenceHtml(report),
               streams);
}

}  // namespace subrosa
