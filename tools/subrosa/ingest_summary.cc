#include "tools/subrosa/ingest_summary.h"

#include <cstdint>
#include <map>

#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// ", 3 kept whole (2 Basic, 1 Flag)"; nothing for none.
std::string CountedTypes(uint64_t count, const std::string& what,
                         const std::map<std::string, uint64_t>& types) {
  if (count == 0) return "";
  std::string text = absl::StrCat(", ", count, " ", what, " (");
  bool first = true;
  for (const auto& [type, of_type] : types) {
    absl::StrAppend(&text, first ? "" : ", ", of_type, " ", type);
    first = false;
  }
  return absl::StrCat(text, ")");
}

}  // namespace

Json IngestSummaryJson(const FeedSummary& summary) {
  Json reasons = Json::array();
  for (const auto& [reason, rejects] : summary.rejects_by_reason) {
    reasons.push_back({{"reason", reason},
                       {"count", rejects.count},
                       {"first_number", rejects.first_number}});
  }
  return {{"entries", summary.entries()},
          {"added", summary.added},
          {"revised", summary.revised},
          {"unchanged", summary.unchanged},
          {"kept_whole", summary.kept_whole},
          {"kept_whole_types", summary.kept_whole_types},
          {"rejected", summary.rejected},
          {"rejects_by_reason", reasons},
          {"other_rejects", summary.other_rejects},
          {"not_about_consumer", summary.not_about_consumer},
          {"not_about_consumer_types", summary.not_about_consumer_types}};
}

std::string IngestSummaryText(const FeedSummary& summary) {
  std::string text = absl::StrCat(
      summary.added, " added, ", summary.revised, " revised, ",
      summary.unchanged, " unchanged, ", summary.rejected, " rejected",
      CountedTypes(summary.kept_whole, "of a type kept whole",
                   summary.kept_whole_types),
      CountedTypes(summary.not_about_consumer, "about no consumer",
                   summary.not_about_consumer_types));
  if (summary.entries() > 0 && summary.unchanged == summary.entries()) {
    absl::StrAppend(&text, "; nothing changed");
  }
  return text;
}

}  // namespace subrosa
