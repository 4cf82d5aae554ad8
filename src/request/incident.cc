#include "src/request/incident.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <tuple>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/base/textproto_file.h"
#include "src/law/deadline.h"
#include "src/law/law_file.h"
#include "src/law/place.h"

namespace subrosa {
namespace {

constexpr size_t kMaxTextBytes = 4096;
constexpr int kMaxItems = 100;
constexpr char kNotice[] = "breach-notice";
constexpr char kSubstitute[] = "substitute-notice";

absl::Status Want(absl::string_view field, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("incident.", field, ": want ", what));
}

absl::Status CheckText(absl::string_view field, const std::string& text) {
  if (text.size() > kMaxTextBytes) {
    return Want(field, absl::StrCat("at most ", kMaxTextBytes, " bytes, got ",
                                    text.size()));
  }
  for (const char c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c)) && c != '\n') {
      return Want(field, "no control characters but new lines, got one");
    }
  }
  return absl::OkStatus();
}

template <typename Texts>
absl::Status CheckTexts(absl::string_view field, const Texts& texts) {
  if (texts.size() > kMaxItems) {
    return Want(field, absl::StrCat("at most ", kMaxItems, ", got more"));
  }
  for (const std::string& text : texts) {
    if (text.empty()) return Want(field, "some text, got none");
    SUBROSA_RETURN_IF_ERROR(CheckText(field, text));
  }
  return absl::OkStatus();
}

absl::Status CheckDay(absl::string_view field, const std::string& day) {
  if (day.empty() || ParseLawDay(day).ok()) return absl::OkStatus();
  return Want(field, "a day as 2026-12-01, got another");
}

// Nobody is told of it before it is known.
absl::Status CheckTold(const v1::Incident& incident, absl::string_view field,
                       const std::string& day) {
  SUBROSA_RETURN_IF_ERROR(CheckDay(field, day));
  if (day.empty() || day >= incident.discovered_on()) return absl::OkStatus();
  return Want(field, "a day not before discovered_on, got an earlier one");
}

