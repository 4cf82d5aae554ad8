#include "src/notice/inventory.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/notice/holdings.h"
#include "src/vault/record_row.h"

namespace subrosa {
namespace {

using LineKey = std::tuple<v1::HealthCategory, v1::HealthLabel, std::string>;

// Counts records that come grouped by consumer.
struct Tally {
  InventoryCounts counts;
  uint64_t last_consumer = 0;

  void Add(uint64_t consumer, int32_t day) {
    if (counts.records == 0) counts.earliest_day = counts.latest_day = day;
    counts.earliest_day = std::min(counts.earliest_day, day);
    counts.latest_day = std::max(counts.latest_day, day);
    ++counts.records;
    if (last_consumer != consumer) ++counts.consumers;
    last_consumer = consumer;
  }
};

struct LineTally {
  Tally tally;
  int64_t by_words_alone = 0;
  int64_t of_somebody_else = 0;
  std::set<std::string> purposes;
  std::set<std::string> schemas;
};

// Rows of one shape count on the same lines; there are few shapes.
using Shape = std::tuple<uint32_t, uint32_t, uint64_t, std::string, std::string,
                         std::string>;  // Categories, those told by words,
                                        // labels, source, purpose, schema.

// A line that rows of one shape count on, and how.
struct ShapeLine {
  LineTally* line;
  bool by_words_alone;
  bool of_somebody_else;
};

class Counter {
 public:
  void Add(const RecordRow& row) {
    if (row.place.data_ref != data_ref_) {
      data_ref_ = row.place.data_ref;
      ++consumer_;
    }
    total_.Add(consumer_, row.facts.effective_day);
    for (const ShapeLine& shape : LinesOf(row.facts)) {
      shape.line->tally.Add(consumer_, row.facts.effective_day);
      shape.line->by_words_alone += shape.by_words_alone ? 1 : 0;
      shape.line->of_somebody_else += shape.of_somebody_else ? 1 : 0;
    }
  }

  Inventory Finish(std::string entity) const {
    Inventory inventory;
    inventory.entity = std::move(entity);
    inventory.total = total_.counts;
    for (const auto& [key, line] : lines_) {
      inventory.lines.push_back({std::get<0>(key), std::get<1>(key),
                                 std::get<2>(key), line.tally.counts,
                                 line.by_words_alone, line.of_somebody_else,
                                 line.purposes, line.schemas});
    }
    return inventory;
  }

 private:
  const std::vector<ShapeLine>& LinesOf(const RowFacts& facts) {
    Shape shape(facts.categories, facts.told, facts.labels, facts.source,
                facts.purpose, facts.schema);
    const auto known = shapes_.find(shape);
    if (known != shapes_.end()) return known->second;
    const CategorySet told = CategorySet::FromBits(ToldCategories(facts));
    const CategorySet others = CategorySet::FromBits(OthersCategories(facts));
    std::vector<ShapeLine> lines;
    for (const auto& [category, label] :
         LinesOfRecord(CategorySet::FromBits(facts.categories),
                       LabelSet::FromBits(facts.labels))) {
      LineTally& line = lines_[LineKey(category, label, facts.source)];
      line.purposes.insert(facts.purpose);
      line.schemas.insert(facts.schema);
      lines.push_back({&line, told.Has(category), others.Has(category)});
    }
    return shapes_.emplace(std::move(shape), std::move(lines)).first->second;
  }

  std::string data_ref_;
  uint64_t consumer_ = 0;  // Ordinal of the consumer that rows are of now.
  Tally total_;
  std::map<LineKey, LineTally> lines_;  // Its elements stay where they are.
  absl::flat_hash_map<Shape, std::vector<ShapeLine>> shapes_;
};

}  // namespace

absl::StatusOr<Inventory> TakeInventory(Steward& steward) {
  Counter counter;
  SUBROSA_RETURN_IF_ERROR(steward.VisitFacts([&counter](const RecordRow& row) {
    counter.Add(row);
    return absl::OkStatus();
  }));
  return counter.Finish(steward.entity());
}

}  // namespace subrosa
