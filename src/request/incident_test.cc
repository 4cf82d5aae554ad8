#include "src/request/incident.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"
#include "src/request/sample_request.h"
#include "subrosa/v1/incident.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr char kLaptop[] =
    "id: 'lost-laptop' discovered_on: '2026-11-20' from_day: '2026-11-18'"
    " what_happened: 'A laptop was stolen from a car.' data: 'names'"
    " data: 'medications' steps: 'Look at letters from your insurer.'"
    " measures: 'The laptop was locked from afar.' contact: '1-800-555-0100'"
    " consumers: 1200 residents { place: 'US-WA' consumers: 900 }"
    " residents { place: 'US-OR' consumers: 300 } ";

v1::Incident Parsed(const std::string& text) {
  const auto incident = ParseIncident("incident", text);
  EXPECT_TRUE(incident.ok()) << incident.status();
  return *incident;
}

v1::Policy FtcPolicy() {
  v1::Policy policy = SampleRequestPolicy();
  policy.add_pack("us-ftc-hbnr");
  return policy;
}

std::vector<IncidentClock> ClocksFor(const v1::Incident& incident) {
  const auto clocks = IncidentClocksOf(SampleLawBook(), FtcPolicy(), incident);
  EXPECT_TRUE(clocks.ok()) << clocks.status();
  return *clocks;
}

std::vector<std::string> RulesFor(const v1::Incident& incident) {
  std::vector<std::string> rules;
  for (const IncidentClock& clock : ClocksFor(incident)) {
    rules.push_back(clock.rule->id);
  }
  return rules;
}

// Covers: us-ftc-hbnr/breach, us-ftc-hbnr/individuals, us-ftc-hbnr/regulator,
//   us-ftc-hbnr/media
TEST(IncidentTest, ManyTheFtcAndTheMediaAreToldWithinSixtyDaysOfDiscovery) {
  const v1::Incident incident = Parsed(kLaptop);
  EXPECT_THAT(RulesFor(incident),
              ElementsAre("us-ftc-hbnr/individuals", "us-ftc-hbnr/media",
                          "us-ftc-hbnr/regulator"));
  for (const IncidentClock& clock : ClocksFor(incident)) {
    EXPECT_EQ(clock.last_day, absl::CivilDay(2027, 1, 19));
    EXPECT_FALSE(clock.IsLate(absl::CivilDay(2027, 1, 19)));
    EXPECT_TRUE(clock.IsLate(absl::CivilDay(2027, 1, 20)));
  }
}

// Covers: us-ftc-hbnr/yearly-log
TEST(IncidentTest, FewGoIntoTheLogOfTheYear) {
  v1::Incident incident = Parsed(kLaptop);
  incident.set_consumers(499);
  incident.clear_residents();
  EXPECT_THAT(RulesFor(incident),
              ElementsAre("us-ftc-hbnr/individuals", "us-ftc-hbnr/yearly-log"));
  EXPECT_EQ(ClocksFor(incident)[1].last_day, absl::CivilDay(2027, 3, 1));
}

TEST(IncidentTest, TheMediaCountTheResidentsOfOneState) {
  v1::Incident incident = Parsed(kLaptop);
  incident.set_consumers(600);
  incident.mutable_residents(0)->set_consumers(300);
  EXPECT_THAT(RulesFor(incident),
              ElementsAre("us-ftc-hbnr/individuals", "us-ftc-hbnr/regulator"));
  // Whoever is not placed may live where most do.
  incident.set_consumers(800);
  EXPECT_THAT(RulesFor(incident), SizeIs(3));
}

TEST(IncidentTest, HowManyIsNotKnownCountsAsMany) {
  EXPECT_THAT(RulesFor(Parsed("id: 'x' discovered_on: '2026-11-20'")),
              ElementsAre("us-ftc-hbnr/individuals", "us-ftc-hbnr/media",
                          "us-ftc-hbnr/regulator"));
}

