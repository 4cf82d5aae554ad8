#include "src/classify/pattern_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/classify/local_time.h"
#include "src/classify/taxonomy_facts.h"

namespace subrosa {
namespace {

constexpr size_t kMaxKeptTimes = 128;
constexpr int32_t kWeekHours = 7 * 24;

// Adds `time` to `times`, which stay in order; false if it stands there.
bool AddTime(int32_t time, std::vector<int32_t>* times) {
  const auto at = std::lower_bound(times->begin(), times->end(), time);
  if (at != times->end() && *at == time) return false;
  times->insert(at, time);
  if (times->size() > kMaxKeptTimes) times->erase(times->begin());
  return true;
}

// Whether `times` of `days`, in order, lie within `span` on end.
bool HoldsDaily(const std::vector<int32_t>& days, int times, int span) {
  const auto step = static_cast<size_t>(times) - 1;
  for (size_t i = step; i < days.size(); ++i) {
    if (days[i] - days[i - step] < span) return true;
  }
  return false;
}

bool HasNear(const std::vector<int32_t>& hours, int32_t hour) {
  const auto at = std::lower_bound(hours.begin(), hours.end(), hour - 1);
  return at != hours.end() && *at <= hour + 1;
}

// Whether some of `hours` lie whole weeks from `hour`, give or take one hour,
// in `times` weeks of `span` on end, that of `hour` among them.
bool HoldsWeekly(const std::vector<int32_t>& hours, int32_t hour, int times,
                 int span) {
  int count = 0;  // Of the weeks [week - span + 1, week].
  for (int week = -span + 1; week < span; ++week) {
    count += HasNear(hours, hour + week * kWeekHours) ? 1 : 0;
    const int left = week - span;
    if (left > -span) count -= HasNear(hours, hour + left * kWeekHours) ? 1 : 0;
    if (week >= 0 && count >= times) return true;
  }
  return false;
}

void AddFindings(const InferenceRule& pattern, uint32_t met,
                 const Finding& last, std::vector<Finding>* findings) {
  std::string derived_from = last.field_path;
  for (size_t i = 0; i < pattern.met.size(); ++i) {
    if ((met >> i & 1) != 0) {
      absl::StrAppend(&derived_from, ", ", pattern.met[i]);
    }
  }
  const ByteSpan span = last.span;
  const std::string field_path = last.field_path;
  for (const v1::HealthCategory category : pattern.kinds.categories.Values()) {
    Finding finding;
    finding.field_path = field_path;
    finding.span = span;
    finding.category = category;
    finding.labels = pattern.kinds.labels;
    finding.basis = FindingBasis::kInference;
    finding.rule_id = pattern.id;
    finding.clause = FactsOf(category).clause();
    finding.score = pattern.score;
    finding.reason =
        absl::StrCat("inferred from ", pattern.title, " (", pattern.times,
                     pattern.is_weekly ? " weeks of " : " days of ",
                     pattern.span, "); derived from ", derived_from);
    findings->push_back(std::move(finding));
  }
}

}  // namespace

PatternReader::PatternReader(const InferenceRules& rules) {
  for (const InferenceRule& rule : rules.rules()) {
    if (rule.is_pattern()) patterns_.push_back(&rule);
  }
}

PatternReader::Consumer& PatternReader::Find(const std::string& id) {
  const auto known = by_id_.find(id);
  if (known != by_id_.end()) {
    consumers_.splice(consumers_.begin(), consumers_, known->second);
    return consumers_.front();
  }
  if (consumers_.size() == kMaxConsumers) {
    by_id_.erase(consumers_.back().id);
    consumers_.pop_back();
  }
  consumers_.push_front({id, std::vector<Progress>(patterns_.size())});
  by_id_.emplace(consumers_.front().id, consumers_.begin());
  return consumers_.front();
}

void PatternReader::Read(const v1::HealthRecord& record,
                         std::vector<Finding>* findings) {
  Consumer* consumer = nullptr;
  const size_t count = findings->size();
  for (size_t at = 0; at < patterns_.size(); ++at) {
    const InferenceRule& pattern = *patterns_[at];
    uint32_t met = 0;
    size_t last = count;
    for (size_t i = 0; i < count; ++i) {
      const Finding& finding = (*findings)[i];
      if (finding.basis != FindingBasis::kInference) continue;
      const auto rule =
          std::find(pattern.met.begin(), pattern.met.end(), finding.rule_id);
      if (rule == pattern.met.end()) continue;
      met |= uint32_t{1} << (rule - pattern.met.begin());
      last = i;
    }
    if (met == 0) continue;
    if (consumer == nullptr) consumer = &Find(record.consumer());
    Progress& progress = consumer->progress[at];
    if (progress.holds) continue;
    progress.met |= met;
    const auto time = static_cast<int32_t>(
        pattern.is_weekly ? LocalHourOf(record) : LocalDayOf(record));
    if (!AddTime(time, &progress.times)) continue;
    progress.holds =
        pattern.is_weekly
            ? HoldsWeekly(progress.times, time, pattern.times, pattern.span)
            : HoldsDaily(progress.times, pattern.times, pattern.span);
    if (!progress.holds) continue;
    progress.times = {};
    AddFindings(pattern, progress.met, (*findings)[last], findings);
  }
}

}  // namespace subrosa
