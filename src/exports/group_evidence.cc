#include "src/exports/group_evidence.h"

#include <algorithm>

namespace subrosa {

size_t GroupEvidence::Add(const CoarseValues& values, const std::string& kind) {
  const auto [place, is_new] = places_.try_emplace(values, groups_.size());
  if (is_new) {
    groups_.emplace_back();
    groups_.back().values = &place->first;
  }
  Group& group = groups_[place->second];
  ++group.consumers;
  ++group.kinds[kind];
  return place->second;
}

GroupSummary GroupEvidence::Summary(int64_t least) const {
  GroupSummary summary;
  for (const Group& group : groups_) {
    if (group.consumers < least) {
      summary.left_out += group.consumers;
      continue;
    }
    const auto kinds = static_cast<int64_t>(group.kinds.size());
    summary.least_consumers =
        summary.groups == 0
            ? group.consumers
            : std::min(summary.least_consumers, group.consumers);
    summary.least_kinds =
        summary.groups == 0 ? kinds : std::min(summary.least_kinds, kinds);
    ++summary.groups;
    summary.consumers += group.consumers;
    for (const auto& [kind, count] : group.kinds) {
      if (count < least) ++summary.small_cells;
    }
  }
  return summary;
}

}  // namespace subrosa
