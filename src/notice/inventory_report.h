// An inventory, written for people (a table, or a report with clauses) and for
// programs (JSON).
#ifndef SUBROSA_SRC_NOTICE_INVENTORY_REPORT_H_
#define SUBROSA_SRC_NOTICE_INVENTORY_REPORT_H_

#include <string>

#include "absl/time/time.h"
#include "src/notice/inventory.h"

namespace subrosa {

// A table of one line a line of the inventory, for a terminal, with a total.
std::string InventoryTable(const Inventory& inventory);

// The officer's report, in Markdown: per category its clause in Washington, the
// counterparts in Nevada and California, how sure we are of each text, what is
// held, from which sources, for which purposes. It states facts and no legal
// conclusion. `made_at` is printed in UTC.
std::string InventoryReport(const Inventory& inventory, absl::Time made_at);

// Both as one JSON document (docs/formats/json.md).
std::string InventoryJson(const Inventory& inventory, absl::Time made_at);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_INVENTORY_REPORT_H_
