#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "src/base/html_text.h"
#include "src/notice/metrics_report.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kGrounds[] = {"not-verifiable", "not-by-a-consumer",
                                    "exempt", "other"};

constexpr absl::string_view kStyle =
    "body { font: 1rem/1.5 sans-serif; color: #1a1a1a; background: #fff;"
    " max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { border: 1px solid #767676; padding: .3rem; text-align: right; }\n"
    "th:first-child { text-align: left; }\n"
    "@media print { body { max-width: none; margin: 0; }"
    " tr { break-inside: avoid; } }\n";

int64_t DeniedOn(const KindTally& tally, const char* ground) {
  const auto found = tally.denied_on.find(ground);
  return found == tally.denied_on.end() ? 0 : found->second;
}

std::string Days(double days) { return absl::StrFormat("%.1f", days); }

// The two populations, in their order.
struct Population {
  const char* slug;
  std::string title;
  KindTally MetricsRow::*tally;
};

std::vector<Population> PopulationsOf(const MetricsReport& report) {
  return {{"residents", absl::StrCat("Residents of ", report.jurisdiction),
           &MetricsRow::residents},
          {"all", "All consumers", &MetricsRow::all}};
}

std::string HeadOf(const MetricsReport& report) {
  return absl::StrCat("Requests received in ", report.year, ", by ",
                      report.entity);
}

std::string BasisOf(const MetricsReport& report) {
  return absl::StrCat(
      "Asked for by ", report.rule, " (", report.citation, "; ",
      report.certainty, ")",
      report.from_consumers == 0
          ? ""
          : absl::StrCat(" of those with the personal information of ",
                         report.from_consumers, " consumers or more"),
      report.publish_by.empty() ? "" : absl::StrCat(", by ", report.publish_by),
      ".");
}

std::string FootnoteOf(const MetricsReport& report) {
  return absl::StrCat(
      "Opt-out preference signals of browsers are no requests of these "
      "tables. Counted apart, of consumers who are known: ",
      report.signals.residents, " from residents of ", report.jurisdiction,
      ", ", report.signals.all,
      " from all. Days count from receipt to the answer.");
}

// Bars of what was complied with, in whole and in part, and denied. All that
// they show stands in the table.
std::string Chart(const MetricsReport& report, const Population& population) {
  constexpr int kBarsFrom = 330;
  constexpr int kBarWidth = 400;
  constexpr int kRowHeight = 26;
  int64_t most = 1;
  for (const MetricsRow& row : report.rows) {
    most = std::max(most, (row.*population.tally).received);
  }
  std::string svg = absl::StrCat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 740 ",
      report.rows.size() * kRowHeight, "\" role=\"img\" aria-label=\"",
      HtmlText(population.title),
      ": a bar for each kind; the table below has the numbers\">\n");
  int y = 0;
  for (const MetricsRow& row : report.rows) {
    const KindTally& tally = row.*population.tally;
    absl::StrAppend(&svg, "<text x=\"0\" y=\"", y + 17, "\" font-size=\"13\">",
                    HtmlText(row.text), "</text>\n");
    double x = kBarsFrom;
    for (const auto& [count, fill] :
         {std::pair(tally.completed, "#1a5e3a"),
          std::pair(tally.completed_in_part, "#8a6d00"),
          std::pair(tally.denied, "#a3211b")}) {
      const double width =
          static_cast<double>(count) * kBarWidth / static_cast<double>(most);
      if (count > 0) {
        absl::StrAppend(
            &svg, absl::StrFormat("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" "
                                  "height=\"18\" fill=\"%s\"/>\n",
                                  x, y + 4, width, fill));
      }
      x += width;
    }
    y += kRowHeight;
  }
  return svg + "</svg>\n";
}

std::string Table(const MetricsReport& report, const Population& population) {
  std::string html = absl::StrCat(
      "<table aria-labelledby=\"", population.slug,
      "\">\n<thead>\n<tr><th scope=\"col\">Kind</th>"
      "<th scope=\"col\">Received</th>"
      "<th scope=\"col\">Complied with in whole</th>"
      "<th scope=\"col\">In part</th><th scope=\"col\">Denied</th>"
      "<th scope=\"col\">not verifiable</th>"
      "<th scope=\"col\">not by a consumer</th>"
      "<th scope=\"col\">exempt</th><th scope=\"col\">other grounds</th>"
      "<th scope=\"col\">Median days</th>"
      "<th scope=\"col\">Mean days</th></tr>\n</thead>\n<tbody>\n");
  for (const MetricsRow& row : report.rows) {
    const KindTally& tally = row.*population.tally;
    absl::StrAppend(&html, "<tr><th scope=\"row\">", HtmlText(row.text),
                    "</th><td>", tally.received, "</td><td>", tally.completed,
                    "</td><td>", tally.completed_in_part, "</td><td>",
                    tally.denied, "</td>");
    for (const char* ground : kGrounds) {
      absl::StrAppend(&html, "<td>", DeniedOn(tally, ground), "</td>");
    }
    absl::StrAppend(&html, "<td>", Days(tally.MedianDays()), "</td><td>",
                    Days(tally.MeanDays()), "</td></tr>\n");
  }
  return html + "</tbody>\n</table>\n";
}

