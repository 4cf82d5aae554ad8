#include "src/law/demand_check.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

using google::protobuf::RepeatedPtrField;

constexpr int kMaxPeriod = 10'000;
constexpr int kMaxAge = 150;

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

absl::Status Require(bool holds, absl::string_view path,
                     absl::string_view want) {
  return holds ? absl::OkStatus() : Wrong(path, want, "none");
}

absl::Status CheckPeriod(absl::string_view path, const v1::Period& period) {
  if (period.count() < 1 || period.count() > kMaxPeriod) {
    return Wrong(absl::StrCat(path, ".count"),
                 absl::StrCat("1 to ", kMaxPeriod),
                 absl::StrCat(period.count()));
  }
  return Require(period.unit() != v1::PERIOD_UNIT_UNSPECIFIED,
                 absl::StrCat(path, ".unit"), "one");
}

absl::Status CheckAges(absl::string_view path, int from, int to) {
  if (from < 0 || from > kMaxAge || to < 0 || to > kMaxAge) {
    return Wrong(absl::StrCat(path, ".age_from"),
                 absl::StrCat("ages of 0 to ", kMaxAge), "another");
  }
  return to == 0 || from <= to
             ? absl::OkStatus()
             : Wrong(absl::StrCat(path, ".age_to"),
                     "an age that is not below age_from", "one that is");
}

absl::Status CheckSlugs(absl::string_view path,
                        const RepeatedPtrField<std::string>& slugs) {
  for (int i = 0; i < slugs.size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(
        CheckSlug(absl::StrCat(path, "[", i, "]"), slugs[i]));
  }
  return absl::OkStatus();
}

absl::Status CheckItems(absl::string_view path,
                        const RepeatedPtrField<v1::ContentItem>& items) {
  SUBROSA_RETURN_IF_ERROR(Require(!items.empty(), path, "at least one"));
  std::set<std::string> keys;
  for (int i = 0; i < items.size(); ++i) {
    const std::string at = absl::StrCat(path, "[", i, "]");
    SUBROSA_RETURN_IF_ERROR(
        CheckSlug(absl::StrCat(at, ".key"), items[i].key()));
    SUBROSA_RETURN_IF_ERROR(
        Require(!items[i].text().empty(), absl::StrCat(at, ".text"), "words"));
    if (!keys.insert(items[i].key()).second) {
      return Wrong(absl::StrCat(at, ".key"), "one that no other item has",
                   items[i].key());
    }
    if (items[i].at_least() < 0) {
      return Wrong(absl::StrCat(at, ".at_least"), "0 or more", "less");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckNames(const v1::Names& names) {
  return Require(names.health_size() + names.personal_size() +
                         names.sensitive_size() + names.identifier_size() >
                     0,
                 "names", "at least one kind of data");
}

absl::Status CheckPermits(const v1::Permits& permits) {
  SUBROSA_RETURN_IF_ERROR(
      Require(permits.action_size() > 0, "permits.action", "at least one"));
  SUBROSA_RETURN_IF_ERROR(
      Require(permits.ground_size() > 0, "permits.ground", "at least one"));
  SUBROSA_RETURN_IF_ERROR(CheckSlugs("permits.not_to", permits.not_to()));
  return CheckAges("permits", permits.age_from(), permits.age_to());
}

absl::Status CheckBans(const v1::Bans& bans) {
  SUBROSA_RETURN_IF_ERROR(
      Require(bans.action_size() > 0, "bans.action", "at least one"));
  return CheckAges("bans", bans.age_from(), bans.age_to());
}

absl::Status CheckGeofence(const v1::Geofence& geofence) {
  if (geofence.feet() < 1) {
    return Wrong("geofence.feet", "at least 1", absl::StrCat(geofence.feet()));
  }
  SUBROSA_RETURN_IF_ERROR(Require(geofence.facility_size() > 0,
                                  "geofence.facility", "at least one"));
  SUBROSA_RETURN_IF_ERROR(
      Require(geofence.purpose_size() > 0, "geofence.purpose", "at least one"));
  SUBROSA_RETURN_IF_ERROR(CheckSlugs("geofence.facility", geofence.facility()));
  return CheckSlugs("geofence.purpose", geofence.purpose());
}

absl::Status CheckDeadline(const v1::Deadline& deadline) {
  SUBROSA_RETURN_IF_ERROR(Require(deadline.step() != v1::CLOCK_STEP_UNSPECIFIED,
                                  "deadline.step", "what the clock runs for"));
  SUBROSA_RETURN_IF_ERROR(
      Require(deadline.start() != v1::CLOCK_START_UNSPECIFIED, "deadline.start",
              "what starts the clock"));
  SUBROSA_RETURN_IF_ERROR(CheckPeriod("deadline.within", deadline.within()));
  bool counts_business_days =
      deadline.within().unit() == v1::PERIOD_UNIT_BUSINESS_DAYS;
  if (deadline.has_extension()) {
    SUBROSA_RETURN_IF_ERROR(
        CheckPeriod("deadline.extension", deadline.extension()));
    counts_business_days |=
        deadline.extension().unit() == v1::PERIOD_UNIT_BUSINESS_DAYS;
  }
  if (counts_business_days) {
    SUBROSA_RETURN_IF_ERROR(
        CheckSlug("deadline.calendar", deadline.calendar()));
  }
  if (deadline.not_after() == deadline.step()) {
    return Wrong("deadline.not_after", "another step than its own", "that");
  }
  return deadline.from_consumers() >= 0
             ? absl::OkStatus()
             : Wrong("deadline.from_consumers", "0 or more", "less");
}

absl::Status CheckKeeps(const v1::Keeps& keeps) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("keeps.what", keeps.what()));
  SUBROSA_RETURN_IF_ERROR(Require(keeps.has_at_least() || keeps.has_at_most(),
                                  "keeps.at_least", "a period"));
  if (keeps.has_at_least()) {
    SUBROSA_RETURN_IF_ERROR(CheckPeriod("keeps.at_least", keeps.at_least()));
  }
  if (keeps.has_at_most()) {
    SUBROSA_RETURN_IF_ERROR(CheckPeriod("keeps.at_most", keeps.at_most()));
  }
  SUBROSA_RETURN_IF_ERROR(Require(keeps.start() != v1::CLOCK_START_UNSPECIFIED,
                                  "keeps.start", "what starts the clock"));
  return CheckSlugs("keeps.by", keeps.by());
}

absl::Status CheckFrequency(const v1::Frequency& frequency) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("frequency.what", frequency.what()));
  if (frequency.times() < 1) {
    return Wrong("frequency.times", "at least 1",
                 absl::StrCat(frequency.times()));
  }
  return CheckPeriod("frequency.per", frequency.per());
}

