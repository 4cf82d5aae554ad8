#include "src/notice/holdings.h"

#include <algorithm>
#include <tuple>

#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"
#include "src/vault/record_row.h"

namespace subrosa {
namespace {

bool HangsUnder(v1::HealthLabel label, v1::HealthCategory category) {
  const auto& under = FactsOf(label).under();
  return std::find(under.begin(), under.end(), category) != under.end();
}

}  // namespace

std::vector<std::pair<v1::HealthCategory, v1::HealthLabel>> LinesOfRecord(
    CategorySet categories, LabelSet labels) {
  std::vector<std::pair<v1::HealthCategory, v1::HealthLabel>> lines;
  for (const v1::HealthCategory category : categories.Values()) {
    const size_t before = lines.size();
    for (const v1::HealthLabel label : labels.Values()) {
      if (HangsUnder(label, category)) lines.emplace_back(category, label);
    }
    if (lines.size() == before) {
      lines.emplace_back(category, v1::HEALTH_LABEL_UNSPECIFIED);
    }
  }
  if (lines.empty()) {
    lines.emplace_back(v1::HEALTH_CATEGORY_UNSPECIFIED,
                       v1::HEALTH_LABEL_UNSPECIFIED);
  }
  return lines;
}

absl::StatusOr<Holdings> ReadHoldings(Steward& steward) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<HeldRecords> held,
                           steward.ReadHeld());
  Holdings holdings;
  std::map<std::tuple<v1::HealthCategory, v1::HealthLabel, std::string>,
           HeldLine>
      lines;
  for (const HeldRecords& each : held) {
    holdings.records += each.records;
    std::set<v1::HealthCategory> categories;
    for (const auto& [category, label] :
         LinesOfRecord(CategorySet::FromBits(each.categories),
                       LabelSet::FromBits(each.labels))) {
      HeldLine& line = lines[{category, label, each.source}];
      line.category = category;
      line.label = label;
      line.source = each.source;
      line.records += each.records;
      line.purposes.insert(each.purpose);
      line.schemas.insert(each.schema);
      categories.insert(category);
    }
    for (const v1::HealthCategory category : categories) {
      holdings.by_category[category] += each.records;
    }
  }
  for (auto& [key, line] : lines) holdings.lines.push_back(std::move(line));
  return holdings;
}

}  // namespace subrosa
