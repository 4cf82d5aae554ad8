// Small charts as SVG, drawn into a copy's page: no script, no image to load.
// Each has a title and a text that says what it shows, for those who listen.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_EXPORTS_COPY_CHART_H_
#define SUBROSA_SRC_EXPORTS_COPY_CHART_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "src/exports/copy_survey.h"

namespace subrosa {

// A bar a month, from the first to the last that holds records and is not after
// `this_month`. Of more than kMostChartMonths the newest are drawn. How many
// records are of other months is said: one that tells of a distant year hides
// nothing of the rest. Empty if none is before the next month.
inline constexpr int32_t kMostChartMonths = 240;
std::string CountChart(absl::string_view title,
                       const std::map<int32_t, int64_t>& months,
                       int32_t this_month);

// The mean of each month, as a line, between the least and the most value. As
// above.
std::string MeanChart(absl::string_view title, const ChartedMonths& months,
                      int32_t this_month);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_COPY_CHART_H_
