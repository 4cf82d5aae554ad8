// Finds the columns of a table that are the items of a questionnaire.
#ifndef SUBROSA_TOOLS_SUBROSA_ITEM_COLUMNS_H_
#define SUBROSA_TOOLS_SUBROSA_ITEM_COLUMNS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "src/classify/table_classifier.h"

namespace subrosa {

struct ItemColumns {
  std::string instrument;       // "INSTRUMENT_PHQ9".
  std::vector<size_t> columns;  // By number of the item, from 1.
  bool is_named = false;        // The names say which questionnaire it is.
};

// Columns of numbers whose names differ in their last number alone, if that
// counts from 1 to as many items as PHQ-9 or GAD-7 has, by ones or by tens
// (surveys number so). `reports` is null for columns that are something else.
absl::optional<ItemColumns> FindItems(
    const std::vector<const ColumnReport*>& reports);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_ITEM_COLUMNS_H_