Json TallyJson(const KindTally& tally) {
  Json grounds = Json::object();
  for (const char* ground : kGrounds) grounds[ground] = DeniedOn(tally, ground);
  return {{"received", tally.received},
          {"completed", tally.completed},
          {"completed_in_part", tally.completed_in_part},
          {"denied", tally.denied},
          {"denied_on", grounds},
          {"open", tally.open},
          {"taken_back", tally.taken_back},
          {"median_days", tally.MedianDays()},
          {"mean_days", tally.MeanDays()}};
}

}  // namespace

std::string MetricsText(const MetricsReport& report) {
  std::string text = absl::StrCat(HeadOf(report), "\n", BasisOf(report), "\n");
  for (const Population& population : PopulationsOf(report)) {
    absl::StrAppend(&text, "\n", population.title, "\n");
    for (const MetricsRow& row : report.rows) {
      const KindTally& tally = row.*population.tally;
      absl::StrAppend(&text, "  ", row.text, ": ", tally.received,
                      " received, ", tally.completed, " complied with, ",
                      tally.completed_in_part, " in part, ", tally.denied,
                      " denied; median ", Days(tally.MedianDays()), ", mean ",
                      Days(tally.MeanDays()), " days\n");
    }
  }
  return absl::StrCat(text, "\n", FootnoteOf(report), "\n");
}

std::string MetricsHtml(const MetricsReport& report) {
  std::string html = absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>",
      HtmlText(HeadOf(report)), "</title>\n<style>\n", kStyle,
      "</style>\n</head>\n<body>\n<main>\n<h1>", HtmlText(HeadOf(report)),
      "</h1>\n<p>", HtmlText(BasisOf(report)), "</p>\n");
  for (const Population& population : PopulationsOf(report)) {
    absl::StrAppend(&html, "<section aria-labelledby=\"", population.slug,
                    "\">\n<h2 id=\"", population.slug, "\">",
                    HtmlText(population.title), "</h2>\n",
                    Chart(report, population),
                    "<p>Green: complied with in whole; ochre: in part; red: "
                    "denied.</p>\n",
                    Table(report, population), "</section>\n");
  }
  return absl::StrCat(html, "<p>", HtmlText(FootnoteOf(report)),
                      "</p>\n</main>\n</body>\n</html>\n");
}

std::string MetricsCsv(const MetricsReport& report) {
  std::string csv =
      "population,kind,received,completed,completed_in_part,denied,"
      "not_verifiable,not_by_a_consumer,exempt,other,median_days,mean_days\n";
  for (const Population& population : PopulationsOf(report)) {
    for (const MetricsRow& row : report.rows) {
      const KindTally& tally = row.*population.tally;
      absl::StrAppend(&csv, population.slug, ",", row.key, ",", tally.received,
                      ",", tally.completed, ",", tally.completed_in_part, ",",
                      tally.denied);
      for (const char* ground : kGrounds) {
        absl::StrAppend(&csv, ",", DeniedOn(tally, ground));
      }
      absl::StrAppend(&csv, ",", Days(tally.MedianDays()), ",",
                      Days(tally.MeanDays()), "\n");
    }
  }
  return csv;
}

std::string MetricsJson(const MetricsReport& report) {
  Json kinds = Json::array();
  for (const MetricsRow& row : report.rows) {
    kinds.push_back({{"kind", row.key},
                     {"residents", TallyJson(row.residents)},
                     {"all", TallyJson(row.all)}});
  }
  const Json json = {
      {"entity", report.entity},
      {"year", report.year},
      {"rule", report.rule},
      {"citation", report.citation},
      {"certainty", report.certainty},
      {"jurisdiction", report.jurisdiction},
      {"publish_by", report.publish_by},
      {"from_consumers", report.from_consumers},
      {"signals",
       {{"residents", report.signals.residents}, {"all", report.signals.all}}},
      {"kinds", kinds}};
  return json.dump() + "\n";
}

}  // namespace subrosa
