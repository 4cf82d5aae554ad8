#include "src/notice/evidence_report.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/base/html_text.h"
#include "src/classify/taxonomy_facts.h"
#include "src/recipients/contract_items.h"
#include "src/vault/epochs.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr absl::string_view kStyle =
    "body { font: 1rem/1.5 sans-serif; color: #1a1a1a; background: #fff;"
    " max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { border: 1px solid #767676; padding: .3rem; text-align: left;"
    " vertical-align: top; }\n"
    "@media print { body { max-width: none; margin: 0; } }\n";

std::string AssuranceWords(Assurance assurance) {
  switch (assurance) {
    case Assurance::kHardwareObject:
      return "an object of a hardware module is destroyed";
    case Assurance::kServiceVersion:
      return "a version of a key service's key is destroyed and read back";
    default:
      return "a keyring file is rewritten: as good as its exclusion from "
             "backups";
  }
}

std::vector<std::string> InOrder(const std::set<std::string>& values) {
  return {values.begin(), values.end()};
}

DataMapRow RowOf(v1::HealthCategory category, const NoticeFacts& facts) {
  DataMapRow row;
  row.category = category == v1::HEALTH_CATEGORY_UNSPECIFIED
                     ? "no health category"
                     : std::string(Title(category));
  row.clause = FactsOf(category).clause();
  const auto records = facts.held.by_category.find(category);
  if (records != facts.held.by_category.end()) row.records = records->second;
  std::set<std::string> sources;
  std::set<std::string> purposes;
  for (const HeldLine& line : facts.held.lines) {
    if (line.category != category) continue;
    sources.insert(line.source);
    purposes.insert(line.purposes.begin(), line.purposes.end());
  }
  row.sources = InOrder(sources);
  row.purposes = InOrder(purposes);
  for (const v1::Purpose& purpose : facts.policy.purpose()) {
    if (purposes.count(purpose.id()) == 0) continue;
    row.retentions.push_back(absl::StrCat(
        purpose.id(), ": ",
        purpose.retention().empty() ? "not said" : purpose.retention()));
  }
  for (const Flow& flow : FlowsLookingBack(facts)) {
    if (!flow.Carries(category)) continue;
    row.recipients.push_back(absl::StrCat(
        flow.recipient->name(), " (", RecipientRoleName(flow.recipient->role()),
        "): ", flow.purpose->id(), ", in ",
        absl::StrJoin(flow.recipient->location(), ", ")));
  }
  return row;
}

std::string DayText(int32_t day) {
  return absl::FormatCivilTime(CivilDayOf(day));
}

// A table of `columns`; the first cell of each row names it.
std::string Table(absl::string_view id, absl::string_view heading,
                  const std::vector<std::string>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string html =
      absl::StrCat("<section aria-labelledby=\"", id, "\">\n<h2 id=\"", id,
                   "\">", HtmlText(heading), "</h2>\n<table aria-labelledby=\"",
                   id, "\">\n<thead>\n<tr>");
  for (const std::string& column : columns) {
    absl::StrAppend(&html, "<th scope=\"col\">", HtmlText(column), "</th>");
  }
  html += "</tr>\n</thead>\n<tbody>\n";
  for (const auto& row : rows) {
    html += "<tr>";
    for (size_t i = 0; i < row.size(); ++i) {
      const absl::string_view tag = i == 0 ? "th" : "td";
      absl::StrAppend(&html, "<", tag, i == 0 ? " scope=\"row\">" : ">",
                      HtmlText(row[i]), "</", tag, ">");
    }
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n</section>\n";
}

}  // namespace

EvidenceReport MakeEvidenceReport(const NoticeFacts& facts,
                                  const KeyStatus& keys, Assurance assurance,
                                  const v1::EncryptionInventory& sealed) {
  EvidenceReport report;
  report.entity = facts.policy.entity();
  report.as_of = absl::FormatCivilTime(facts.day);
  report.storage_locations = {facts.policy.storage_location().begin(),
                              facts.policy.storage_location().end()};
  for (const EpochStatus& epoch : keys.epochs) {
    report.consumers += epoch.consumers;
  }
  report.records = facts.held.records;
  std::set<v1::HealthCategory> held;
  for (const HeldLine& line : facts.held.lines) {
    held.insert(line.category);
  }
  for (const v1::HealthCategory category : held) {
    report.data_map.push_back(RowOf(category, facts));
  }
  report.sealed = sealed;
  report.assurance = AssuranceWords(assurance);
  report.keys = keys;
  return report;
}

