// The inventory says what is really held: for each category of health data,
// each finer label and each source, how many records of how many consumers, and
// from when to when. It is computed from the rows' clear columns; no key is
// used and nothing is opened.
#ifndef SUBROSA_SRC_NOTICE_INVENTORY_H_
#define SUBROSA_SRC_NOTICE_INVENTORY_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/steward/steward.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// Counts over some of the records.
struct InventoryCounts {
  int64_t records = 0;
  int64_t consumers = 0;
  // Days since 1970-01-01 on which what the records tell happened.
  int32_t earliest_day = 0;
  int32_t latest_day = 0;
};

// Every record with this category, this label below it and this source. A
// record with several categories or labels counts on several lines.
struct InventoryLine {
  // UNSPECIFIED: personal data without a health category.
  v1::HealthCategory category = v1::HEALTH_CATEGORY_UNSPECIFIED;
  // UNSPECIFIED: the record carries no finer label below the category.
  v1::HealthLabel label = v1::HEALTH_LABEL_UNSPECIFIED;
  std::string source;
  InventoryCounts counts;
  // Of the records, those that words in free text or an inference alone put
  // into the category; and of these, those whose words speak of somebody else.
  int64_t by_words_alone = 0;
  int64_t of_somebody_else = 0;
  // What the records are held for, and their payloads' types.
  std::set<std::string> purposes;
  std::set<std::string> schemas;
};

struct Inventory {
  std::string entity;
  InventoryCounts total;             // Each record once.
  std::vector<InventoryLine> lines;  // By category, label, source.
};

// Takes one pass over the newest revision of every record. Memory grows with
// the number of lines, not of records. Errors as Steward::VisitFacts.
absl::StatusOr<Inventory> TakeInventory(Steward& steward);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_INVENTORY_H_
