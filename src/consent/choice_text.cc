#include "src/consent/choice_text.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/classify/classification.h"
#include "src/classify/taxonomy_facts.h"
#include "src/consent/action_name.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// "opt-out" for CHOICE_KIND_OPT_OUT.
std::string SlugOf(const std::string& name, absl::string_view prefix) {
  if (!absl::StartsWith(name, prefix)) return "unknown";
  return absl::AsciiStrToLower(
      absl::StrReplaceAll(name.substr(prefix.size()), {{"_", "-"}}));
}

std::string DayText(int32_t day) {
  return absl::FormatCivilTime(CivilDayOf(day));
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ",
                          absl::FromUnixSeconds(time.seconds()),
                          absl::UTCTimeZone());
}

std::vector<std::string> CategorySlugs(uint32_t bits) {
  std::vector<std::string> slugs;
  for (const v1::HealthCategory category :
       CategorySet::FromBits(bits).Values()) {
    slugs.emplace_back(Slug(category));
  }
  return slugs;
}

template <typename Strings>
std::vector<std::string> ListOf(const Strings& strings) {
  return std::vector<std::string>(strings.begin(), strings.end());
}

std::vector<std::string> ActionNames(const v1::Choice& choice) {
  std::vector<std::string> names;
  for (const int action : choice.action()) {
    names.push_back(ActionName(static_cast<v1::Action>(action)));
  }
  return names;
}

std::vector<std::string> CategorySlugs(const v1::Choice& choice) {
  std::vector<std::string> slugs;
  for (const int category : choice.category()) {
    slugs.emplace_back(Slug(static_cast<v1::HealthCategory>(category)));
  }
  return slugs;
}

// "word a, b", or `nothing` where there are none.
std::string Clause(absl::string_view word, const std::vector<std::string>& list,
                   absl::string_view nothing) {
  return list.empty() ? std::string(nothing)
                      : absl::StrCat(" ", word, word.empty() ? "" : " ",
                                     absl::StrJoin(list, ", "));
}

std::string ChoiceLine(const v1::Choice& choice) {
  std::string text = absl::StrCat(
      ChoiceKindName(choice.kind()),
      Clause("to", ActionNames(choice), " of everything"),
      Clause("for", ListOf(choice.purpose()), ""),
      Clause("with", ListOf(choice.recipient()), ""),
      Clause("of", CategorySlugs(choice), ""), ", given ",
      TimeText(choice.given_at()), " by ", ActorKindName(choice.actor().kind()),
      " (", choice.method(), ")");
  if (choice.has_expires_at()) {
    absl::StrAppend(&text, ", until ", TimeText(choice.expires_at()));
  }
  if (choice.has_notice()) {
    absl::StrAppend(&text, "; notice ", choice.notice().id(), " ",
                    choice.notice().version(), " in ",
                    choice.notice().locale());
  }
  if (!choice.jurisdiction().empty()) {
    absl::StrAppend(&text, "; asked under the law of ", choice.jurisdiction());
  }
  return text;
}

Json ChoiceJson(const v1::Choice& choice) {
  Json json = {{"kind", ChoiceKindName(choice.kind())},
               {"actions", ActionNames(choice)},
               {"purposes", ListOf(choice.purpose())},
               {"recipients", ListOf(choice.recipient())},
               {"categories", CategorySlugs(choice)},
               {"method", choice.method()},
               {"actor", ActorKindName(choice.actor().kind())},
               {"jurisdiction", choice.jurisdiction()},
               {"given_at", TimeText(choice.given_at())}};
  if (choice.has_expires_at()) {
    json["expires_at"] = TimeText(choice.expires_at());
  }
  if (choice.has_confirmed_at()) {
    json["confirmed_at"] = TimeText(choice.confirmed_at());
  }
  if (choice.has_notice()) {
    json["notice"] = {{"id", choice.notice().id()},
                      {"version", choice.notice().version()},
                      {"locale", choice.notice().locale()},
                      {"sha256", choice.notice().sha256()},
                      {"interface", choice.notice().interface()}};
  }
  if (choice.has_signal()) json["header"] = choice.signal().header();
  return json;
}

}  // namespace

