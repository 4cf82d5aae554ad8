#include "src/exports/copy_page.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/base/html_text.h"
#include "src/classify/classification.h"
#include "src/classify/taxonomy_facts.h"
#include "src/exports/copy_chart.h"
#include "src/exports/instant_text.h"
#include "src/exports/record_text.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

// Dark text on light ground and the other way round, 7:1 and more; charts 4:1.
constexpr absl::string_view kStyle =
    R"(:root{color-scheme:light dark;--ink:#1c1b22;--paper:#fff;--soft:#5a5868;--rule:#c9c7d3;--mark:#6a3fb5;--tint:#f4f1fa}
@media(prefers-color-scheme:dark){:root{--ink:#ecebf2;--paper:#17161c;--soft:#b3b0c2;--rule:#4a4857;--mark:#bfa2f5;--tint:#221f2c}}
body{font:1rem/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:62rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.7rem;line-height:1.25}h2{margin-top:2.5rem;border-bottom:1px solid var(--rule)}h3{margin-bottom:.3rem}
a{color:var(--mark)}table{border-collapse:collapse;width:100%;margin:.7rem 0}caption{text-align:left;color:var(--soft);padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--rule)}td.n{text-align:right;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}.soft{color:var(--soft)}details{margin:.3rem 0}summary{cursor:pointer}
.chart{width:100%;max-width:44rem;height:auto;background:var(--tint)}.chart text{fill:var(--soft);font-size:10px}.chart .end{text-anchor:end}
.axis{stroke:var(--soft)}.bar,.dot{fill:var(--mark)}.range{stroke:var(--rule);stroke-width:2}.line{fill:none;stroke:var(--mark);stroke-width:1.5}
@media print{body{max-width:none;padding:0}details::details-content{content-visibility:visible;display:block}h2,h3{break-after:avoid}tr,.chart{break-inside:avoid}}
)";

void Append(std::string* html, absl::string_view markup) {
  html->append(markup.data(), markup.size());
}

std::string Count(int64_t number, absl::string_view one) {
  return absl::StrCat(number, " ", one, number == 1 ? "" : "s");
}

std::string Row(const std::vector<std::string>& cells) {
  std::string row = "<tr>";
  for (size_t i = 0; i < cells.size(); ++i) {
    absl::StrAppend(&row, i == 0 ? "<th scope=\"row\">" : "<td>", cells[i],
                    i == 0 ? "</th>" : "</td>");
  }
  return absl::StrCat(row, "</tr>\n");
}

std::string Table(absl::string_view caption,
                  const std::vector<absl::string_view>& heads,
                  const std::string& rows) {
  std::string table = absl::StrCat(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"",
      HtmlText(caption), "\"><table><caption>", HtmlText(caption),
      "</caption><thead><tr>");
  for (const absl::string_view head : heads) {
    absl::StrAppend(&table, "<th scope=\"col\">", head, "</th>");
  }
  return absl::StrCat(table, "</tr></thead><tbody>\n", rows,
                      "</tbody></table></div>\n");
}

std::string Link(absl::string_view target, absl::string_view words) {
  return absl::StrCat("<a href=\"", HtmlText(target), "\">", HtmlText(words),
                      "</a>");
}

std::string ContactLink(const std::string& contact) {
  if (absl::StartsWith(contact, "https://")) return Link(contact, contact);
  if (absl::StrContains(contact, '@')) {
    return Link(absl::StrCat("mailto:", contact), contact);
  }
  return HtmlText(contact);
}

std::string KindsText(uint32_t categories) {
  std::string text;
  for (const v1::HealthCategory category :
       CategorySet::FromBits(categories).Values()) {
    absl::StrAppend(&text, text.empty() ? "" : "; ",
                    HtmlText(FactsOf(category).title()),
                    " <span class=\"soft\">(",
                    HtmlText(FactsOf(category).clause()), ")</span>");
  }
  return text.empty() ? "<span class=\"soft\">none</span>" : text;
}

