#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/classify/classification.h"
#include "src/classify/consequences.h"
#include "src/classify/taxonomy_facts.h"
#include "src/notice/fact_table.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

// One of California's categories: (A) to (K), then the sensitive ones, which
// are (L) together.
struct Kind {
  bool is_sensitive = false;
  int number = 0;

  bool operator<(const Kind& other) const {
    return std::pair(is_sensitive, number) <
           std::pair(other.is_sensitive, other.number);
  }
  std::string Text() const {
    return is_sensitive
               ? absl::StrCat("sensitive personal information: ",
                              Title(static_cast<v1::SensitiveCategory>(number)))
               : std::string(Title(static_cast<v1::PersonalCategory>(number)));
  }
};

std::set<Kind> KindsOf(const Classification& classification) {
  std::set<Kind> kinds;
  const Classification all = WithConsequences(classification);
  for (const v1::PersonalCategory value : all.personal.Values()) {
    if (value != v1::PERSONAL_CATEGORY_SENSITIVE) kinds.insert({false, value});
  }
  if (!all.identifiers.empty()) {
    kinds.insert({false, v1::PERSONAL_CATEGORY_IDENTIFIERS});
  }
  for (const v1::SensitiveCategory value : all.sensitive.Values()) {
    kinds.insert({true, value});
  }
  return kinds;
}

struct Collected {
  std::set<std::string> titles;  // Of the records that hold it.
  std::set<std::string> facts;
  std::set<v1::HealthCategory> health;
};

// Every kind that the policy collects or records hold.
std::map<Kind, Collected> CollectedKinds(const NoticeFacts& facts) {
  std::map<Kind, Collected> collected;
  for (const v1::Purpose& purpose : facts.policy.purpose()) {
    for (const v1::HealthCategory category : AllValues<v1::HealthCategory>()) {
      if (!Names(purpose, category)) continue;
      Classification kinds;
      kinds.categories.Add(category);
      for (const Kind& kind : KindsOf(kinds)) {
        collected[kind].facts.insert(PurposeFact(purpose));
        collected[kind].health.insert(category);
      }
    }
  }
  for (const HeldLine& line : facts.held.lines) {
    Classification of_category;
    of_category.categories.Add(line.category);
    std::set<Kind> kinds = KindsOf(of_category);
    for (const std::string& schema : line.schemas) {
      const auto marks = facts.schemas.find(schema);
      if (marks == facts.schemas.end()) continue;
      kinds.merge(KindsOf(marks->second.kinds));
      for (const Kind& kind : KindsOf(marks->second.kinds)) {
        collected[kind].titles.insert(marks->second.title);
        collected[kind].facts.insert(
            absl::StrCat("inventory and marks: `", schema, "`"));
      }
    }
    for (const Kind& kind : kinds) collected[kind].health.insert(line.category);
  }
  return collected;
}

// With whom and for what one kind goes; the rows of one table.
struct Going {
  std::set<std::string> recipients;
  std::set<std::string> titles;
  std::set<std::string> facts;
};

std::string NameIn(const v1::Recipient& recipient) {
  return recipient.category().empty() ? recipient.name() : recipient.category();
}

std::vector<Flow> FlowsFor(bool is_sold, const FactTableSource& source) {
  const std::vector<Flow> all = FlowsLookingBack(source.facts);
  std::vector<Flow> sold;
  for (const Flow& flow : SharedUnder(source.law, source.rule, all)) {
    if (IsSoldOrShared(flow)) sold.push_back(flow);
  }
  if (is_sold) return sold;
  std::vector<Flow> rest;
  for (const Flow& flow : all) {
    bool is_among = false;
    for (const Flow& one : sold) {
      is_among = is_among || (one.recipient == flow.recipient &&
                              one.purpose == flow.purpose);
    }
    if (!is_among) rest.push_back(flow);
  }
  return rest;
}

std::map<Kind, Going> KindsGoing(const std::vector<Flow>& flows,
                                 const NoticeFacts& facts) {
  std::map<Kind, Going> going;
  for (const auto& [kind, collected] : CollectedKinds(facts)) {
    for (const Flow& flow : flows) {
      bool carries = false;
      for (const v1::HealthCategory category : collected.health) {
        carries = carries || flow.Carries(category);
      }
      if (!carries) continue;
      Going& one = going[kind];
      one.recipients.insert(NameIn(*flow.recipient));
      one.titles.insert(flow.purpose->title());
      one.facts.merge(flow.Facts());
    }
  }
  return going;
}

