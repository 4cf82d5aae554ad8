#include "src/notice/health_data_notice.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/classify/taxonomy_facts.h"
#include "src/law/law_file.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

// Washington's word is narrower than California's: what a processor is given is
// not shared (RCW 19.373.010(27)).
bool IsSharedWith(const v1::Recipient& recipient) {
  return recipient.role() == v1::RECIPIENT_ROLE_AFFILIATE ||
         recipient.role() == v1::RECIPIENT_ROLE_THIRD_PARTY;
}

bool Does(const v1::Purpose& purpose, std::initializer_list<v1::Action> any) {
  return std::any_of(purpose.action().begin(), purpose.action().end(),
                     [&](int action) {
                       return std::count(any.begin(), any.end(), action) > 0;
                     });
}

template <typename Values, typename Value>
bool Has(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::string PurposeFact(const v1::Purpose& purpose) {
  return absl::StrCat("policy: purpose `", purpose.id(), "`");
}

std::string RecipientFact(const v1::Recipient& recipient) {
  return absl::StrCat("recipient `", recipient.id(), "`");
}

// What is shared with a recipient, and what for.
struct Shared {
  const v1::Recipient* recipient;
  const v1::Purpose* purpose;
};

class Writer {
 public:
  Writer(const LawEntry& rule, const NoticeFacts& facts,
         const v1::NoticeWords& words, NoticeDocument* document)
      : rule_(rule), facts_(facts), words_(words), document_(document) {
    for (const v1::Recipient& recipient : facts.recipients) {
      if (!IsSharedWith(recipient) || HasEnded(recipient)) continue;
      for (const v1::Purpose& purpose : facts.policy.purpose()) {
        if (Does(purpose, {v1::ACTION_SHARE, v1::ACTION_SELL}) &&
            Has(recipient.purpose(), purpose.id())) {
          shared_.push_back({&recipient, &purpose});
        }
      }
    }
  }

  // False for an item that this version does not know.
  bool Write(const std::string& key) {
    NoticeItem item;
    item.key = key;
    item.rule = absl::StrCat(rule_.id, "#", key);
    WriteWords(&item);
    if (key == "categories-and-purposes") {
      WriteCategories(&item);
    } else if (key == "sources") {
      WriteSources(&item);
    } else if (key == "shared") {
      WriteShared(&item);
    } else if (key == "recipients") {
      WriteRecipients(&item);
    } else if (key == "rights") {
      WriteRights(&item);
    } else {
      return false;
    }
    document_->items.push_back(std::move(item));
    return true;
  }

 private:
  bool HasEnded(const v1::Recipient& recipient) const {
    if (recipient.ended_on().empty()) return false;
    const absl::StatusOr<absl::CivilDay> day =
        ParseLawDay(recipient.ended_on());
    return day.ok() && *day <= facts_.day;
  }

  void Miss(const NoticeItem& item, absl::string_view what) {
    document_->missing.push_back(absl::StrCat(item.rule, ": ", what));
  }

  void WriteWords(NoticeItem* item) {
    for (const v1::NoticeWords::Section& section : words_.section()) {
      if (section.item() != item->rule) continue;
      item->heading = section.heading();
      for (const std::string& paragraph : section.paragraph()) {
        Say(item, paragraph, {absl::StrCat("words: section ", item->rule)});
      }
      return;
    }
    item->heading = item->key;
    Miss(*item, "want a section in the words, got none");
  }

  static void Say(NoticeItem* item, const std::string& text,
                  std::vector<std::string> facts) {
    item->paragraphs.push_back(
        {absl::StrCat(item->key, ".",
                      item->paragraphs.size() + item->rows.size() + 1),
         {text},
         std::move(facts)});
  }

  static void AddRow(NoticeItem* item, std::vector<std::string> cells,
                     std::vector<std::string> facts) {
    item->rows.push_back(
        {absl::StrCat(item->key, ".",
                      item->paragraphs.size() + item->rows.size() + 1),
         std::move(cells), std::move(facts)});
  }

  void WriteCategories(NoticeItem* item) {
    item->columns = {"Category", "Collected and used for"};
    for (const v1::HealthCategory category : AllValues<v1::HealthCategory>()) {
      std::vector<std::string> titles;
      std::vector<std::string> facts;
      for (const v1::Purpose& purpose : facts_.policy.purpose()) {
        if (!Does(purpose, {v1::ACTION_COLLECT, v1::ACTION_USE}) ||
            !Has(purpose.category(), static_cast<int>(category))) {
          continue;
        }
        titles.push_back(purpose.title());
        facts.push_back(PurposeFact(purpose));
      }
      const bool is_held = IsHeld(category);
      if (is_held) facts.push_back("inventory: records of it are held");
      if (titles.empty()) {
        if (is_held) {
          Miss(*item, absl::StrCat("want a purpose of the policy for `",
                                   Slug(category),
                                   "`, of which records are held, got none"));
        }
        continue;
      }
      AddRow(item, {std::string(Title(category)), absl::StrJoin(titles, "; ")},
             std::move(facts));
    }
    if (item->rows.empty()) {
      item->columns.clear();
      Say(item, "No consumer health data is collected.",
          {"policy: no purpose collects or uses any",
           "inventory: no record of any"});
    }
  }

  bool IsHeld(v1::HealthCategory category) const {
    const std::vector<InventoryLine>& lines = facts_.inventory.lines;
    return std::any_of(
        lines.begin(), lines.end(),
        [&](const InventoryLine& line) { return line.category == category; });
  }

  void WriteSources(NoticeItem* item) {
    std::set<std::string> sources;
    for (const InventoryLine& line : facts_.inventory.lines) {
      sources.insert(line.source);
    }
    std::map<std::string, std::vector<std::string>> by_text;
    for (const std::string& source : sources) {
      const auto found =
          std::find_if(words_.source().begin(), words_.source().end(),
                       [&](const auto& words) { return words.id() == source; });
      if (found == words_.source().end()) {
        Miss(*item, absl::StrCat("want words for the source `", source,
                                 "`, got none"));
        continue;
      }
      by_text[found->text()].push_back(
          absl::StrCat("inventory: source `", source, "`"));
    }
    if (sources.empty()) {
      Miss(*item, "want records of some source, got an empty inventory");
      return;
    }
    item->columns = {"Source"};
    for (auto& [text, facts] : by_text) AddRow(item, {text}, std::move(facts));
  }

  void WriteShared(NoticeItem* item) {
    item->columns = {"Category", "Shared for"};
    for (const v1::HealthCategory category : AllValues<v1::HealthCategory>()) {
      std::set<std::string> titles;
      std::set<std::string> facts;
      for (const Shared& shared : shared_) {
        if (!Has(shared.purpose->category(), static_cast<int>(category)) ||
            !Has(shared.recipient->category_allowed(),
                 static_cast<int>(category))) {
          continue;
        }
        titles.insert(shared.purpose->title());
        facts.insert(PurposeFact(*shared.purpose));
        facts.insert(RecipientFact(*shared.recipient));
      }
      if (titles.empty()) continue;
      AddRow(item, {std::string(Title(category)), absl::StrJoin(titles, "; ")},
             {facts.begin(), facts.end()});
    }
    SayNoneIfEmpty(item);
  }

  void WriteRecipients(NoticeItem* item) {
    item->columns = {"Shared with", "For"};
    // By what the notice calls them: third parties by category, affiliates by
    // name.
    std::map<std::string,
             std::pair<std::set<std::string>, std::set<std::string>>>
        rows;
    for (const Shared& shared : shared_) {
      const v1::Recipient& recipient = *shared.recipient;
      const bool is_affiliate =
          recipient.role() == v1::RECIPIENT_ROLE_AFFILIATE;
      const std::string& name =
          is_affiliate ? recipient.name() : recipient.category();
      if (name.empty()) {
        Miss(*item, absl::StrCat("want a category of the third party `",
                                 recipient.id(), "`, got none"));
        continue;
      }
      auto& [titles, facts] =
          rows[absl::StrCat(is_affiliate ? "our affiliate " : "", name)];
      titles.insert(shared.purpose->title());
      facts.insert(RecipientFact(recipient));
      facts.insert(PurposeFact(*shared.purpose));
    }
    for (const auto& [name, row] : rows) {
      AddRow(item, {name, absl::StrJoin(row.first, "; ")},
             {row.second.begin(), row.second.end()});
    }
    SayNoneIfEmpty(item);
  }

  void SayNoneIfEmpty(NoticeItem* item) {
    if (!item->rows.empty()) return;
    item->columns.clear();
    Say(item, "None: no consumer health data is shared.",
        {"policy and recipients: no third party or affiliate receives for a "
         "purpose that shares"});
  }

  void WriteRights(NoticeItem* item) {
    const v1::Policy& policy = facts_.policy;
    if (item->paragraphs.empty()) {
      Miss(*item, "want how to exercise the rights, in words, got none");
    }
    std::vector<std::string> ways;
    for (const std::string& way : {policy.contact_email(), policy.contact_url(),
                                   policy.contact_postal()}) {
      if (!way.empty()) ways.push_back(way);
    }
    if (ways.empty()) {
      Miss(*item, "want a contact in the policy, got none");
      return;
    }
    Say(item,
        absl::StrCat(policy.name(),
                     " is reached by: ", absl::StrJoin(ways, "; "), "."),
        {"policy: contact_email, contact_url, contact_postal"});
  }

  const LawEntry& rule_;
  const NoticeFacts& facts_;
  const v1::NoticeWords& words_;
  NoticeDocument* const document_;
  std::vector<Shared> shared_;
};

}  // namespace

absl::StatusOr<NoticeDocument> WriteHealthDataNotice(
    const LawBook& law, const NoticeFacts& facts,
    const v1::NoticeWords& words) {
  const LawEntry* const rule = law.Find(kHealthDataNoticeRule);
  if (rule == nullptr) {
    return absl::InternalError(absl::StrCat(
        "law: want the rule ", kHealthDataNoticeRule, ", got none"));
  }
  NoticeDocument document;
  document.document = rule->rule->contents().document();
  document.entity = facts.policy.entity();
  document.title = words.title();
  document.locale = words.locale();
  document.version = words.version();
  document.effective_on = words.effective_on();
  Writer writer(*rule, facts, words, &document);
  for (const v1::ContentItem& item : rule->rule->contents().item()) {
    if (!writer.Write(item.key())) {
      return absl::InternalError(absl::StrCat(
          "notice: want an item that this version can write, got `", rule->id,
          "#", item.key(), "`"));
    }
  }
  return document;
}

}  // namespace subrosa