std::string RangeText(const CopyRange& range) {
  if (range.is_whole()) return "all that is held";
  std::string text;
  const auto add = [&text](absl::string_view word,
                           const std::optional<int32_t>& day) {
    if (!day.has_value()) return;
    absl::StrAppend(&text, text.empty() ? "" : " ", word, " ", DayText(*day));
  };
  add("from", range.first_day);
  add("to", range.last_day);
  add("collected since", range.collected_since);
  if (!range.citation.empty()) {
    absl::StrAppend(&text, " (", HtmlText(range.citation),
                    "), as you named no other days");
  }
  return text;
}

void AppendHead(const CopyFacts& facts, const CopySurvey& survey,
                std::string* html) {
  absl::StrAppend(
      html,
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>Your data at ",
      HtmlText(facts.entity_name), "</title>\n<style>", kStyle,
      "</style></head>\n<body><main>\n<h1>Your data at ",
      HtmlText(facts.entity_name), "</h1>\n<p>This is a copy of what ",
      HtmlText(facts.entity_name), " holds about the account <strong>",
      HtmlText(facts.consumer), "</strong>, made on ",
      InstantText(facts.made_at).substr(0, 10), " (UTC). It holds ",
      Count(survey.records(), "record"), ": ", RangeText(facts.range), ".");
  if (facts.outside_range > 0) {
    absl::StrAppend(html, " ", Count(facts.outside_range, "other record"),
                    facts.outside_range == 1 ? " is" : " are",
                    " held of other days; ask for all to have them.");
  }
  absl::StrAppend(
      html, " It was sealed to ", HtmlText(facts.sealed_to),
      ".</p>\n<p>Nothing here needs the internet. Whoever has this folder can "
      "read it: keep it where you would keep your diary.</p>\n");
  if (facts.entity_contacts.empty()) return;
  absl::StrAppend(html, "<p>You reach ", HtmlText(facts.entity_name), " at ",
                  absl::StrJoin(facts.entity_contacts, ", ",
                                [](std::string* out, const std::string& one) {
                                  out->append(ContactLink(one));
                                }),
                  ".</p>\n");
}

void AppendFiles(const std::vector<CopyFile>& files, std::string* html) {
  std::string rows;
  for (const CopyFile& file : files) {
    rows.append(Row({Link(file.name, file.name), HtmlText(file.words)}));
  }
  absl::StrAppend(
      html, "<h2>The files</h2>\n",
      Table("Files beside this page", {"File", "What it is"}, rows));
}

void AppendTypes(const CopySurvey& survey, std::string* html) {
  std::string rows;
  for (const SurveyedType* type : survey.types()) {
    rows.append(Row({HtmlText(type->title), absl::StrCat(type->records),
                     DayText(type->first_day), DayText(type->last_day),
                     KindsText(type->categories)}));
  }
  absl::StrAppend(
      html, "<h2>What is held</h2>\n",
      Table("Kinds of records, and what the law takes them for",
            {"Kind", "Records", "First", "Last", "Counts as"}, rows));
}

// `chart`, which may be empty, below its words.
void AppendChart(const std::string& words, const std::string& chart,
                 std::string* html) {
  absl::StrAppend(html, "<p class=\"soft\">", words,
                  chart.empty() ? ": all are of months to come" : "", "</p>\n",
                  chart, "\n");
}

void AppendCharts(const CopySurvey& survey, int32_t this_month,
                  std::string* html) {
  absl::StrAppend(html, "<h2>Over time</h2>\n");
  for (const SurveyedType* type : survey.types()) {
    absl::StrAppend(html, "<h3>", HtmlText(type->title), "</h3>\n");
    AppendChart("Records a month",
                CountChart(type->title, type->months, this_month), html);
    for (const auto& [name, months] : type->series) {
      AppendChart(
          absl::StrCat(HtmlText(name),
                       ": the mean of each month, and the range"),
          MeanChart(absl::StrCat(type->title, ", ", name), months, this_month),
          html);
    }
  }
}

