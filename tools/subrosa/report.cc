#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "src/notice/inventory.h"
#include "src/notice/inventory_report.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/report_command.h"
#include "tools/subrosa/request_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {

ExitCode Report(absl::Span<const std::string> arguments,
                const Streams& streams) {
  if (!arguments.empty() && arguments[0] == "requests") {
    return ReportRequests(arguments.subspan(1), streams);
  }
  if (!arguments.empty() && arguments[0] == "evidence") {
    return ReportEvidence(arguments.subspan(1), streams);
  }
  if (!arguments.empty() && arguments[0] == "metrics") {
    return ReportMetrics(arguments.subspan(1), streams);
  }
  std::vector<std::string> kinds;
  CommandLine line(
      "report",
      "Writes a report for the privacy officer. `report "
      "inventory` says what is held and which clause names it; "
      "`report requests` counts what became of requests, and "
      "`report metrics` as California has it published, and "
      "`report evidence` writes data map and encryption inventory; "
      "with options of their own.");
  line.AddArguments("kind", &kinds, "inventory, requests, metrics or evidence");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (kinds != std::vector<std::string>{"inventory"}) {
    return UsageError(
        "report", "kind: want `inventory`, `requests`, `metrics` or `evidence`",
        streams);
  }

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<Inventory> inventory = TakeInventory(**steward);
  if (!inventory.ok()) return Fail(inventory.status(), streams);
  return Print(session.json() ? InventoryJson(*inventory, absl::Now())
                              : InventoryReport(*inventory, absl::Now()),
               streams);
}

}  // namespace subrosa
