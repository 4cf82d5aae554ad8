// Holdings say what is held and how many records of it, by category, label and
// source. They are read from what is counted as records are written, so that a
// notice costs the same of a thousand records and of a hundred million; whose
// they are and of which days, the inventory says (inventory.h), which reads
// every row.
#ifndef SUBROSA_SRC_NOTICE_HOLDINGS_H_
#define SUBROSA_SRC_NOTICE_HOLDINGS_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "src/classify/classification.h"
#include "src/steward/steward.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// The lines that a record with these marks counts on: each of its categories,
// with each of its labels that hangs below it. UNSPECIFIED: personal data
// without a health category; a category without a finer label.
std::vector<std::pair<v1::HealthCategory, v1::HealthLabel>> LinesOfRecord(
    CategorySet categories, LabelSet labels);

// As InventoryLine, without consumers and days.
struct HeldLine {
  v1::HealthCategory category = v1::HEALTH_CATEGORY_UNSPECIFIED;
  v1::HealthLabel label = v1::HEALTH_LABEL_UNSPECIFIED;
  std::string source;
  int64_t records = 0;
  std::set<std::string> purposes;
  std::set<std::string> schemas;
};

struct Holdings {
  int64_t records = 0;  // Each once.
  // Each once in each of its categories.
  std::map<v1::HealthCategory, int64_t> by_category;
  std::vector<HeldLine> lines;  // By category, label, source.
};

// Errors as Steward::ReadHeld.
absl::StatusOr<Holdings> ReadHoldings(Steward& steward);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_HOLDINGS_H_