// What a day's records are, in a few words.
std::string DayWords(const std::vector<const SurveyedType*>& types,
                     int32_t day) {
  std::string words;
  for (const SurveyedType* type : types) {
    const auto found = type->days.find(day);
    if (found == type->days.end()) continue;
    const TypeDay& that_day = found->second;
    absl::StrAppend(&words, words.empty() ? "" : ", ", HtmlText(type->title));
    if (that_day.records > 1) {
      absl::StrAppend(&words, " × ", that_day.records);
    }
    // Of several kinds of numbers a mean would say nothing.
    if (that_day.values > 0 && type->series.size() == 1) {
      absl::StrAppendFormat(
          &words, " (%.4g)",
          that_day.sum / static_cast<double>(that_day.values));
    }
  }
  return words;
}

void AppendTimeline(const CopySurvey& survey, int32_t this_month,
                    std::string* html) {
  const std::vector<const SurveyedType*> types = survey.types();
  std::map<int32_t, std::map<int32_t, bool>> months;
  std::map<int32_t, int64_t> records;
  for (const SurveyedType* type : types) {
    for (const auto& [day, that_day] : type->days) months[MonthOf(day)][day];
    for (const auto& [month, count] : type->months) records[month] += count;
  }
  absl::StrAppend(html,
                  "<h2>Timeline</h2>\n<p class=\"soft\">Newest first. A number "
                  "in brackets is the day's score, minutes or measurement (a "
                  "mean, of several). Open a month to see its days.</p>\n");
  bool is_open = false;
  for (auto month = records.rbegin(); month != records.rend(); ++month) {
    const bool opens = !is_open && month->first <= this_month;
    absl::StrAppend(html, "<details", opens ? " open" : "", "><summary>",
                    MonthText(month->first), ": ",
                    Count(month->second, "record"), "</summary>\n<ul>\n");
    is_open = is_open || opens;
    const auto& days = months[month->first];
    for (auto day = days.rbegin(); day != days.rend(); ++day) {
      absl::StrAppend(html, "<li>", DayText(day->first), ": ",
                      DayWords(types, day->first), "</li>\n");
    }
    if (days.empty()) {
      Append(html, "<li>The days of this month are in the files.</li>\n");
    }
    Append(html, "</ul></details>\n");
  }
}

std::string OrAll(const std::string& text) {
  return text.empty() ? "all" : HtmlText(text);
}

void AppendChoices(const CopyFacts& facts, std::string* html) {
  absl::StrAppend(html, "<h2>What is known of you for decisions</h2>\n<p>",
                  HtmlText(facts.known), "</p>\n<h2>What you chose</h2>\n");
  if (facts.choices.empty()) {
    Append(html, "<p>No choice of yours is on record.</p>\n");
    return;
  }
  if (facts.standing.empty()) {
    Append(html, "<p>No choice of yours stands.</p>\n");
  } else {
    Append(html, "<p>These stand, by their numbers below:</p>\n<ul>\n");
    for (const std::string& line : facts.standing) {
      absl::StrAppend(html, "<li>", HtmlText(line), "</li>\n");
    }
    Append(html, "</ul>\n");
  }
  std::string rows;
  for (const CopiedChoice& choice : facts.choices) {
    std::string what = HtmlText(choice.what);
    if (!choice.is_choice) {
      rows.append(Row({absl::StrCat(choice.number), HtmlText(choice.day), what,
                       "", "", "", "", "", ""}));
      continue;
    }
    absl::StrAppend(&what, ", given ", choice.given_day, " by ",
                    HtmlText(choice.by));
    rows.append(
        Row({absl::StrCat(choice.number), HtmlText(choice.day), what,
             OrAll(choice.actions), OrAll(choice.purposes),
             OrAll(choice.recipients), OrAll(choice.categories),
             HtmlText(choice.until_day),
             choice.receipt.empty() ? "" : Link(choice.receipt, "receipt")}));
  }
  Append(html, Table("Choices and facts on record, in their order",
                     {"Number", "Recorded", "What", "To do", "For", "With",
                      "Which data", "Until", "Receipt"},
                     rows));
}