FactTable OrNone(FactTable table, bool is_sold) {
  if (!table.rows.empty()) return table;
  FactTable none;
  none.missing = std::move(table.missing);
  none.rows.push_back(
      {{is_sold ? "None: no personal information is sold or shared."
                : "None: no personal information is disclosed for a business "
                  "purpose."},
       {"policy and recipients: nobody receives any so"}});
  return none;
}

FactTable Which(bool is_sold, const FactTableSource& source) {
  FactTable table;
  table.columns = {"Category"};
  for (auto& [kind, going] :
       KindsGoing(FlowsFor(is_sold, source), source.facts)) {
    table.rows.push_back({{kind.Text()}, going.facts});
  }
  return OrNone(std::move(table), is_sold);
}

FactTable ToWhom(bool is_sold, const FactTableSource& source) {
  FactTable table;
  table.columns = {"Category",
                   is_sold ? "Sold to or shared with" : "Disclosed to"};
  for (auto& [kind, going] :
       KindsGoing(FlowsFor(is_sold, source), source.facts)) {
    table.rows.push_back(
        {{kind.Text(), absl::StrJoin(going.recipients, "; ")}, going.facts});
  }
  return OrNone(std::move(table), is_sold);
}

FactTable ForWhat(bool is_sold, const FactTableSource& source) {
  FactTable table;
  table.columns = {"Purpose",
                   is_sold ? "Sold to or shared with" : "Disclosed to"};
  std::map<std::string, Going> rows;
  for (const Flow& flow : FlowsFor(is_sold, source)) {
    Going& row = rows[flow.purpose->title()];
    row.recipients.insert(NameIn(*flow.recipient));
    row.facts.merge(flow.Facts());
  }
  for (auto& [title, row] : rows) {
    table.rows.push_back(
        {{title, absl::StrJoin(row.recipients, "; ")}, std::move(row.facts)});
  }
  return OrNone(std::move(table), is_sold);
}

FactTable CollectedTable(const NoticeFacts& facts) {
  FactTable table;
  table.columns = {"Category", "In records such as"};
  for (auto& [kind, collected] : CollectedKinds(facts)) {
    table.rows.push_back(
        {{kind.Text(), collected.titles.empty()
                           ? "none held now"
                           : absl::StrJoin(collected.titles, "; ")},
         collected.facts});
  }
  for (const HeldLine& line : facts.held.lines) {
    for (const std::string& schema : line.schemas) {
      const std::string miss = absl::StrCat(
          "want the marks of the type `", schema, "`, which is held, got none");
      if (facts.schemas.count(schema) == 0 &&
          (table.missing.empty() || table.missing.back() != miss)) {
        table.missing.push_back(miss);
      }
    }
  }
  if (table.rows.empty()) {
    table.columns.clear();
    table.rows.push_back({{"No personal information is collected."},
                          {"policy: no purpose", "inventory: no record"}});
  }
  return table;
}

FactTable CollectedSold(const FactTableSource& source) {
  FactTable table;
  table.columns = {"Category", "Sold or shared"};
  const auto sold = KindsGoing(FlowsFor(true, source), source.facts);
  for (auto& [kind, collected] : CollectedKinds(source.facts)) {
    const auto found = sold.find(kind);
    const bool is_sold = found != sold.end();
    table.rows.push_back({{kind.Text(), is_sold ? "yes" : "no"},
                          is_sold ? found->second.facts : collected.facts});
  }
  return table;
}

// "P7Y" as people say it; words as they stand.
std::string Kept(const std::string& retention) {
  if (retention.size() < 3 || retention[0] != 'P') return "until " + retention;
  const std::string count = retention.substr(1, retention.size() - 2);
  for (const char c : count) {
    if (c < '0' || c > '9') return "for " + retention;
  }
  const char unit = retention.back();
  const absl::string_view name = unit == 'Y'   ? "year"
                                 : unit == 'M' ? "month"
                                 : unit == 'W' ? "week"
                                               : "day";
  return absl::StrCat("for ", count, " ", name, count == "1" ? "" : "s");
}