TEST(IncidentTest, WhoWasToldIsDueNoMoreAndWhoWasToldLateShowsSo) {
  v1::Incident incident = Parsed(kLaptop);
  incident.set_consumers_told_on("2027-01-25");
  const std::vector<IncidentClock> clocks = ClocksFor(incident);
  EXPECT_EQ(clocks.back().rule->id, "us-ftc-hbnr/individuals");
  EXPECT_TRUE(clocks.back().is_met);
  EXPECT_TRUE(clocks.back().IsLate(absl::CivilDay(2026, 12, 1)));
  EXPECT_FALSE(clocks.front().is_met);
}

// 16 CFR 318.4(b): contemporaneously with the notice to individuals.
// Covers: us-ftc-hbnr/regulator
TEST(IncidentTest, TheFtcIsToldNoLaterThanConsumersAre) {
  v1::Incident incident = Parsed(kLaptop);
  incident.set_consumers_told_on("2026-11-25");
  const std::vector<IncidentClock> clocks = ClocksFor(incident);
  EXPECT_EQ(clocks.front().rule->id, "us-ftc-hbnr/regulator");
  EXPECT_EQ(clocks.front().last_day, absl::CivilDay(2026, 11, 25));
  EXPECT_TRUE(clocks.front().IsLate(absl::CivilDay(2026, 11, 26)));
  // The media have the whole period.
  EXPECT_EQ(clocks[1].rule->id, "us-ftc-hbnr/media");
  EXPECT_EQ(clocks[1].last_day, absl::CivilDay(2027, 1, 19));
}

TEST(IncidentTest, WhoTellsConsumersTooLateGivesTheFtcNoMoreTime) {
  v1::Incident incident = Parsed(kLaptop);
  incident.set_consumers_told_on("2027-02-25");
  EXPECT_EQ(ClocksFor(incident).front().last_day, absl::CivilDay(2027, 1, 19));
}

TEST(IncidentTest, TwoAddressesOfOneKindAreOneWayToReachSomebody) {
  v1::Policy policy = FtcPolicy();
  policy.clear_contact_url();
  policy.clear_contact_postal();
  v1::Incident incident = Parsed(kLaptop);
  incident.set_contact(0, "help@rosewater.example");
  const auto missing = [&] {
    return WriteIncidentNotice(SampleLawBook(), policy, incident)
        ->missing.size();
  };
  EXPECT_EQ(missing(), 1u);
  incident.add_contact("+1 (800) 555-0100");
  EXPECT_EQ(missing(), 0u);
}

TEST(IncidentTest, NoClockRunsWithoutAPackThatSetsOne) {
  const auto clocks =
      IncidentClocksOf(SampleLawBook(), SampleRequestPolicy(), Parsed(kLaptop));
  EXPECT_THAT(*clocks, IsEmpty());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      WriteIncidentNotice(SampleLawBook(), SampleRequestPolicy(),
                          Parsed(kLaptop))
          .status()));
}

// Covers: us-ftc-hbnr/notice
TEST(IncidentTest, ANoticeSaysAllThatTheRuleAsksFor) {
  const auto notice =
      WriteIncidentNotice(SampleLawBook(), FtcPolicy(), Parsed(kLaptop));
  ASSERT_TRUE(notice.ok()) << notice.status();
  EXPECT_THAT(notice->missing, IsEmpty());
  for (const char* text :
       {"stolen from a car", "on 2026-11-18", "since 2026-11-20",
        "names, medications", "letters from your insurer", "locked from afar",
        "1-800-555-0100\nprivacy@rosewater.example", "from Rosewater."}) {
    EXPECT_THAT(notice->text, HasSubstr(text));
  }
  EXPECT_THAT(notice->text, Not(HasSubstr("[to be")));
}

