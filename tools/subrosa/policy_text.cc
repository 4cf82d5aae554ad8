#include "tools/subrosa/policy_text.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/util/message_differencer.h"
#include "src/classify/taxonomy_facts.h"
#include "src/consent/action_name.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::util::MessageDifferencer;

constexpr int kAllCategories = v1::HealthCategory_MAX;

std::vector<std::string> ActionsOf(const v1::Purpose& purpose) {
  std::vector<std::string> names;
  for (const int action : purpose.action()) {
    names.push_back(ActionName(static_cast<v1::Action>(action)));
  }
  return names;
}

std::vector<std::string> CategoriesOf(const v1::Purpose& purpose) {
  std::vector<std::string> slugs;
  for (const int category : purpose.category()) {
    slugs.emplace_back(Slug(static_cast<v1::HealthCategory>(category)));
  }
  return slugs;
}

std::string NeedOf(const v1::Purpose& purpose) {
  switch (purpose.need()) {
    case v1::NEED_SERVICE:
      return "necessary";
    case v1::NEED_SERVICE_STRICTLY:
      return "strictly necessary";
    case v1::NEED_OTHER_LAW:
      return "another law";
    default:
      return "asked for";
  }
}

std::string PurposeText(const v1::Purpose& purpose) {
  std::string text =
      absl::StrCat("  ", purpose.id(), ": ", purpose.title(), "\n    ",
                   absl::StrJoin(ActionsOf(purpose), ", "), "; ",
                   purpose.category_size() == kAllCategories
                       ? "every category"
                       : absl::StrJoin(CategoriesOf(purpose), ", "),
                   "\n    ", NeedOf(purpose));
  if (!purpose.need_reason().empty()) {
    absl::StrAppend(&text, ": ", purpose.need_reason());
  }
  if (purpose.served_when_limited() != 0) {
    absl::StrAppend(&text, "; served after a request to limit (",
                    purpose.served_when_limited(), ")");
  }
  if (purpose.targeted_advertising()) {
    absl::StrAppend(&text, "; targeted advertising");
  }
  if (!purpose.exempt_as().empty()) {
    absl::StrAppend(&text, "; exempt as ",
                    absl::StrJoin(purpose.exempt_as(), ", "));
  }
  return text + "\n";
}

std::string NoticeName(const v1::Notice& notice) {
  return absl::StrCat(notice.id(), " ", notice.version());
}

std::string NoticeText(const v1::Notice& notice) {
  std::vector<std::string> locales;
  for (const v1::Notice::Text& text : notice.text()) {
    locales.push_back(text.locale());
  }
  return absl::StrCat(
      "  ", NoticeName(notice), ": ", absl::StrJoin(locales, ", "), "; from ",
      notice.from(),
      notice.until().empty() ? "" : absl::StrCat(" until ", notice.until()),
      "\n");
}

nlohmann::ordered_json PurposeJson(const v1::Purpose& purpose) {
  nlohmann::ordered_json json = {{"id", purpose.id()},
                                 {"title", purpose.title()},
                                 {"actions", ActionsOf(purpose)},
                                 {"categories", CategoriesOf(purpose)},
                                 {"need", NeedOf(purpose)}};
  if (!purpose.need_reason().empty()) {
    json["need_reason"] = purpose.need_reason();
  }
  json["served_when_limited"] = purpose.served_when_limited();
  json["targeted_advertising"] = purpose.targeted_advertising();
  json["exempt_as"] = std::vector<std::string>(purpose.exempt_as().begin(),
                                               purpose.exempt_as().end());
  return json;
}

nlohmann::ordered_json NoticeJson(const v1::Notice& notice) {
  nlohmann::ordered_json texts = nlohmann::ordered_json::object();
  for (const v1::Notice::Text& text : notice.text()) {
    texts[text.locale()] = text.sha256();
  }
  nlohmann::ordered_json json = {{"id", notice.id()},
                                 {"version", notice.version()},
                                 {"sha256", texts},
                                 {"from", notice.from()}};
  if (!notice.until().empty()) json["until"] = notice.until();
  json["items"] =
      std::vector<std::string>(notice.item().begin(), notice.item().end());
  return json;
}

// Says of each name of `before` and `after` what became of it.
template <typename Message>
void AppendChanges(absl::string_view kind,
                   const std::map<std::string, const Message*>& before,
                   const std::map<std::string, const Message*>& after,
                   std::vector<std::string>* changes) {
  for (const auto& [name, message] : before) {
    const auto other = after.find(name);
    if (other == after.end()) {
      changes->push_back(absl::StrCat(kind, " ", name, ": removed"));
    } else if (!MessageDifferencer::Equals(*message, *other->second)) {
      changes->push_back(absl::StrCat(kind, " ", name, ": changed"));
    }
  }
  for (const auto& [name, message] : after) {
    if (before.find(name) == before.end()) {
      changes->push_back(absl::StrCat(kind, " ", name, ": added"));
    }
  }
}