void AppendRecipients(const CopyFacts& facts, std::string* html) {
  Append(html, "<h2>Who was given your data</h2>\n");
  if (facts.recipients.empty()) {
    Append(html, "<p>Nobody is on record.</p>\n");
    return;
  }
  std::string rows;
  for (const CopiedRecipient& recipient : facts.recipients) {
    std::string notes = recipient.sold ? "sold" : "shared";
    if (recipient.is_revoked) notes.append("; ended by you");
    rows.append(Row(
        {HtmlText(recipient.name), HtmlText(recipient.role),
         absl::StrCat(ContactLink(recipient.contact),
                      " <span class=\"soft\">(seen to work on ",
                      HtmlText(recipient.checked_on), ")</span>"),
         absl::StrCat(recipient.first_day, " to ", recipient.last_day),
         HtmlText(recipient.purposes), HtmlText(recipient.categories), notes}));
  }
  Append(html, Table("Third parties and affiliates, and how each is reached",
                     {"Name", "Role", "Contact", "When", "For", "What", "How"},
                     rows));
}

void AppendRequests(const CopyFacts& facts, std::string* html) {
  Append(html, "<h2>What you asked for</h2>\n");
  if (facts.requests.empty()) {
    Append(html, "<p>No request of yours is on record.</p>\n");
    return;
  }
  std::string rows;
  for (const CopiedRequest& request : facts.requests) {
    rows.append(Row({HtmlText(request.day), HtmlText(request.what),
                     HtmlText(request.state)}));
  }
  Append(html,
         Table("Requests so far", {"Received", "Request", "Stands"}, rows));
}

void AppendWithheld(const CopyFacts& facts, std::string* html) {
  std::string rows;
  for (const WithheldItem& item : facts.withheld) {
    if (item.times == 0) continue;
    rows.append(
        Row({HtmlText(item.text), absl::StrCat(item.times),
             absl::StrCat(HtmlText(item.citation), " <span class=\"soft\">",
                          HtmlText(item.rule), "</span>")}));
  }
  Append(html, "<h2>What is held and not in this copy</h2>\n");
  if (rows.empty()) {
    Append(html, "<p>Nothing was taken out of the records.</p>\n");
    return;
  }
  Append(html,
         "<p>These are held, and were taken out, for what they could open in "
         "other hands. In their place stands what they are.</p>\n");
  Append(html, Table("Taken out of the records",
                     {"What", "Times", "Under which rule"}, rows));
}

}  // namespace

std::string CopyPage(const CopyFacts& facts, const CopySurvey& survey,
                     const std::vector<CopyFile>& files) {
  const int32_t this_month = MonthOf(DayOf(facts.made_at));
  std::string html;
  AppendHead(facts, survey, &html);
  AppendTypes(survey, &html);
  AppendCharts(survey, this_month, &html);
  AppendTimeline(survey, this_month, &html);
  AppendChoices(facts, &html);
  AppendRecipients(facts, &html);
  AppendRequests(facts, &html);
  AppendWithheld(facts, &html);
  AppendFiles(files, &html);
  Append(&html,
         "<h2>How to check it</h2>\n<p><code>MANIFEST.txt</code> lists every "
         "file with its SHA-256 digest, says to whom the copy was given, and "
         "is signed. <code>subrosa verify MANIFEST.txt --key KEY</code> checks "
         "the signature and the files, without the internet; KEY is the one "
         "for exports, which whoever sent you this copy publishes. Without it "
         "<code>sha256sum --check --ignore-missing MANIFEST.txt</code> checks "
         "the files alone.</p>\n</main></body></html>\n");
  return html;
}

}  // namespace subrosa