std::string EvidenceHtml(const EvidenceReport& report) {
  std::string html = absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>",
      HtmlText(report.entity), ": data map and encryption inventory</title>\n",
      "<style>\n", kStyle, "</style>\n</head>\n<body>\n<main>\n<h1>",
      HtmlText(report.entity),
      ": data map and encryption inventory</h1>\n<p>As ", "of ", report.as_of,
      ": ", report.records, " records of ", report.consumers,
      " consumers, stored in ",
      report.storage_locations.empty()
          ? "places that the policy does not name"
          : HtmlText(absl::StrJoin(report.storage_locations, ", ")),
      ". Facts, and no conclusion.</p>\n");
  std::vector<std::vector<std::string>> rows;
  for (const DataMapRow& row : report.data_map) {
    rows.push_back({row.category, row.clause, absl::StrCat(row.records),
                    absl::StrJoin(row.sources, "; "),
                    absl::StrJoin(row.purposes, "; "),
                    absl::StrJoin(row.retentions, "; "),
                    absl::StrJoin(row.recipients, "; ")});
  }
  html += Table("data-map", "Data map",
                {"Category", "Clause", "Records", "Sources", "Held for", "Kept",
                 "May go to"},
                rows);
  rows.clear();
  for (const auto& kind : report.sealed.kind()) {
    rows.push_back({kind.what(), kind.store(), kind.protection(), kind.key()});
  }
  html += Table("encryption", "Encryption inventory",
                {"What", "Where", "How it rests", "Under which key"}, rows);
  rows.clear();
  for (const EpochStatus& epoch : report.keys.epochs) {
    rows.push_back({absl::StrCat(epoch.epoch),
                    std::string(EpochStateName(epoch.state)),
                    DayText(epoch.opened_day), absl::StrCat(epoch.consumers)});
  }
  html += Table("epochs", "Epochs of keys",
                {"Epoch", "State", "Opened", "Consumers' keys"}, rows);
  return absl::StrCat(
      html, "<p>When an epoch ends, ", HtmlText(report.assurance),
      ". Backups of the key store are kept for ", report.keys.key_backup_days,
      " days.</p>\n</main>\n</body>\n</html>\n");
}

std::string EvidenceJson(const EvidenceReport& report) {
  Json data_map = Json::array();
  for (const DataMapRow& row : report.data_map) {
    data_map.push_back({{"category", row.category},
                        {"clause", row.clause},
                        {"records", row.records},
                        {"sources", row.sources},
                        {"purposes", row.purposes},
                        {"retentions", row.retentions},
                        {"recipients", row.recipients}});
  }
  Json sealed = Json::array();
  for (const auto& kind : report.sealed.kind()) {
    sealed.push_back({{"what", kind.what()},
                      {"store", kind.store()},
                      {"protection", kind.protection()},
                      {"key", kind.key()}});
  }
  Json epochs = Json::array();
  for (const EpochStatus& epoch : report.keys.epochs) {
    epochs.push_back({{"epoch", epoch.epoch},
                      {"state", EpochStateName(epoch.state)},
                      {"opened", DayText(epoch.opened_day)},
                      {"consumers", epoch.consumers}});
  }
  const Json json = {{"entity", report.entity},
                     {"as_of", report.as_of},
                     {"storage_locations", report.storage_locations},
                     {"consumers", report.consumers},
                     {"records", report.records},
                     {"data_map", data_map},
                     {"sealed", sealed},
                     {"epochs", epochs},
                     {"assurance", report.assurance},
                     {"key_backup_days", report.keys.key_backup_days}};
  return json.dump() + "\n";
}

}  // namespace subrosa