std::map<std::string, const v1::Purpose*> PurposesOf(const v1::Policy& policy) {
  std::map<std::string, const v1::Purpose*> purposes;
  for (const v1::Purpose& purpose : policy.purpose()) {
    purposes.emplace(purpose.id(), &purpose);
  }
  return purposes;
}

std::map<std::string, const v1::Notice*> NoticesOf(const v1::Policy& policy) {
  std::map<std::string, const v1::Notice*> notices;
  for (const v1::Notice& notice : policy.notice()) {
    notices.emplace(NoticeName(notice), &notice);
  }
  return notices;
}

using Names = google::protobuf::RepeatedPtrField<std::string>;

void AppendNameChanges(absl::string_view kind, const Names& before,
                       const Names& after, std::vector<std::string>* changes) {
  const std::set<std::string> old_names(before.begin(), before.end());
  const std::set<std::string> new_names(after.begin(), after.end());
  for (const std::string& name : old_names) {
    if (new_names.count(name) == 0) {
      changes->push_back(absl::StrCat(kind, " ", name, ": removed"));
    }
  }
  for (const std::string& name : new_names) {
    if (old_names.count(name) == 0) {
      changes->push_back(absl::StrCat(kind, " ", name, ": added"));
    }
  }
}

}  // namespace

std::string PolicyText(const v1::Policy& policy) {
  std::string text = absl::StrCat(
      policy.entity(), ": ", policy.name(), "\n\nGoes by ",
      absl::StrJoin(policy.pack(), ", "), ".\n",
      policy.pack_for_all().empty()
          ? ""
          : absl::StrCat("For all consumers: ",
                         absl::StrJoin(policy.pack_for_all(), ", "), ".\n"),
      "Who is not known to live elsewhere lives in ",
      policy.residence_unless_known(), ".\n");
  absl::StrAppend(&text, policy.purpose().empty()
                             ? "\nNo purposes: nothing is taken in.\n"
                             : "\nPurposes:\n");
  for (const v1::Purpose& purpose : policy.purpose()) {
    text += PurposeText(purpose);
  }
  absl::StrAppend(&text, policy.notice().empty()
                             ? "\nNo notices: nobody can be asked.\n"
                             : "\nNotices:\n");
  for (const v1::Notice& notice : policy.notice()) text += NoticeText(notice);
  return text;
}

nlohmann::ordered_json PolicyJson(const v1::Policy& policy) {
  nlohmann::ordered_json purposes = nlohmann::ordered_json::array();
  for (const v1::Purpose& purpose : policy.purpose()) {
    purposes.push_back(PurposeJson(purpose));
  }
  nlohmann::ordered_json notices = nlohmann::ordered_json::array();
  for (const v1::Notice& notice : policy.notice()) {
    notices.push_back(NoticeJson(notice));
  }
  return {
      {"entity", policy.entity()},
      {"name", policy.name()},
      {"contact_email", policy.contact_email()},
      {"contact_url", policy.contact_url()},
      {"packs",
       std::vector<std::string>(policy.pack().begin(), policy.pack().end())},
      {"packs_for_all", std::vector<std::string>(policy.pack_for_all().begin(),
                                                 policy.pack_for_all().end())},
      {"residence_unless_known", policy.residence_unless_known()},
      {"age_unless_known", policy.age_unless_known()},
      {"purposes", purposes},
      {"notices", notices}};
}

std::vector<std::string> PolicyChanges(const v1::Policy& before,
                                       const v1::Policy& after) {
  std::vector<std::string> changes;
  AppendNameChanges("pack", before.pack(), after.pack(), &changes);
  AppendNameChanges("pack for all", before.pack_for_all(), after.pack_for_all(),
                    &changes);
  AppendChanges("purpose", PurposesOf(before), PurposesOf(after), &changes);
  AppendChanges("notice", NoticesOf(before), NoticesOf(after), &changes);
  v1::Policy old_rest = before;
  v1::Policy new_rest = after;
  for (v1::Policy* rest : {&old_rest, &new_rest}) {
    rest->clear_pack();
    rest->clear_pack_for_all();
    rest->clear_purpose();
    rest->clear_notice();
  }
  if (!MessageDifferencer::Equals(old_rest, new_rest)) {
    changes.push_back("name, contact or what is taken for granted: changed");
  }
  return changes;
}

}  // namespace subrosa