TEST(IncidentTest, WhatANoticeLacksIsSaidWithTheRulesWords) {
  v1::Policy policy = FtcPolicy();
  policy.clear_contact_url();
  const auto notice = WriteIncidentNotice(
      SampleLawBook(), policy, Parsed("id: 'x' discovered_on: '2026-11-20'"));
  ASSERT_TRUE(notice.ok());
  EXPECT_THAT(notice->missing, SizeIs(5));
  EXPECT_THAT(notice->text,
              HasSubstr("[to be filled in: the types of data involved]"));
}

// Covers: us-ftc-hbnr/substitute-notice, us-ftc-hbnr/substitute-notice-stands
TEST(IncidentTest, WhereTenCannotBeReachedANoticeToAllStandsForNinetyDays) {
  const auto notice_of = [](const std::string& more) {
    const auto notice = SubstituteNoticeOf(SampleLawBook(), FtcPolicy(),
                                           Parsed(kLaptop + more));
    EXPECT_TRUE(notice.ok()) << notice.status();
    return *notice;
  };
  EXPECT_FALSE(notice_of("").has_value());
  EXPECT_FALSE(notice_of("unreachable: 9").has_value());
  const auto owed = notice_of("unreachable: 10");
  ASSERT_TRUE(owed.has_value());
  EXPECT_EQ(owed->rule->id, "us-ftc-hbnr/substitute-notice");
  EXPECT_FALSE(owed->until.has_value());
  const auto stands =
      notice_of("unreachable: 10 substitute_notice_on: '2026-12-01'");
  EXPECT_EQ(stands->stands->id, "us-ftc-hbnr/substitute-notice-stands");
  EXPECT_EQ(stands->until, absl::CivilDay(2027, 3, 1));
}

TEST(IncidentTest, WithoutAPackThatAsksForItNoNoticeToAllIsOwed) {
  EXPECT_FALSE(
      SubstituteNoticeOf(SampleLawBook(), SampleRequestPolicy(),
                         Parsed(kLaptop + std::string("unreachable: 99")))
          ->has_value());
}

TEST(IncidentTest, WhatIsNoIncidentIsRefusedWithItsField) {
  const std::string head = "id: 'x' discovered_on: '2026-11-20' ";
  for (const auto& [text, field] :
       std::vector<std::pair<std::string, std::string>>{
           {"discovered_on: '2026-11-20'", "incident.id"},
           {"id: 'x'", "incident.discovered_on"},
           {"id: 'x' discovered_on: '2026-02-30'", "incident.discovered_on"},
           {head + "from_day: 'May'", "incident.from_day"},
           {head + "from_day: '2026-11-02' to_day: '2026-11-01'",
            "incident.to_day"},
           {head + "consumers: -1", "incident.consumers"},
           {head + "unreachable: -1", "incident.unreachable"},
           {head + "consumers: 5 unreachable: 6", "incident.unreachable"},
           {head + "substitute_notice_on: 'May'",
            "incident.substitute_notice_on"},
           {head + "data: ''", "incident.data"},
           {head + "steps: 'a\\tb'", "incident.steps"},
           {head + "residents { place: 'Ohio' consumers: 1 }",
            "incident.residents.place"},
           {head + "residents { place: 'US-WA' }", "incident.residents"},
           {head + "residents { place: 'US-WA' consumers: 1 }"
                   "residents { place: 'US-WA' consumers: 2 }",
            "incident.residents"},
           {head + "regulator_told_on: '2026-11-19'",
            "incident.regulator_told_on"},
           {head + "measures: '" + std::string(4097, 'x') + "'",
            "incident.measures"},
           {"id: 'x' when: 'now'", "when"}}) {
    const auto incident = ParseIncident("incident", text);
    EXPECT_TRUE(absl::IsInvalidArgument(incident.status())) << text;
    EXPECT_THAT(std::string(incident.status().message()), HasSubstr(field));
  }
  EXPECT_FALSE(
      ParseIncident("x", std::string(kMaxIncidentBytes + 1, ' ')).ok());
}

}  // namespace
}  // namespace subrosa
