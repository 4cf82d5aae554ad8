#include "src/law/law_text.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "google/protobuf/repeated_field.h"

namespace subrosa {
namespace {

using google::protobuf::EnumDescriptor;

// "REQUEST_KIND_OPT_OUT" of RequestKind: "opt-out".
std::string WordsOf(const EnumDescriptor* type, int number) {
  const auto* const value = type->FindValueByNumber(number);
  if (value == nullptr) return "unknown";
  // All values of a type begin as its zero does.
  const std::string& zero = type->FindValueByNumber(0)->name();
  const size_t prefix = zero.size() - std::string("UNSPECIFIED").size();
  return absl::StrReplaceAll(
      absl::AsciiStrToLower(value->name().substr(prefix)), {{"_", "-"}});
}

template <typename E>
std::string Words(E value) {
  return WordsOf(google::protobuf::GetEnumDescriptor<E>(), value);
}

template <typename E>
std::string WordsOfAll(const google::protobuf::RepeatedField<int>& values) {
  std::vector<std::string> words;
  for (const int value : values) words.push_back(Words(static_cast<E>(value)));
  return absl::StrJoin(words, ", ");
}

using Lines = std::vector<std::string>;

void AddAges(int from, int to, Lines* lines) {
  if (from == 0 && to == 0) return;
  lines->push_back(absl::StrCat(
      "ages: ", from == 0 ? "" : absl::StrCat("from ", from),
      from != 0 && to != 0 ? " " : "", to == 0 ? "" : absl::StrCat("to ", to)));
}

template <typename E>
void AddKinds(absl::string_view name,
              const google::protobuf::RepeatedField<int>& values,
              Lines* lines) {
  if (values.empty()) return;
  lines->push_back(absl::StrCat(name, ": ", WordsOfAll<E>(values)));
}

Lines NamesLines(const v1::Names& names) {
  Lines lines;
  AddKinds<v1::HealthCategory>("health", names.health(), &lines);
  AddKinds<v1::PersonalCategory>("personal", names.personal(), &lines);
  AddKinds<v1::SensitiveCategory>("sensitive", names.sensitive(), &lines);
  AddKinds<v1::IdentifierKind>("identifiers", names.identifier(), &lines);
  return lines;
}

Lines ScopeLines(const v1::Scope& scope) {
  Lines lines = {scope.also_place_of_collection()
                     ? "protects residents, and whoever's data is collected "
                       "there"
                     : "protects residents"};
  if (!scope.exempt().empty()) {
    lines.push_back(
        absl::StrCat("leaves out: ", absl::StrJoin(scope.exempt(), ", ")));
  }
  return lines;
}

Lines PermitsLines(const v1::Permits& permits) {
  Lines lines = {
      absl::StrCat("actions: ", WordsOfAll<v1::Action>(permits.action())),
      absl::StrCat("any of the grounds: ",
                   WordsOfAll<v1::Ground>(permits.ground()))};
  if (permits.separate()) lines.push_back("apart from every other choice");
  AddKinds<v1::HealthCategory>("only", permits.health(), &lines);
  if (!permits.not_to().empty()) {
    lines.push_back(absl::StrCat("does not count where it goes to: ",
                                 absl::StrJoin(permits.not_to(), ", ")));
  }
  AddAges(permits.age_from(), permits.age_to(), &lines);
  if (!permits.actor().empty()) {
    lines.push_back(absl::StrCat("chosen by: ", permits.actor()));
  }
  return lines;
}

Lines BansLines(const v1::Bans& bans) {
  Lines lines = {
      absl::StrCat("unlawful: ", WordsOfAll<v1::Action>(bans.action()))};
  AddKinds<v1::HealthCategory>("only", bans.health(), &lines);
  AddAges(bans.age_from(), bans.age_to(), &lines);
  return lines;
}

Lines GeofenceLines(const v1::Geofence& geofence) {
  return {absl::StrCat("within ", geofence.feet(),
                       " feet of: ", absl::StrJoin(geofence.facility(), ", ")),
          absl::StrCat("to: ", absl::StrJoin(geofence.purpose(), ", "))};
}

Lines DeadlineLines(const v1::Deadline& deadline) {
  Lines lines;
  if (!deadline.request().empty()) {
    lines.push_back(absl::StrCat(
        "requests: ", WordsOfAll<v1::RequestKind>(deadline.request())));
  }
  std::string clock = absl::StrCat(Words(deadline.step()), " within ",
                                   PeriodText(deadline.within()), " of ",
                                   Words(deadline.start()));
  if (deadline.has_extension()) {
    absl::StrAppend(&clock, "; one extension of ",
                    PeriodText(deadline.extension()));
  }
  if (deadline.not_after() != v1::CLOCK_STEP_UNSPECIFIED) {
    absl::StrAppend(&clock,
                    "; not after the day of: ", Words(deadline.not_after()));
  }
  lines.push_back(clock);
  if (!deadline.calendar().empty()) {
    lines.push_back(
        absl::StrCat("business days by the calendar: ", deadline.calendar()));
  }
  if (deadline.from_consumers() != 0) {
    lines.push_back(
        absl::StrCat("from ", deadline.from_consumers(), " consumers on"));
  }
  return lines;
}

Lines ItemLines(
    const std::string& first,
    const google::protobuf::RepeatedPtrField<v1::ContentItem>& items) {
  Lines lines = {first};
  for (const v1::ContentItem& item : items) {
    lines.push_back(
        absl::StrCat("- ", item.key(), ": ", item.text(),
                     item.at_least() == 0
                         ? ""
                         : absl::StrCat(" (at least ", item.at_least(), ")")));
  }
  return lines;
}

Lines KeepsLines(const v1::Keeps& keeps) {
  Lines lines = {absl::StrCat(
      "keep ", keeps.what(),
      keeps.has_at_least()
          ? absl::StrCat(" at least ", PeriodText(keeps.at_least()))
          : "",
      keeps.has_at_most()
          ? absl::StrCat(" at most ", PeriodText(keeps.at_most()))
          : "",
      " from ", Words(keeps.start()))};
  if (!keeps.by().empty()) {
    lines.push_back(absl::StrCat("by: ", absl::StrJoin(keeps.by(), ", ")));
  }
  return lines;
}

Lines FrequencyLines(const v1::Frequency& frequency) {
  Lines lines = {
      absl::StrCat(frequency.what(), ": ", frequency.times(),
                   frequency.times() == 1 ? " time in " : " times in ",
                   PeriodText(frequency.per()))};
  AddKinds<v1::RequestKind>("requests", frequency.request(), &lines);
  if (frequency.fee_alone()) {
    lines.push_back("beyond that a fee may be charged, and nothing refused");
  }
  return lines;
}

Lines AuthenticationLines(const v1::Authentication& authentication) {
  Lines lines = {absl::StrCat(
      "requests: ", WordsOfAll<v1::RequestKind>(authentication.request()))};
  if (authentication.existing_account()) {
    lines.push_back("by the existing account");
    return lines;
  }
  lines.push_back(authentication.data_points() == 0
                      ? "no identity is asked for"
                      : absl::StrCat(authentication.data_points(),
                                     " data points that match"));
  if (authentication.signed_declaration()) {
    lines.push_back("and a signed declaration");
  }
  return lines;
}

}  // namespace

std::string RoomText(v1::Room room) { return Words(room); }

std::string LawCertaintyText(v1::TextCertainty certainty) {
  switch (certainty) {
    case v1::TEXT_CERTAINTY_STATUTE_READ:
      return "statute read";
    case v1::TEXT_CERTAINTY_SECONDARY:
      return "secondary source";
    default:
      return "from memory: check";
  }
}

std::string PeriodText(const v1::Period& period) {
  std::string unit = absl::StrReplaceAll(Words(period.unit()), {{"-", " "}});
  if (period.count() == 1) unit.pop_back();  // Each unit ends in an s.
  return absl::StrCat(period.count(), " ", unit);
}

std::string LeftOutText(const v1::LeftOut& left_out) {
  return absl::StrCat(left_out.citation(), ": ", left_out.text());
}

absl::string_view DemandName(const v1::LawRule& rule) {
  switch (rule.demand_case()) {
    case v1::LawRule::kNames:
      return "kinds of data";
    case v1::LawRule::kScope:
      return "scope";
    case v1::LawRule::kPermits:
      return "ground";
    case v1::LawRule::kBans:
      return "ban";
    case v1::LawRule::kGeofence:
      return "geofence";
    case v1::LawRule::kNotConsent:
      return "no consent";
    case v1::LawRule::kConsentBy:
      return "acts of consent";
    case v1::LawRule::kDeadline:
      return "deadline";
    case v1::LawRule::kContents:
      return "contents";
    case v1::LawRule::kDefects:
      return "defects";
    case v1::LawRule::kKeeps:
      return "keeping";
    case v1::LawRule::kFrequency:
      return "frequency";
    case v1::LawRule::kAuthentication:
      return "authentication";
    case v1::LawRule::kThreshold:
      return "threshold";
    case v1::LawRule::kDuty:
      return "duty";
    case v1::LawRule::DEMAND_NOT_SET:
      break;
  }
  return "none";
}

std::vector<std::string> DemandLines(const v1::LawRule& rule) {
  switch (rule.demand_case()) {
    case v1::LawRule::kNames:
      return NamesLines(rule.names());
    case v1::LawRule::kScope:
      return ScopeLines(rule.scope());
    case v1::LawRule::kPermits:
      return PermitsLines(rule.permits());
    case v1::LawRule::kBans:
      return BansLines(rule.bans());
    case v1::LawRule::kGeofence:
      return GeofenceLines(rule.geofence());
    case v1::LawRule::kNotConsent:
      return {absl::StrCat("no consent by: ",
                           absl::StrJoin(rule.not_consent().method(), ", "))};
    case v1::LawRule::kConsentBy:
      return {absl::StrCat("consent by: ",
                           absl::StrJoin(rule.consent_by().method(), ", "))};
    case v1::LawRule::kDeadline:
      return DeadlineLines(rule.deadline());
    case v1::LawRule::kContents:
      return ItemLines(
          absl::StrCat(
              rule.contents().document(),
              rule.contents().role().empty() ? "" : " with each ",
              absl::StrJoin(rule.contents().role(), " or "), " holds",
              rule.contents().nothing_else() ? ", and nothing else" : "",
              rule.contents().collected_since().empty() ? "" : ", since ",
              rule.contents().collected_since(), ":"),
          rule.contents().item());
    case v1::LawRule::kDefects:
      return ItemLines(absl::StrCat(rule.defects().document(), " is void if:"),
                       rule.defects().item());
    case v1::LawRule::kKeeps:
      return KeepsLines(rule.keeps());
    case v1::LawRule::kFrequency:
      return FrequencyLines(rule.frequency());
    case v1::LawRule::kAuthentication:
      return AuthenticationLines(rule.authentication());
    case v1::LawRule::kThreshold:
      return {absl::StrCat(rule.threshold().duty(), ": ",
                           rule.threshold().value())};
    case v1::LawRule::kDuty:
      return {rule.duty().duty()};
    case v1::LawRule::DEMAND_NOT_SET:
      break;
  }
  return {};
}

}  // namespace subrosa