absl::Status CheckResidents(const v1::Incident& incident) {
  if (incident.residents_size() > kMaxItems) {
    return Want("residents", absl::StrCat("at most ", kMaxItems, ", got more"));
  }
  std::set<std::string> places;
  for (const v1::IncidentResidents& each : incident.residents()) {
    SUBROSA_RETURN_IF_ERROR(
        CheckSubdivision("incident.residents.place", each.place()));
    if (each.consumers() < 1 || !places.insert(each.place()).second) {
      return Want("residents", "each place once, with 1 or more consumers");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckIncident(const v1::Incident& incident) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("incident.id", incident.id()));
  if (!ParseLawDay(incident.discovered_on()).ok()) {
    return Want("discovered_on", "a day as 2026-12-01, got another or none");
  }
  SUBROSA_RETURN_IF_ERROR(CheckDay("from_day", incident.from_day()));
  SUBROSA_RETURN_IF_ERROR(CheckDay("to_day", incident.to_day()));
  if (!incident.to_day().empty() && incident.to_day() < incident.from_day()) {
    return Want("to_day", "a day not before from_day, got an earlier one");
  }
  SUBROSA_RETURN_IF_ERROR(CheckText("what_happened", incident.what_happened()));
  SUBROSA_RETURN_IF_ERROR(CheckText("steps", incident.steps()));
  SUBROSA_RETURN_IF_ERROR(CheckText("measures", incident.measures()));
  SUBROSA_RETURN_IF_ERROR(CheckTexts("third_party", incident.third_party()));
  SUBROSA_RETURN_IF_ERROR(CheckTexts("data", incident.data()));
  SUBROSA_RETURN_IF_ERROR(CheckTexts("contact", incident.contact()));
  if (incident.consumers() < 0) return Want("consumers", "0 or more, got less");
  SUBROSA_RETURN_IF_ERROR(CheckResidents(incident));
  SUBROSA_RETURN_IF_ERROR(
      CheckTold(incident, "consumers_told_on", incident.consumers_told_on()));
  SUBROSA_RETURN_IF_ERROR(
      CheckTold(incident, "regulator_told_on", incident.regulator_told_on()));
  SUBROSA_RETURN_IF_ERROR(
      CheckTold(incident, "media_told_on", incident.media_told_on()));
  SUBROSA_RETURN_IF_ERROR(
      CheckTold(incident, "log_sent_on", incident.log_sent_on()));
  if (incident.unreachable() < 0 ||
      (incident.consumers() > 0 &&
       incident.unreachable() > incident.consumers())) {
    return Want("unreachable", "0 or more, and no more than consumers");
  }
  return CheckTold(incident, "substitute_notice_on",
                   incident.substitute_notice_on());
}

// Empty for a step that is none of an incident's.
const std::string* ToldOn(v1::ClockStep step, const v1::Incident& incident) {
  switch (step) {
    case v1::CLOCK_STEP_NOTIFY_CONSUMERS:
      return &incident.consumers_told_on();
    case v1::CLOCK_STEP_NOTIFY_REGULATOR:
      return &incident.regulator_told_on();
    case v1::CLOCK_STEP_NOTIFY_MEDIA:
      return &incident.media_told_on();
    case v1::CLOCK_STEP_LOG_TO_REGULATOR:
      return &incident.log_sent_on();
    default:
      return nullptr;
  }
}

// How many a rule's number is compared with: of one state for the media, of
// all else. 0: not known.
int64_t CountFor(v1::ClockStep step, const v1::Incident& incident) {
  if (step != v1::CLOCK_STEP_NOTIFY_MEDIA) return incident.consumers();
  int64_t most = 0;
  int64_t placed = 0;
  for (const v1::IncidentResidents& each : incident.residents()) {
    most = std::max(most, each.consumers());
    placed += each.consumers();
  }
  // Whoever is not placed may live where most do.
  return incident.consumers() == 0
             ? 0
             : most + std::max<int64_t>(incident.consumers() - placed, 0);
}

bool Applies(const v1::Deadline& deadline, const v1::Incident& incident) {
  const int64_t count = CountFor(deadline.step(), incident);
  return count == 0 || count >= deadline.from_consumers();
}

// Those of the policy's packs that hold on the day of discovery.
std::vector<const LawEntry*> RulesFor(const LawBook& book,
                                      const v1::Policy& policy,
                                      absl::CivilDay discovered) {
  std::vector<const LawEntry*> rules;
  for (const LawEntry& entry : book.entries()) {
    const bool is_named = std::find(policy.pack().begin(), policy.pack().end(),
                                    entry.pack->id()) != policy.pack().end();
    if (is_named && entry.HoldsOn(discovered)) rules.push_back(&entry);
  }
  return rules;
}

std::string OrMissing(const std::string& said, const v1::ContentItem& item,
                      IncidentNotice* notice) {
  if (!said.empty()) return said;
  notice->missing.push_back(item.text());
  return absl::StrCat("[to be filled in: ", item.text(), "]");
}

std::string WhatHappened(const v1::Incident& incident) {
  if (incident.what_happened().empty()) return "";
  std::string text = incident.what_happened();
  if (!incident.from_day().empty()) {
    absl::StrAppend(
        &text, "\nIt happened ",
        incident.to_day().empty() || incident.to_day() == incident.from_day()
            ? absl::StrCat("on ", incident.from_day())
            : absl::StrCat("from ", incident.from_day(), " to ",
                           incident.to_day()),
        ".");
  }
  absl::StrAppend(&text, "\nWe know of it since ", incident.discovered_on(),
                  ".");
  if (incident.third_party_size() > 0) {
    absl::StrAppend(&text, "\nWho got the data: ",
                    absl::StrJoin(incident.third_party(), "; "), ".");
  }
  return text;
}

enum class Way { kEmail, kSite, kPhone, kOther };

// Of which kind a way to reach somebody is: two addresses of one kind are one.
Way KindOf(absl::string_view way) {
  if (absl::StrContains(way, "://") ||
      absl::StartsWithIgnoreCase(way, "www.")) {
    return Way::kSite;
  }
  if (absl::StrContains(way, "@")) return Way::kEmail;
  const auto is_of_number = [](unsigned char c) {
    return absl::ascii_isdigit(c) || absl::StrContains("+-(). ", c);
  };
  return std::all_of(way.begin(), way.end(), is_of_number) ? Way::kPhone
                                                           : Way::kOther;
}

// Empty if there are ways of fewer than `at_least` kinds.
std::string WaysToReachUs(const v1::Policy& policy,
                          const v1::Incident& incident, int at_least) {
  std::vector<std::string> ways(incident.contact().begin(),
                                incident.contact().end());
  for (const std::string& way : {policy.contact_email(), policy.contact_url(),
                                 policy.contact_postal()}) {
    if (!way.empty()) ways.push_back(way);
  }
  std::set<Way> kinds;
  for (const std::string& way : ways) kinds.insert(KindOf(way));
  return static_cast<int>(kinds.size()) < at_least ? ""
                                                   : absl::StrJoin(ways, "\n");
}

// By when at the latest, where somebody else was told already: never later than
// they were.
absl::StatusOr<absl::CivilDay> NotAfter(const v1::Deadline& deadline,
                                        const v1::Incident& incident,
                                        absl::CivilDay last_day) {
  const std::string* const told_on = ToldOn(deadline.not_after(), incident);
  if (told_on == nullptr || told_on->empty()) return last_day;
  SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay told, ParseLawDay(*told_on));
  return std::min(last_day, told);
}

}  // namespace

absl::StatusOr<v1::Incident> ParseIncident(absl::string_view name,
                                           absl::string_view text) {
  TextprotoFile file(name, text);
  v1::Incident incident;
  SUBROSA_RETURN_IF_ERROR(file.Read(kMaxIncidentBytes, &incident));
  SUBROSA_RETURN_IF_ERROR(file.At(CheckIncident(incident)));
  return incident;
}