std::string ChoiceKindName(v1::ChoiceKind kind) {
  return SlugOf(v1::ChoiceKind_Name(kind), "CHOICE_KIND_");
}

std::string ActorKindName(v1::ActorKind actor) {
  return SlugOf(v1::ActorKind_Name(actor), "ACTOR_KIND_");
}

std::string GroundName(v1::Ground ground) {
  return absl::StrReplaceAll(SlugOf(v1::Ground_Name(ground), "GROUND_"),
                             {{"-", " "}});
}

std::string StandingChoiceText(const v1::StandingChoice& choice) {
  std::string text =
      absl::StrCat(choice.number(), ": ", ChoiceKindName(choice.kind()),
                   choice.action() == v1::ACTION_UNSPECIFIED
                       ? " of everything"
                       : absl::StrCat(" to ", ActionName(choice.action())));
  if (!choice.purpose().empty()) {
    absl::StrAppend(&text, " for ", choice.purpose());
  }
  if (!choice.recipient().empty()) {
    absl::StrAppend(&text, " with ", choice.recipient());
  }
  absl::StrAppend(&text, Clause("of", CategorySlugs(choice.categories()), ""),
                  ", by ", ActorKindName(choice.actor()), ", from ",
                  DayText(choice.from_day()));
  if (choice.until_day() != 0) {
    absl::StrAppend(&text, " until the day before ",
                    DayText(choice.until_day()));
  }
  return text;
}

Json StandingChoiceJson(const v1::StandingChoice& choice) {
  Json json = {{"number", choice.number()},
               {"kind", ChoiceKindName(choice.kind())},
               {"action", choice.action() == v1::ACTION_UNSPECIFIED
                              ? ""
                              : ActionName(choice.action())},
               {"purpose", choice.purpose()},
               {"recipient", choice.recipient()},
               {"categories", CategorySlugs(choice.categories())},
               {"actor", ActorKindName(choice.actor())},
               {"from", DayText(choice.from_day())}};
  if (choice.until_day() != 0) json["until"] = DayText(choice.until_day());
  return json;
}

std::string ConsumerFactsText(const v1::ConsumerFacts& facts) {
  return absl::StrCat(
      "Lives in ",
      facts.residence().empty() ? "a place that is not known"
                                : facts.residence(),
      facts.place_of_collection().empty()
          ? ""
          : absl::StrCat("; data is collected in ",
                         absl::StrJoin(facts.place_of_collection(), ", ")),
      facts.born().empty() ? "; age not known"
                           : absl::StrCat("; born ", facts.born()),
      facts.guardian().empty()
          ? ""
          : absl::StrCat("; ", facts.guardian_size(), " guardian",
                         facts.guardian_size() == 1 ? "" : "s"),
      ".");
}

Json ConsumerFactsJson(const v1::ConsumerFacts& facts) {
  return {{"residence", facts.residence()},
          {"places_of_collection", ListOf(facts.place_of_collection())},
          {"born", facts.born()},
          {"guardians", facts.guardian_size()}};
}

std::string LedgerEntryText(uint64_t number, const v1::LedgerEntry& entry) {
  if (entry.has_choice()) {
    return absl::StrCat(number, ": ", ChoiceLine(entry.choice()));
  }
  const v1::ConsumerFacts& facts = entry.facts();
  return absl::StrCat(
      number, ": known since ", TimeText(entry.recorded_at()), ": lives in ",
      facts.residence().empty() ? "a place not known" : facts.residence(),
      Clause("with data collected in", ListOf(facts.place_of_collection()), ""),
      facts.born().empty() ? "" : ", born", facts.born().empty() ? "" : " ",
      facts.born(), ", ", facts.guardian_size(), " guardians");
}

Json LedgerEntryJson(uint64_t number, const v1::LedgerEntry& entry) {
  Json json = {{"number", number},
               {"recorded_at", TimeText(entry.recorded_at())}};
  if (entry.answers_all()) json["answers_all"] = true;
  if (entry.has_choice()) {
    json["choice"] = ChoiceJson(entry.choice());
  } else {
    json["facts"] = ConsumerFactsJson(entry.facts());
  }
  return json;
}

}  // namespace subrosa
