#include "src/notice/inventory.h"

#include <string>

#include "absl/time/clock.h"
#include "src/notice/inventory_report.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/inventory_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {

ExitCode InventoryCommand(absl::Span<const std::string> arguments,
                          const Streams& streams) {
  CommandLine line("inventory",
                   "Says what is held, by category, finer label and source. "
                   "Opens no record.");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<Inventory> inventory = TakeInventory(**steward);
  if (!inventory.ok()) return Fail(inventory.status(), streams);
  return Print(session.json() ? InventoryJson(*inventory, absl::Now())
                              : InventoryTable(*inventory),
               streams);
}

}  // namespace subrosa