absl::StatusOr<std::vector<IncidentClock>> IncidentClocksOf(
    const LawBook& book, const v1::Policy& policy,
    const v1::Incident& incident) {
  SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay discovered,
                           ParseLawDay(incident.discovered_on()));
  std::vector<IncidentClock> clocks;
  std::set<const v1::LawPack*> told_at_once;
  const std::vector<const LawEntry*> rules = RulesFor(book, policy, discovered);
  for (const LawEntry* const entry : rules) {
    const v1::Deadline& deadline = entry->rule->deadline();
    if (deadline.step() == v1::CLOCK_STEP_NOTIFY_REGULATOR &&
        Applies(deadline, incident)) {
      told_at_once.insert(entry->pack);
    }
  }
  for (const LawEntry* const entry : rules) {
    const v1::Deadline& deadline = entry->rule->deadline();
    const std::string* const told_on = ToldOn(deadline.step(), incident);
    if (told_on == nullptr || !Applies(deadline, incident)) continue;
    if (deadline.step() == v1::CLOCK_STEP_LOG_TO_REGULATOR &&
        told_at_once.count(entry->pack) > 0) {
      continue;
    }
    IncidentClock& clock = clocks.emplace_back();
    clock.rule = entry;
    clock.step = deadline.step();
    const absl::CivilDay start = deadline.start() == v1::CLOCK_START_YEAR_END
                                     ? absl::CivilDay(discovered.year(), 12, 31)
                                     : discovered;
    SUBROSA_ASSIGN_OR_RETURN(clock.last_day,
                             LastDayOf(deadline.within(), start,
                                       book.FindCalendar(deadline.calendar())));
    SUBROSA_ASSIGN_OR_RETURN(clock.last_day,
                             NotAfter(deadline, incident, clock.last_day));
    clock.is_met = !told_on->empty();
    if (clock.is_met) {
      SUBROSA_ASSIGN_OR_RETURN(clock.met_on, ParseLawDay(*told_on));
    }
  }
  std::sort(clocks.begin(), clocks.end(),
            [](const IncidentClock& a, const IncidentClock& b) {
              return std::tie(a.is_met, a.last_day, a.rule->id) <
                     std::tie(b.is_met, b.last_day, b.rule->id);
            });
  return clocks;
}

absl::StatusOr<std::optional<SubstituteNotice>> SubstituteNoticeOf(
    const LawBook& book, const v1::Policy& policy,
    const v1::Incident& incident) {
  SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay discovered,
                           ParseLawDay(incident.discovered_on()));
  SubstituteNotice notice;
  for (const LawEntry* const entry : RulesFor(book, policy, discovered)) {
    const v1::Threshold& threshold = entry->rule->threshold();
    if (threshold.duty() == kSubstitute &&
        incident.unreachable() >= threshold.value()) {
      notice.rule = entry;
    }
    if (entry->rule->keeps().what() == kSubstitute) notice.stands = entry;
  }
  if (notice.rule == nullptr) return std::optional<SubstituteNotice>();
  if (notice.stands != nullptr && !incident.substitute_notice_on().empty()) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay since,
                             ParseLawDay(incident.substitute_notice_on()));
    SUBROSA_ASSIGN_OR_RETURN(
        notice.until, LastDayOf(notice.stands->rule->keeps().at_least(), since,
                                /*calendar=*/nullptr));
  }
  return std::optional<SubstituteNotice>(notice);
}

absl::StatusOr<IncidentNotice> WriteIncidentNotice(
    const LawBook& book, const v1::Policy& policy,
    const v1::Incident& incident) {
  SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay discovered,
                           ParseLawDay(incident.discovered_on()));
  const std::vector<const LawEntry*> rules = RulesFor(book, policy, discovered);
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [](const LawEntry* entry) {
        return entry->rule->contents().document() == kNotice;
      });
  if (rule == rules.end()) {
    return absl::FailedPreconditionError(
        "policy.pack: want a pack that has a notice of a breach written, as "
        "us-ftc-hbnr, got none");
  }
  IncidentNotice notice;
  notice.text = absl::StrCat(
      "Subject: A breach of the security of your health data\n\nThis is from ",
      policy.name().empty() ? policy.entity() : policy.name(), ".\n");
  for (const v1::ContentItem& item : (*rule)->rule->contents().item()) {
    std::string head = "More";
    std::string said;
    if (item.key() == "what-happened") {
      head = "What happened";
      said = WhatHappened(incident);
    } else if (item.key() == "data") {
      head = "Which kinds of your data";
      said = absl::StrJoin(incident.data(), ", ");
    } else if (item.key() == "steps") {
      head = "What you can do to protect yourself";
      said = incident.steps();
    } else if (item.key() == "entity") {
      head = "What we are doing";
      said = incident.measures();
    } else if (item.key() == "contact") {
      head = "How to reach us";
      said = WaysToReachUs(policy, incident, item.at_least());
    }
    absl::StrAppend(&notice.text, "\n", head, "\n",
                    OrMissing(said, item, &notice), "\n");
  }
  return notice;
}

}  // namespace subrosa
