#include "src/notice/notice_drift.h"

#include <map>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"
#include "src/law/deadline.h"
#include "src/law/law_file.h"
#include "src/notice/fact_table.h"
#include "src/notice/notice_document.h"
#include "src/notice/notice_writer.h"
#include "src/notice/row_difference.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

constexpr size_t kMostEvidence = 5;

std::string CitationOf(const LawEntry& entry) {
  return absl::StrCat(entry.rule->citation(), ", ",
                      CertaintyText(entry.rule->certainty()));
}

// The rule of `pack` that has the duty `duty`; null if there is none.
const LawEntry* RuleWithDuty(const LawBook& law, const v1::LawPack& pack,
                             absl::string_view duty) {
  for (const LawEntry& entry : law.entries()) {
    if (entry.pack == &pack && entry.rule->duty().duty() == duty) return &entry;
  }
  return nullptr;
}

class Drift {
 public:
  Drift(const DriftCheck& check, const LawEntry& rule)
      : check_(check), rule_(rule) {}

  absl::StatusOr<std::vector<Difference>> Find() {
    SUBROSA_ASSIGN_OR_RETURN(
        const NoticeDocument now,
        WriteNotice(check_.law, check_.rule, check_.facts, check_.words));
    for (const NoticeItem& item : now.items) CompareItem(item);
    for (const std::string& missing : now.missing) {
      // Words are the notice's own, and facts of it are what is compared.
      if (absl::StrContains(missing, ": want a section") ||
          absl::StrContains(missing, ": want words, got none") ||
          absl::StrContains(missing, ": want a link")) {
        continue;
      }
      Add(missing.substr(0, missing.find(':')),
          missing.substr(missing.find(": ") + 2), {"policy and inventory"},
          "say it in the policy, the registry of recipients or the words, or "
          "stop holding it");
    }
    CheckLinks(now);
    CheckHeld();
    CheckReceived();
    CheckMarks();
    CheckPages();
    SUBROSA_RETURN_IF_ERROR(CheckAge());
    return std::move(found_);
  }

 private:
  void Add(std::string rule, std::string what,
           std::vector<std::string> evidence, std::string to_do) {
    const LawEntry* const entry =
        check_.law.Find(rule.substr(0, rule.find('#')));
    found_.push_back({std::move(rule),
                      entry == nullptr ? "" : CitationOf(*entry),
                      std::move(what), std::move(evidence), std::move(to_do)});
  }

  void AddNotTold(const NoticeItem& item, const RowDifference& difference,
                  const std::vector<NoticeLine>& lines) {
    std::vector<std::string> evidence;
    for (const NoticeLine& line : lines) {
      if (line.cells[0] == difference.name) evidence = line.facts;
    }
    Add(item.rule, absl::StrCat("not told: ", difference.Text()),
        std::move(evidence),
        "stop it, or disclose it and ask for consent where its purpose needs "
        "one, before it goes on");
  }

  void CompareItem(const NoticeItem& item) {
    if (item.columns.empty()) return;
    TableRows rows;
    for (const NoticeLine& line : item.rows) rows.push_back(line.cells);
    if (check_.published.items.empty()) {
      LookFor(item, rows);
      return;
    }
    const PublishedItem* const told = check_.published.Find(item.rule);
    const TableRows none;
    for (const RowDifference& difference :
         DifferencesOf(told == nullptr ? none : told->rows, rows)) {
      if (difference.is_added) {
        AddNotTold(item, difference, item.rows);
      } else {
        Add(item.rule, absl::StrCat("told and not so: ", difference.Text()),
            {"policy, recipients and inventory have it no more"},
            "publish the notice anew without it");
      }
    }
  }

  // In a page that does not say what its parts are.
  void LookFor(const NoticeItem& item, const TableRows& rows) {
    std::set<std::string> told_apart;
    for (const auto& row : rows) {
      for (const std::string& cell : row) {
        for (const absl::string_view part : absl::StrSplit(cell, "; ")) {
          if (check_.published.Says(part)) continue;
          const RowDifference difference{
              row[0], part == row[0] ? "" : std::string(part), true};
          if (told_apart.insert(std::string(part)).second) {
            AddNotTold(item, difference, item.rows);
          }
        }
      }
    }
  }

  // The links that the notice itself has to have: those that stand in its words
  // and those whose very words are prescribed.
  void CheckLinks(const NoticeDocument& now) {
    for (const NoticeItem& item : now.items) {
      for (const NoticeLine& line : item.paragraphs) {
        if (line.url.empty() || check_.published.links.count(line.url) > 0) {
          continue;
        }
        Add(item.rule,
            absl::StrCat("the notice does not lead to `", line.url, "`"),
            {absl::StrCat("words: section ", item.rule)},
            "put the link into the notice");
      }
    }
    for (const v1::ContentItem& content : rule_.rule->contents().item()) {
      bool is_said = content.exact().empty();
      for (const std::string& exact : content.exact()) {
        is_said = is_said || check_.published.Says(exact);
      }
      if (is_said) continue;
      Add(absl::StrCat(rule_.id, "#", content.key()),
          absl::StrCat("the prescribed words are not there: `",
                       content.exact(0), "`"),
          {"published: text"}, "put the link with these very words in it");
    }
  }

