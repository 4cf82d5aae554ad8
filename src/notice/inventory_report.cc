#include "src/notice/inventory_report.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/classify/taxonomy_facts.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr absl::string_view kNoCategory = "personal, no health category";

std::string Day(int32_t day) { return absl::FormatCivilTime(CivilDayOf(day)); }

std::string CategoryName(v1::HealthCategory category) {
  return std::string(category == v1::HEALTH_CATEGORY_UNSPECIFIED
                         ? kNoCategory
                         : Slug(category));
}

std::string LabelName(v1::HealthLabel label) {
  return std::string(label == v1::HEALTH_LABEL_UNSPECIFIED ? "-"
                                                           : Title(label));
}

std::string Grouped(int64_t number) {
  std::string text = absl::StrCat(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<size_t>(at), ",");
  }
  return text;
}

constexpr size_t kColumns = 8;
using Cells = std::array<std::string, kColumns>;

Cells CellsOf(const InventoryLine& line) {
  return {CategoryName(line.category),
          LabelName(line.label),
          line.source,
          Grouped(line.counts.records),
          Grouped(line.counts.consumers),
          Day(line.counts.earliest_day),
          Day(line.counts.latest_day),
          line.by_words_alone == 0 ? "" : Grouped(line.by_words_alone)};
}

bool HoldsWhatWordsAloneSay(const Inventory& inventory) {
  for (const InventoryLine& line : inventory.lines) {
    if (line.by_words_alone > 0) return true;
  }
  return false;
}

std::string FormatTable(const std::vector<Cells>& rows) {
  std::array<size_t, kColumns> widths{};
  for (const Cells& row : rows) {
    for (size_t i = 0; i < kColumns; ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string table;
  for (const Cells& row : rows) {
    std::string text;
    for (size_t i = 0; i < kColumns; ++i) {
      const bool number = i == 3 || i == 4 || i == 7;
      const std::string pad(widths[i] - row[i].size(), ' ');
      absl::StrAppend(&text, i == 0 ? "" : "  ", number ? pad : "", row[i],
                      number ? "" : pad);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    absl::StrAppend(&table, text, "\n");
  }
  return table;
}

// "RCW 19.373.010(8)(b)(i) (statute read)"
std::string Cited(absl::string_view clause, v1::TextCertainty certainty) {
  if (clause.empty()) return "none known";
  return absl::StrCat(clause, " (", CertaintyText(certainty), ")");
}

std::string CaliforniaClauses(const v1::ClauseFacts& facts) {
  std::vector<absl::string_view> clauses;
  for (const int value : facts.california()) {
    clauses.push_back(
        FactsOf(static_cast<v1::SensitiveCategory>(value)).clause());
  }
  return absl::StrJoin(clauses, ", ");
}

Json CountsJson(const InventoryCounts& counts) {
  Json json;
  json["records"] = counts.records;
  json["consumers"] = counts.consumers;
  if (counts.records > 0) {
    json["earliest"] = Day(counts.earliest_day);
    json["latest"] = Day(counts.latest_day);
  }
  return json;
}

Json LineJson(const InventoryLine& line) {
  const v1::ClauseFacts& facts = FactsOf(line.category);
  Json json;
  if (line.category == v1::HEALTH_CATEGORY_UNSPECIFIED) {
    json["category"] = nullptr;
  } else {
    json["category"] = std::string(Slug(line.category));
    json["clause"] = facts.clause();
    json["clause_certainty"] = std::string(CertaintyText(facts.certainty()));
    json["nevada"] = facts.nevada();
    json["california"] = CaliforniaClauses(facts);
    json["counterpart_certainty"] =
        std::string(CertaintyText(facts.counterpart_certainty()));
  }
  json["label"] = line.label == v1::HEALTH_LABEL_UNSPECIFIED
                      ? Json(nullptr)
                      : Json(std::string(Slug(line.label)));
  json["source"] = line.source;
  json.update(CountsJson(line.counts));
  json["by_words_alone"] = line.by_words_alone;
  json["of_somebody_else"] = line.of_somebody_else;
  json["purposes"] = line.purposes;
  json["schemas"] = line.schemas;
  return json;
}

}  // namespace

std::string InventoryTable(const Inventory& inventory) {
  if (inventory.lines.empty()) return "No records are held.\n";
  std::vector<Cells> rows = {
      {"category", "label", "source", "records", "consumers", "earliest",
       "latest", HoldsWhatWordsAloneSay(inventory) ? "by words alone" : ""}};
  for (const InventoryLine& line : inventory.lines) {
    rows.push_back(CellsOf(line));
  }
  return absl::StrCat(FormatTable(rows), "\n", Grouped(inventory.total.records),
                      " records of ", Grouped(inventory.total.consumers),
                      " consumers, ", Day(inventory.total.earliest_day), " to ",
                      Day(inventory.total.latest_day),
                      ". A record with several categories or labels counts on "
                      "several lines.\n");
}

std::string InventoryReport(const Inventory& inventory, absl::Time made_at) {
  std::string report = absl::StrCat(
      "# Inventory of consumer health data: ", inventory.entity, "\n\nMade ",
      absl::FormatTime("%Y-%m-%d %H:%M UTC", made_at, absl::UTCTimeZone()),
      " from the records held: ", Grouped(inventory.total.records),
      " records of ", Grouped(inventory.total.consumers),
      " consumers.\nIt states what is held and which clause names it; it is no "
      "legal advice.\n");
  for (size_t i = 0; i < inventory.lines.size();) {
    const v1::HealthCategory category = inventory.lines[i].category;
    const v1::ClauseFacts& facts = FactsOf(category);
    if (category == v1::HEALTH_CATEGORY_UNSPECIFIED) {
      absl::StrAppend(&report,
                      "\n## Personal data without a health category\n\n");
    } else {
      absl::StrAppend(
          &report, "\n## ", facts.title(),
          "\n\n- Washington: ", Cited(facts.clause(), facts.certainty()),
          "\n- Nevada: ", Cited(facts.nevada(), facts.counterpart_certainty()),
          "\n- California: ",
          Cited(CaliforniaClauses(facts), facts.counterpart_certainty()),
          "\n\n");
    }
    absl::StrAppend(&report,
                    "| label | source | purposes | records | consumers | "
                    "earliest | latest |\n|---|---|---|---:|---:|---|---|\n");
    for (;
         i < inventory.lines.size() && inventory.lines[i].category == category;
         ++i) {
      const InventoryLine& line = inventory.lines[i];
      absl::StrAppend(&report, "| ", LabelName(line.label), " | ", line.source,
                      " | ", absl::StrJoin(line.purposes, ", "), " | ",
                      Grouped(line.counts.records),
                      line.by_words_alone == 0
                          ? ""
                          : absl::StrCat(" (", Grouped(line.by_words_alone),
                                         " by words alone)"),
                      " | ", Grouped(line.counts.consumers), " | ",
                      Day(line.counts.earliest_day), " | ",
                      Day(line.counts.latest_day), " |\n");
    }
  }
  return report;
}

std::string InventoryJson(const Inventory& inventory, absl::Time made_at) {
  Json json;
  json["entity"] = inventory.entity;
  json["made_at"] =
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", made_at, absl::UTCTimeZone());
  json["total"] = CountsJson(inventory.total);
  json["lines"] = Json::array();
  for (const InventoryLine& line : inventory.lines) {
    json["lines"].push_back(LineJson(line));
  }
  return json.dump(2) + "\n";
}

}  // namespace subrosa