FactTable CollectedKept(const NoticeFacts& facts) {
  FactTable table;
  table.columns = {"Category", "Kept"};
  for (auto& [kind, collected] : CollectedKinds(facts)) {
    // Purposes by how long.
    std::map<std::string, std::vector<std::string>> kept;
    std::set<std::string> because;
    for (const v1::Purpose& purpose : facts.policy.purpose()) {
      if (!Does(purpose, v1::ACTION_COLLECT) &&
          !Does(purpose, v1::ACTION_USE)) {
        continue;
      }
      bool names = false;
      for (const v1::HealthCategory category : collected.health) {
        names = names || Names(purpose, category);
      }
      if (!names) continue;
      if (purpose.retention().empty()) continue;
      kept[Kept(purpose.retention())].push_back(purpose.title());
      because.insert(PurposeFact(purpose));
    }
    std::vector<std::string> cells;
    for (const auto& [how_long, titles] : kept) {
      cells.push_back(
          absl::StrCat(how_long, ": ", absl::StrJoin(titles, ", ")));
    }
    if (cells.empty()) {
      table.missing.push_back(
          absl::StrCat("want a purpose that says how long it keeps ",
                       kind.Text(), ", got none"));
      continue;
    }
    table.rows.push_back({{kind.Text(), absl::StrJoin(cells, "; ")}, because});
  }
  return table;
}

// Facts tell it where nothing is sold; else people have to say.
FactTable SoldUnder16(const v1::ContentItem& item,
                      const FactTableSource& source) {
  FactTable table;
  if (!SellsOrShares(source)) return OrNone(std::move(table), true);
  const std::string id = absl::StrCat(source.rule.id, "#", item.key());
  for (const v1::NoticeWords::Section& section : source.words.section()) {
    if (section.item() == id && section.paragraph_size() > 0) return table;
  }
  table.missing.push_back(
      "want words on whether the personal information of consumers under 16 is "
      "knowingly sold or shared, got none");
  return table;
}

FactTable BeyondLimit(const NoticeFacts& facts) {
  FactTable table;
  table.columns = {"Purpose"};
  for (const v1::Purpose& purpose : facts.policy.purpose()) {
    if (purpose.served_when_limited() == 0) {
      table.rows.push_back({{purpose.title()}, {PurposeFact(purpose)}});
    }
  }
  if (!table.rows.empty()) return table;
  table.columns.clear();
  table.rows.push_back(
      {{"None: sensitive personal information is used and disclosed only for "
        "purposes that a request to limit leaves."},
       {"policy: each purpose says which of them it is"}});
  return table;
}

}  // namespace

std::vector<std::string> CategoryNamesOf(v1::NoticeTable kind,
                                         const Classification& kinds) {
  std::vector<std::string> names;
  if (kind == v1::NOTICE_TABLE_USES || kind == v1::NOTICE_TABLE_CATEGORIES) {
    for (const v1::HealthCategory value : kinds.categories.Values()) {
      names.emplace_back(Title(value));
    }
  } else if (kind == v1::NOTICE_TABLE_COLLECTED) {
    for (const Kind& one : KindsOf(kinds)) names.push_back(one.Text());
  }
  return names;
}

bool SellsOrShares(const FactTableSource& source) {
  return !FlowsFor(true, source).empty();
}

FactTable CaliforniaTableOf(const v1::ContentItem& item,
                            const FactTableSource& source) {
  switch (item.table()) {
    case v1::NOTICE_TABLE_COLLECTED:
      return CollectedTable(source.facts);
    case v1::NOTICE_TABLE_COLLECTED_SOLD:
      return CollectedSold(source);
    case v1::NOTICE_TABLE_COLLECTED_KEPT:
      return CollectedKept(source.facts);
    case v1::NOTICE_TABLE_SOLD:
      return Which(true, source);
    case v1::NOTICE_TABLE_SOLD_TO:
      return ToWhom(true, source);
    case v1::NOTICE_TABLE_SOLD_FOR:
      return ForWhat(true, source);
    case v1::NOTICE_TABLE_SOLD_UNDER_16:
      return SoldUnder16(item, source);
    case v1::NOTICE_TABLE_DISCLOSED:
      return Which(false, source);
    case v1::NOTICE_TABLE_DISCLOSED_TO:
      return ToWhom(false, source);
    case v1::NOTICE_TABLE_DISCLOSED_FOR:
      return ForWhat(false, source);
    case v1::NOTICE_TABLE_BEYOND_LIMIT:
      return BeyondLimit(source.facts);
    default:
      return FactTable();
  }
}

}  // namespace subrosa
