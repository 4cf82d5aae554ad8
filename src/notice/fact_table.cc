#include "src/notice/fact_table.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/classify/taxonomy_facts.h"
#include "src/law/law_file.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

constexpr v1::Action kEveryAction[] = {v1::ACTION_COLLECT, v1::ACTION_USE,
                                       v1::ACTION_SHARE, v1::ACTION_SELL};

FactTable Sentence(std::string text, std::set<std::string> facts) {
  FactTable table;
  table.rows.push_back({{std::move(text)}, std::move(facts)});
  return table;
}

bool IsHeld(const Holdings& held, v1::HealthCategory category) {
  return std::any_of(
      held.lines.begin(), held.lines.end(),
      [&](const HeldLine& line) { return line.category == category; });
}

// Categories with the purposes that do any of `actions`.
FactTable CategoriesWith(absl::Span<const v1::Action> actions,
                         std::string column, const NoticeFacts& facts) {
  FactTable table;
  table.columns = {"Category", std::move(column)};
  for (const v1::HealthCategory category : AllValues<v1::HealthCategory>()) {
    std::vector<std::string> titles;
    std::set<std::string> because;
    for (const v1::Purpose& purpose : facts.policy.purpose()) {
      const bool does =
          std::any_of(actions.begin(), actions.end(),
                      [&](v1::Action action) { return Does(purpose, action); });
      if (!does || !Names(purpose, category)) continue;
      titles.push_back(purpose.title());
      because.insert(PurposeFact(purpose));
    }
    const bool is_held = IsHeld(facts.held, category);
    if (is_held) because.insert("inventory: records of it are held");
    if (!titles.empty()) {
      table.rows.push_back(
          {{std::string(Title(category)), absl::StrJoin(titles, "; ")},
           std::move(because)});
    } else if (is_held) {
      table.missing.push_back(
          absl::StrCat("want a purpose of the policy for `", Slug(category),
                       "`, of which records are held, got none"));
    }
  }
  if (!table.rows.empty()) return table;
  FactTable none = Sentence("No consumer health data is collected.",
                            {"policy: no purpose collects or uses any",
                             "inventory: no record of any"});
  none.missing = std::move(table.missing);
  return none;
}

FactTable Sources(const FactTableSource& source) {
  FactTable table;
  table.columns = {"Source"};
  std::set<std::string> ids;
  for (const HeldLine& line : source.facts.held.lines) {
    ids.insert(line.source);
  }
  std::map<std::string, std::set<std::string>> by_text;
  for (const std::string& id : ids) {
    const auto& words = source.words.source();
    const auto found =
        std::find_if(words.begin(), words.end(),
                     [&](const auto& one) { return one.id() == id; });
    if (found == words.end()) {
      table.missing.push_back(
          absl::StrCat("want words for the source `", id, "`, got none"));
      continue;
    }
    by_text[found->text()].insert(absl::StrCat("inventory: source `", id, "`"));
  }
  if (ids.empty()) {
    table.missing.push_back(
        "want records of some source, got an empty inventory");
  }
  for (auto& [text, facts] : by_text) {
    table.rows.push_back({{text}, std::move(facts)});
  }
  return table;
}

std::vector<Flow> SharedNow(const FactTableSource& source) {
  return SharedUnder(source.law, source.rule, FlowsOf(source.facts));
}

FactTable OrNothingShared(FactTable table) {
  if (!table.rows.empty()) return table;
  FactTable none = Sentence(
      "None: no consumer health data is shared.",
      {"policy and recipients: nobody to whom handing data over is sharing "
       "receives for a purpose that shares"});
  none.missing = std::move(table.missing);
  return none;
}

FactTable Shared(const FactTableSource& source) {
  FactTable table;
  table.columns = {"Category", "Shared for"};
  for (const v1::HealthCategory category : AllValues<v1::HealthCategory>()) {
    std::set<std::string> titles;
    std::set<std::string> facts;
    for (const Flow& flow : SharedNow(source)) {
      if (!flow.Carries(category)) continue;
      titles.insert(flow.purpose->title());
      facts.merge(flow.Facts());
    }
    if (titles.empty()) continue;
    table.rows.push_back(
        {{std::string(Title(category)), absl::StrJoin(titles, "; ")},
         std::move(facts)});
  }
  return OrNothingShared(std::move(table));
}

FactTable Recipients(const FactTableSource& source) {
  FactTable table;
  table.columns = {"Shared with", "For"};
  struct Row {
    std::set<std::string> titles;
    std::set<std::string> facts;
  };
  // By what the notice calls them.
  std::map<std::string, Row> rows;
  for (const Flow& flow : SharedNow(source)) {
    const v1::Recipient& recipient = *flow.recipient;
    const bool is_affiliate = recipient.role() == v1::RECIPIENT_ROLE_AFFILIATE;
    const std::string& name =
        is_affiliate ? recipient.name() : recipient.category();
    if (name.empty()) {
      table.missing.push_back(
          absl::StrCat("want a category of the third party `", recipient.id(),
                       "`, got none"));
      continue;
    }
    Row& row = rows[absl::StrCat(is_affiliate ? "our affiliate " : "", name)];
    row.titles.insert(flow.purpose->title());
    row.facts.merge(flow.Facts());
  }
  for (auto& [name, row] : rows) {
    table.rows.push_back(
        {{name, absl::StrJoin(row.titles, "; ")}, std::move(row.facts)});
  }
  return OrNothingShared(std::move(table));
}