  // What rests in the store for a purpose that the policy does not name, or
  // not with that category.
  void CheckHeld() {
    std::map<std::string, const v1::Purpose*> purposes;
    for (const v1::Purpose& purpose : check_.facts.policy.purpose()) {
      purposes[purpose.id()] = &purpose;
    }
    const LawEntry* const first =
        RuleWithDuty(check_.law, *rule_.pack, "disclose-before-use");
    const std::string rule = first == nullptr ? rule_.id : first->id;
    std::set<std::string> told;
    for (const HeldLine& line : check_.facts.held.lines) {
      for (const std::string& id : line.purposes) {
        const auto purpose = purposes.find(id);
        const bool is_known = purpose != purposes.end();
        if (is_known && (line.category == v1::HEALTH_CATEGORY_UNSPECIFIED ||
                         Names(*purpose->second, line.category))) {
          continue;
        }
        const std::string what =
            is_known ? absl::StrCat("held for `", id,
                                    "`, which the policy does not "
                                    "name it for: `",
                                    Title(line.category), "`")
                     : absl::StrCat("records are held for `", id,
                                    "`, which is no purpose of the policy");
        if (!told.insert(what).second) continue;
        Add(rule, what,
            {absl::StrCat("inventory: source `", line.source, "`, ",
                          line.records, " records")},
            "disclose it and ask those consumers for consent, or erase it "
            "(`subrosa erase --purpose`)");
      }
    }
  }

  // Who was given data, and is told nowhere.
  void CheckReceived() {
    std::set<std::string> known;
    for (const Flow& flow : FlowsLookingBack(check_.facts)) {
      known.insert(flow.recipient->id());
    }
    for (const std::string& recipient : check_.facts.received) {
      if (known.count(recipient) > 0) continue;
      Add(rule_.id,
          absl::StrCat("data was given to `", recipient,
                       "`, for whom the policy has no purpose that shares"),
          {"ledger of disclosures"},
          "disclose it, or stop; `subrosa share list --recipient` has whose "
          "data it was");
    }
  }

  // What a code base says that its messages hold.
  void CheckMarks() {
    if (check_.survey == nullptr) return;
    for (const v1::ContentItem& content : rule_.rule->contents().item()) {
      std::map<std::string, std::vector<std::string>> fields;
      for (const SurveyedMessage& message : check_.survey->messages) {
        for (const SurveyedField& field : message.fields) {
          for (const std::string& name :
               CategoryNamesOf(content.table(), field.kinds)) {
            fields[name].push_back(
                absl::StrCat("mark: ", message.full_name, ".", field.name));
          }
        }
      }
      const std::string rule = absl::StrCat(rule_.id, "#", content.key());
      for (auto& [name, evidence] : fields) {
        if (IsTold(rule, name)) continue;
        const size_t count = evidence.size();
        if (count > kMostEvidence) {
          evidence.resize(kMostEvidence);
          evidence.push_back(
              absl::StrCat("and ", count - kMostEvidence, " more fields"));
        }
        Add(rule, absl::StrCat("marked in the code and not told: `", name, "`"),
            std::move(evidence),
            "disclose it before this is released, or mark the field for what "
            "it is");
      }
    }
    if (check_.survey->unmarked > 0) {
      Add(rule_.id,
          absl::StrCat(check_.survey->unmarked,
                       " fields of the code base have no mark"),
          {"`subrosa classify schema` names them"},
          "mark them: what they hold is not compared");
    }
  }

  bool IsTold(const std::string& rule, const std::string& name) const {
    if (check_.published.items.empty()) return check_.published.Says(name);
    const PublishedItem* const item = check_.published.Find(rule);
    if (item == nullptr) return false;
    for (const auto& row : item->rows) {
      if (!row.empty() && row[0] == name) return true;
    }
    return false;
  }

  void CheckPages() {
    const LawEntry* const link =
        RuleWithDuty(check_.law, *rule_.pack, "link-from-homepage");
    for (const LinkingPage& page : check_.pages) {
      if (page.page.links.count(check_.url) > 0) continue;
      Add(link == nullptr ? rule_.id : link->id,
          absl::StrCat("the page `", page.name,
                       "` does not lead to the notice"),
          {absl::StrCat("no link to `", check_.url, "` among ",
                        page.page.links.size())},
          "put the link on it");
    }
  }

  absl::Status CheckAge() {
    if (check_.published.effective_on.empty()) return absl::OkStatus();
    const absl::StatusOr<absl::CivilDay> since =
        ParseLawDay(check_.published.effective_on);
    for (const LawEntry& entry : check_.law.entries()) {
      if (entry.pack != rule_.pack ||
          entry.rule->frequency().what() != "update-policy" || !since.ok()) {
        continue;
      }
      SUBROSA_ASSIGN_OR_RETURN(
          const absl::CivilDay until,
          LastDayOf(entry.rule->frequency().per(), *since, nullptr));
      if (check_.facts.day <= until) continue;
      Add(entry.id,
          absl::StrCat("the notice is of ", check_.published.effective_on,
                       ", and was to be brought up to date by ",
                       absl::FormatCivilTime(until)),
          {"published: effective_on"}, "publish it anew");
    }
    return absl::OkStatus();
  }

  const DriftCheck& check_;
  const LawEntry& rule_;
  std::vector<Difference> found_;
};

}  // namespace

absl::StatusOr<std::vector<Difference>> FindDrift(const DriftCheck& check) {
  const LawEntry* const rule = check.law.Find(check.rule);
  if (rule == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("law: want the rule `", check.rule, "`, got none"));
  }
  return Drift(check, *rule).Find();
}

}  // namespace subrosa
