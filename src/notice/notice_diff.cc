#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/classify/taxonomy_facts.h"
#include "src/notice/notice_drift.h"
#include "src/notice/row_difference.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

// Whether a new row of such a table is something new that is done with data.
bool TellsOfNewUses(v1::NoticeTable table) {
  switch (table) {
    case v1::NOTICE_TABLE_USES:
    case v1::NOTICE_TABLE_CATEGORIES:
    case v1::NOTICE_TABLE_SHARED:
    case v1::NOTICE_TABLE_RECIPIENTS:
    case v1::NOTICE_TABLE_NAMED_RECIPIENTS:
    case v1::NOTICE_TABLE_PURPOSES:
    case v1::NOTICE_TABLE_COLLECTED:
    case v1::NOTICE_TABLE_SOLD:
    case v1::NOTICE_TABLE_SOLD_TO:
    case v1::NOTICE_TABLE_SOLD_FOR:
    case v1::NOTICE_TABLE_DISCLOSED:
    case v1::NOTICE_TABLE_DISCLOSED_TO:
    case v1::NOTICE_TABLE_DISCLOSED_FOR:
      return true;
    default:
      return false;
  }
}

struct Asked {
  const LawEntry* rule = nullptr;
  v1::NoticeTable table = v1::NOTICE_TABLE_UNSPECIFIED;
};

Asked FindAsked(const LawBook& law, const std::string& id) {
  const size_t at = id.find('#');
  if (at == std::string::npos) return {};
  Asked asked{law.Find(id.substr(0, at)), v1::NOTICE_TABLE_UNSPECIFIED};
  if (asked.rule == nullptr) return {};
  for (const v1::ContentItem& item : asked.rule->rule->contents().item()) {
    if (item.key() == id.substr(at + 1)) asked.table = item.table();
  }
  return asked;
}

// The rules of all packs under which what is new needs a new consent, or the
// choice to withdraw.
std::vector<std::string> RulesOnChange(const LawBook& law) {
  std::vector<std::string> rules;
  for (const LawEntry& entry : law.entries()) {
    const std::string& duty = entry.rule->duty().duty();
    if (duty == "disclose-before-use" ||
        duty == "ask-again-on-material-change") {
      rules.push_back(entry.id);
    }
  }
  return rules;
}

void AddChanges(const LawBook& law, const PublishedItem* before,
                const PublishedItem* after,
                std::vector<NoticeChange>* changes) {
  static const auto* const none = new TableRows;
  const std::string& rule = after == nullptr ? before->rule : after->rule;
  const Asked asked = FindAsked(law, rule);
  const std::string citation =
      asked.rule == nullptr
          ? ""
          : absl::StrCat(asked.rule->rule->citation(), ", ",
                         CertaintyText(asked.rule->rule->certainty()));
  for (const RowDifference& difference :
       DifferencesOf(before == nullptr ? *none : before->rows,
                     after == nullptr ? *none : after->rows)) {
    changes->push_back({rule, citation,
                        absl::StrCat(difference.is_added ? "new: " : "gone: ",
                                     difference.Text()),
                        difference.is_added && TellsOfNewUses(asked.table)
                            ? RulesOnChange(law)
                            : std::vector<std::string>()});
  }
}

}  // namespace

absl::StatusOr<std::vector<NoticeChange>> DiffNotices(
    const LawBook& law, const PublishedNotice& before,
    const PublishedNotice& after) {
  if (before.items.empty() || after.items.empty()) {
    return absl::InvalidArgumentError(
        "notice: want two notices of ours, got a page that does not say what "
        "its parts are");
  }
  std::vector<NoticeChange> changes;
  for (const PublishedItem& item : after.items) {
    AddChanges(law, before.Find(item.rule), &item, &changes);
  }
  for (const PublishedItem& item : before.items) {
    if (after.Find(item.rule) == nullptr) {
      AddChanges(law, &item, nullptr, &changes);
    }
  }
  return changes;
}

}  // namespace subrosa