FactTable NamedRecipients(const FactTableSource& source) {
  FactTable table;
  table.columns = {"Name", "Reached at"};
  std::set<std::string> named;
  for (const Flow& flow : SharedNow(source)) {
    const v1::Recipient& recipient = *flow.recipient;
    if (!named.insert(recipient.id()).second) continue;
    const v1::RecipientContact& contact = recipient.contact();
    std::vector<std::string> ways;
    for (const std::string& way :
         {contact.email(), contact.url(), contact.postal()}) {
      if (!way.empty()) ways.push_back(way);
    }
    table.rows.push_back(
        {{recipient.name(), absl::StrJoin(ways, "; ")}, flow.Facts()});
  }
  if (table.rows.empty()) {
    table.missing.push_back("want a recipient for the purpose, got none");
  }
  return table;
}

FactTable Contacts(const NoticeFacts& facts) {
  const v1::Policy& policy = facts.policy;
  std::vector<std::string> ways;
  for (const std::string& way : {policy.contact_email(), policy.contact_url(),
                                 policy.contact_postal()}) {
    if (!way.empty()) ways.push_back(way);
  }
  if (ways.empty()) {
    FactTable table;
    table.missing.push_back("want a contact in the policy, got none");
    return table;
  }
  return Sentence(absl::StrCat(policy.name(), " is reached by: ",
                               absl::StrJoin(ways, "; "), "."),
                  {"policy: contact_email, contact_url, contact_postal"});
}

absl::string_view Done(v1::Action action) {
  switch (action) {
    case v1::ACTION_COLLECT:
      return "collected";
    case v1::ACTION_USE:
      return "used";
    case v1::ACTION_SHARE:
      return "shared";
    default:
      return "sold";
  }
}

FactTable Purposes(const NoticeFacts& facts) {
  FactTable table;
  table.columns = {"Purpose", "Data is"};
  for (const v1::Purpose& purpose : facts.policy.purpose()) {
    std::vector<absl::string_view> done;
    for (const v1::Action action : kEveryAction) {
      if (Does(purpose, action)) done.push_back(Done(action));
    }
    table.rows.push_back(
        {{purpose.title(), absl::StrJoin(done, ", ")}, {PurposeFact(purpose)}});
  }
  if (table.rows.empty()) {
    table.missing.push_back("want a purpose in the policy, got none");
  }
  return table;
}

std::string MonthOf(absl::CivilDay day) {
  static constexpr const char* kMonths[] = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  return absl::StrCat(kMonths[day.month() - 1], " ", day.year());
}

}  // namespace

FactTable TableOf(const v1::ContentItem& item, const FactTableSource& source) {
  const NoticeFacts& facts = source.facts;
  const std::string& effective_on = source.words.effective_on();
  const std::set<std::string> because = {"words: effective_on"};
  switch (item.table()) {
    case v1::NOTICE_TABLE_USES:
      return CategoriesWith({v1::ACTION_COLLECT, v1::ACTION_USE},
                            "Collected and used for", facts);
    case v1::NOTICE_TABLE_CATEGORIES:
      return CategoriesWith(kEveryAction, "For", facts);
    case v1::NOTICE_TABLE_SOURCES:
      return Sources(source);
    case v1::NOTICE_TABLE_SHARED:
      return Shared(source);
    case v1::NOTICE_TABLE_RECIPIENTS:
      return Recipients(source);
    case v1::NOTICE_TABLE_NAMED_RECIPIENTS:
      return NamedRecipients(source);
    case v1::NOTICE_TABLE_CONTACTS:
      return Contacts(facts);
    case v1::NOTICE_TABLE_PURPOSES:
      return Purposes(facts);
    case v1::NOTICE_TABLE_EFFECTIVE_DAY:
      return Sentence(absl::StrCat("In effect from ", effective_on, "."),
                      because);
    case v1::NOTICE_TABLE_UPDATED_DAY:
      return Sentence(absl::StrCat("Last updated on ", effective_on, "."),
                      because);
    case v1::NOTICE_TABLE_UPDATED_MONTH: {
      const auto day = ParseLawDay(effective_on);
      return Sentence(
          absl::StrCat("Last updated in ", day.ok() ? MonthOf(*day) : "", "."),
          because);
    }
    case v1::NOTICE_TABLE_UNSPECIFIED:
      return FactTable();
    default:
      return CaliforniaTableOf(item, source);
  }
}

}  // namespace subrosa