absl::Status CheckAuthentication(const v1::Authentication& authentication) {
  SUBROSA_RETURN_IF_ERROR(Require(authentication.request_size() > 0,
                                  "authentication.request", "at least one"));
  return authentication.data_points() >= 0 && authentication.data_points() <= 9
             ? absl::OkStatus()
             : Wrong("authentication.data_points", "0 to 9", "another");
}

absl::Status CheckThreshold(const v1::Threshold& threshold) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("threshold.duty", threshold.duty()));
  return threshold.value() > 0 ? absl::OkStatus()
                               : Wrong("threshold.value", "above 0", "less");
}

}  // namespace

absl::Status CheckDemand(const v1::LawRule& rule) {
  switch (rule.demand_case()) {
    case v1::LawRule::kNames:
      return CheckNames(rule.names());
    case v1::LawRule::kScope:
      return CheckSlugs("scope.exempt", rule.scope().exempt());
    case v1::LawRule::kPermits:
      return CheckPermits(rule.permits());
    case v1::LawRule::kBans:
      return CheckBans(rule.bans());
    case v1::LawRule::kGeofence:
      return CheckGeofence(rule.geofence());
    case v1::LawRule::kNotConsent:
      SUBROSA_RETURN_IF_ERROR(Require(rule.not_consent().method_size() > 0,
                                      "not_consent.method", "at least one"));
      return CheckSlugs("not_consent.method", rule.not_consent().method());
    case v1::LawRule::kConsentBy:
      SUBROSA_RETURN_IF_ERROR(Require(rule.consent_by().method_size() > 0,
                                      "consent_by.method", "at least one"));
      return CheckSlugs("consent_by.method", rule.consent_by().method());
    case v1::LawRule::kDeadline:
      return CheckDeadline(rule.deadline());
    case v1::LawRule::kContents:
      SUBROSA_RETURN_IF_ERROR(
          CheckSlug("contents.document", rule.contents().document()));
      SUBROSA_RETURN_IF_ERROR(
          CheckSlugs("contents.role", rule.contents().role()));
      return CheckItems("contents.item", rule.contents().item());
    case v1::LawRule::kDefects:
      SUBROSA_RETURN_IF_ERROR(
          CheckSlug("defects.document", rule.defects().document()));
      return CheckItems("defects.item", rule.defects().item());
    case v1::LawRule::kKeeps:
      return CheckKeeps(rule.keeps());
    case v1::LawRule::kFrequency:
      return CheckFrequency(rule.frequency());
    case v1::LawRule::kAuthentication:
      return CheckAuthentication(rule.authentication());
    case v1::LawRule::kThreshold:
      return CheckThreshold(rule.threshold());
    case v1::LawRule::kDuty:
      return CheckSlug("duty.duty", rule.duty().duty());
    case v1::LawRule::DEMAND_NOT_SET:
      return Wrong("demand", "one of names, permits, deadline, ...", "none");
  }
  return absl::OkStatus();
}

}  // namespace subrosa
