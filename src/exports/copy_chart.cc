#include "src/exports/copy_chart.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "src/base/html_text.h"

namespace subrosa {
namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 120;
constexpr double kLeft = 44;  // Room for the numbers of the axis.
constexpr double kTop = 8;
constexpr double kBottom = 20;
constexpr double kRight = 8;

// The months that a chart shows.
struct Span {
  int32_t first;
  int32_t last;

  int32_t size() const { return last - first + 1; }
  double step() const { return (kWidth - kLeft - kRight) / size(); }
  // The middle of a month's place.
  double At(int32_t month) const {
    return kLeft + (month - first + 0.5) * step();
  }
};

int64_t RecordsOf(int64_t records) { return records; }
int64_t RecordsOf(const ChartedMonth& month) { return month.values; }

// What a chart shows of `months`, and how much it leaves out.
template <typename Months>
struct Shown {
  Shown(const Months& all, int32_t this_month)
      : begin(all.begin()), end(all.upper_bound(this_month)) {
    if (begin == end) return;
    span.last = std::prev(end)->first;
    begin = all.lower_bound(span.last - kMostChartMonths + 1);
    span.first = begin->first;
    for (auto month = all.begin(); month != begin; ++month) {
      outside += RecordsOf(month->second);
    }
    for (auto month = end; month != all.end(); ++month) {
      outside += RecordsOf(month->second);
    }
  }

  bool is_empty() const { return begin == end; }

  typename Months::const_iterator begin;
  typename Months::const_iterator end;
  Span span = {0, 0};
  int64_t outside = 0;
};

double HeightOf(double part) {
  return kTop + (kHeight - kTop - kBottom) * (1 - part);
}

// A number with as many digits as a person wants.
std::string Number(double number) { return absl::StrFormat("%.4g", number); }

std::string Head(absl::string_view title, const std::string& words) {
  return absl::StrCat("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ",
                      kWidth, " ", kHeight, "\" aria-label=\"",
                      HtmlText(absl::StrCat(title, ": ", words)), "\">");
}

std::string Axis(const Span& span, const std::string& least,
                 const std::string& most) {
  const double right = kWidth - kRight;
  const double floor = HeightOf(0);
  return absl::StrCat(
      absl::StrFormat("<line class=\"axis\" x1=\"%g\" y1=\"%g\" x2=\"%g\" "
                      "y2=\"%g\"/>",
                      kLeft, floor, right, floor),
      absl::StrFormat("<text x=\"%g\" y=\"%g\" class=\"end\">", kLeft - 4,
                      HeightOf(1) + 8),
      most, "</text>",
      absl::StrFormat("<text x=\"%g\" y=\"%g\" class=\"end\">", kLeft - 4,
                      floor),
      least, "</text>",
      absl::StrFormat("<text x=\"%g\" y=\"%g\">", kLeft, kHeight - 4),
      MonthText(span.first), "</text>",
      absl::StrFormat("<text x=\"%g\" y=\"%g\" class=\"end\">", right,
                      kHeight - 4),
      MonthText(span.last), "</text>");
}

std::string SpanWords(const Span& span, int64_t outside) {
  std::string words = span.first == span.last
                          ? absl::StrCat(" in ", MonthText(span.first))
                          : absl::StrCat(" from ", MonthText(span.first),
                                         " to ", MonthText(span.last));
  if (outside > 0) {
    absl::StrAppend(&words, " (", outside,
                    " of other months are in the files)");
  }
  return words;
}

}  // namespace

std::string CountChart(absl::string_view title,
                       const std::map<int32_t, int64_t>& months,
                       int32_t this_month) {
  const Shown shown(months, this_month);
  if (shown.is_empty()) return "";
  const Span& span = shown.span;
  int64_t most = 0;
  for (auto month = shown.begin; month != shown.end; ++month) {
    most = std::max(most, month->second);
  }
  std::string svg = Head(
      title, absl::StrCat("records a month", SpanWords(span, shown.outside),
                          ", at most ", most));
  const double width = std::max(0.8, span.step() * 0.8);
  for (auto month = shown.begin; month != shown.end; ++month) {
    const double top = HeightOf(static_cast<double>(month->second) / most);
    absl::StrAppendFormat(
        &svg,
        "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
        "height=\"%.1f\"/>",
        span.At(month->first) - width / 2, top, width, HeightOf(0) - top);
  }
  return absl::StrCat(svg, Axis(span, "0", absl::StrCat(most)), "</svg>");
}

std::string MeanChart(absl::string_view title, const ChartedMonths& months,
                      int32_t this_month) {
  const Shown shown(months, this_month);
  if (shown.is_empty()) return "";
  const Span& span = shown.span;
  double least = shown.begin->second.least;
  double most = shown.begin->second.most;
  for (auto month = shown.begin; month != shown.end; ++month) {
    least = std::min(least, month->second.least);
    most = std::max(most, month->second.most);
  }
  const double range = most > least ? most - least : 1;
  std::string svg = Head(
      title,
      absl::StrCat("means of months", SpanWords(span, shown.outside),
                   "; values between ", Number(least), " and ", Number(most)));
  std::string points;
  for (auto month = shown.begin; month != shown.end; ++month) {
    const ChartedMonth& at = month->second;
    const double x = span.At(month->first);
    absl::StrAppendFormat(
        &svg,
        "<line class=\"range\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
        "y2=\"%.1f\"/>",
        x, HeightOf((at.least - least) / range), x,
        HeightOf((at.most - least) / range));
    const double mean = at.sum / static_cast<double>(at.values);
    const double y = HeightOf((mean - least) / range);
    absl::StrAppendFormat(&points, "%.1f,%.1f ", x, y);
    absl::StrAppendFormat(
        &svg, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/>", x, y);
  }
  return absl::StrCat(svg, "<polyline class=\"line\" points=\"", points, "\"/>",
                      Axis(span, Number(least), Number(most)), "</svg>");
}

}  // namespace subrosa
