#include "tools/subrosa/item_columns.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "src/classify/name_rules.h"

namespace subrosa {
namespace {

constexpr size_t kPhq9Items = 9;
constexpr size_t kGad7Items = 7;
constexpr size_t kMaxDigits = 3;

}  // namespace

absl::optional<ItemColumns> FindItems(
    const std::vector<const ColumnReport*>& reports) {
  std::map<std::string, std::map<size_t, size_t>> groups;
  for (size_t i = 0; i < reports.size(); ++i) {
    if (reports[i] == nullptr || reports[i]->value != NamedValue::kNumber) {
      continue;
    }
    std::vector<std::string> words = WordsOfName(reports[i]->name);
    uint64_t number;
    if (words.size() < 2 || words.back().size() > kMaxDigits ||
        !absl::SimpleAtoi(words.back(), &number)) {
      continue;
    }
    words.pop_back();
    groups[absl::StrJoin(words, "_")][number] = i;
  }
  for (const auto& [prefix, columns] : groups) {
    const bool is_gad = absl::StrContains(prefix, "gad");
    const bool is_phq =
        absl::StrContains(prefix, "phq") || absl::StrContains(prefix, "dpq");
    const size_t count = is_gad ? kGad7Items : kPhq9Items;
    if (!is_gad && !is_phq && columns.size() != kPhq9Items) continue;
    for (const size_t step : {1, 10}) {
      ItemColumns items;
      for (size_t n = 1; n <= count; ++n) {
        const auto found = columns.find(n * step);
        if (found != columns.end()) items.columns.push_back(found->second);
      }
      if (items.columns.size() != count) continue;
      items.instrument = is_gad ? "INSTRUMENT_GAD7" : "INSTRUMENT_PHQ9";
      items.is_named = is_gad || is_phq;
      return items;
    }
  }
  return absl::nullopt;
}

}  // namespace subrosa
