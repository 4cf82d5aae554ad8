#include "src/request/request_clocks.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/request/request_machine.h"
#include "src/request/sample_request.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<RequestClock> Clocks(const v1::Request& request) {
  return ClocksOf(SampleRequestLaw(), request, MachineOf(request).value())
      .value();
}

std::string StateText(ClockState state) {
  switch (state) {
    case ClockState::kRunning:
      return "";
    case ClockState::kWaiting:
      return " waits";
    case ClockState::kMet:
      return " met";
    case ClockState::kElsewhere:
      return " elsewhere";
  }
  return " ?";
}

// "wa-mhmda/respond 2027-01-15", in order.
std::vector<std::string> Lines(const v1::Request& request) {
  std::vector<std::string> lines;
  for (const RequestClock& clock : Clocks(request)) {
    lines.push_back(absl::StrCat(
        clock.rule->id,
        clock.state == ClockState::kWaiting
            ? ""
            : absl::StrCat(" ", absl::FormatCivilTime(clock.last_day)),
        StateText(clock.state)));
  }
  return lines;
}

constexpr auto kDelete = v1::REQUEST_KIND_DELETE;
constexpr auto kAuthenticated = v1::REQUEST_EVENT_KIND_AUTHENTICATED;
constexpr auto kExtended = v1::REQUEST_EVENT_KIND_EXTENDED;

const absl::Time kReceivedAt = InLosAngeles("2026-12-01 09:30");

// Covers: wa-mhmda/respond, wa-mhmda/delete, wa-mhmda/delete-backups
TEST(RequestClocksTest, WashingtonsClocksRunFromReceiptWhoeverIsAuthenticated) {
  const v1::Request request = SampleRequest(kDelete, "US-WA", kReceivedAt);
  EXPECT_THAT(Lines(request), ElementsAre("wa-mhmda/delete 2027-01-15",
                                          "wa-mhmda/respond 2027-01-15",
                                          "wa-mhmda/delete-backups waits"));

  EXPECT_THAT(
      Lines(With(request,
                 StepAt(InLosAngeles("2026-12-20 08:00"), kAuthenticated))),
      ElementsAre("wa-mhmda/delete 2027-01-15", "wa-mhmda/respond 2027-01-15",
                  "wa-mhmda/delete-backups 2027-06-20 elsewhere"));
}

// Covers: nv-sb370/delete, nv-sb370/delete-backups,
//     nv-sb370/delete-recipients, nv-sb370/notify-recipients, nv-sb370/respond
TEST(RequestClocksTest, NevadasClocksWaitForAuthenticationAndNotice) {
  v1::Request request = SampleRequest(kDelete, "US-NV", kReceivedAt);
  EXPECT_THAT(Lines(request), ElementsAre("nv-sb370/delete waits",
                                          "nv-sb370/delete-backups waits",
                                          "nv-sb370/delete-recipients waits",
                                          "nv-sb370/notify-recipients waits",
                                          "nv-sb370/respond waits"));
  EXPECT_EQ(StrictestOf(Clocks(request)), nullptr);

  request =
      With(request, StepAt(InLosAngeles("2026-12-10 08:00"), kAuthenticated));
  request = With(request, PartStepAt(InLosAngeles("2026-12-12 08:00"),
                                     v1::REQUEST_EVENT_KIND_PART_SENT, "acme"));
  EXPECT_THAT(Lines(request),
              ElementsAre("nv-sb370/delete 2027-01-09",
                          "nv-sb370/delete-recipients 2027-01-11",
                          "nv-sb370/respond 2027-01-24",
                          "nv-sb370/notify-recipients 2027-01-09 met",
                          "nv-sb370/delete-backups 2028-12-10 elsewhere"));
}

// The store is done and nobody was told: two duties are open.
TEST(RequestClocksTest, ANevadanWhoseRecipientsNobodyToldIsNotForgotten) {
  v1::Request request = SampleRequest(kDelete, "US-NV", kReceivedAt);
  request =
      With(request, StepAt(InLosAngeles("2026-12-02 08:00"), kAuthenticated));
  const absl::Time done = InLosAngeles("2026-12-04 08:00");
  request = With(request,
                 PartStepAt(done, v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  request = With(request,
                 PartStepAt(done, v1::REQUEST_EVENT_KIND_PART_DONE, "records"));
  v1::RequestEvent untold =
      PartStepAt(done, v1::REQUEST_EVENT_KIND_PART_SENT, "acme");
  untold.set_not_reached(true);
  request = With(request, untold);

  const std::vector<RequestClock> clocks = Clocks(request);
  ASSERT_NE(StrictestOf(clocks), nullptr);
  EXPECT_EQ(StrictestOf(clocks)->rule->id, "nv-sb370/notify-recipients");
  EXPECT_TRUE(StrictestOf(clocks)->IsLate(InLosAngeles("2027-01-02 00:00")));
  EXPECT_EQ(clocks[1].rule->id, "nv-sb370/respond");
  EXPECT_EQ(clocks[1].last_day, absl::CivilDay(2027, 1, 16));
  // Its own period begins when it is reached.
  EXPECT_EQ(clocks[2].rule->id, "nv-sb370/delete-recipients");
  EXPECT_EQ(clocks[2].state, ClockState::kWaiting);
  EXPECT_THAT(
      FindLateParts(SampleRequestLaw(), request, MachineOf(request).value(),
                    InLosAngeles("2027-01-02 00:00"))
          .value(),
      ElementsAre("acme"));

  request = With(request, PartStepAt(InLosAngeles("2026-12-20 08:00"),
                                     v1::REQUEST_EVENT_KIND_PART_SENT, "acme"));
  EXPECT_THAT(Lines(request),
              ElementsAre("nv-sb370/respond 2027-01-16",
                          "nv-sb370/delete-recipients 2027-01-19",
                          "nv-sb370/delete 2027-01-01 met",
                          "nv-sb370/notify-recipients 2027-01-01 met",
                          "nv-sb370/delete-backups 2028-12-02 elsewhere"));
}

TEST(RequestClocksTest, WhereThereWasNobodyToTellTheAnswerShowsIt) {
  v1::Request request = SampleRequest(kDelete, "US-NV", kReceivedAt);
  const absl::Time done = InLosAngeles("2026-12-04 08:00");
  request = With(request, StepAt(done, kAuthenticated));
  for (const auto kind :
       {v1::REQUEST_EVENT_KIND_PART_SENT, v1::REQUEST_EVENT_KIND_PART_DONE}) {
    request = With(request, PartStepAt(done, kind, "records"));
  }
  EXPECT_EQ(StrictestOf(Clocks(request))->rule->id,
            "nv-sb370/notify-recipients");
  const absl::Time answered = InLosAngeles("2027-01-15 08:00");
  request = With(request, StepAt(answered, v1::REQUEST_EVENT_KIND_COMPLETED));
  for (const RequestClock& clock : Clocks(request)) {
    EXPECT_FALSE(clock.IsLate(answered)) << clock.rule->id;
  }
}

TEST(RequestClocksTest, AnExtensionInNevadaLengthensTheAnswerAlone) {
  v1::Request request = SampleRequest(kDelete, "US-NV", kReceivedAt);
  request =
      With(request, StepAt(InLosAngeles("2026-12-02 08:00"), kAuthenticated));
  EXPECT_TRUE(
      CheckExtension(Clocks(request), InLosAngeles("2026-12-20 08:00")).ok());
  request = With(request, StepAt(InLosAngeles("2026-12-20 08:00"), kExtended));
  EXPECT_THAT(Lines(request),
              ElementsAre("nv-sb370/delete 2027-01-01",
                          "nv-sb370/notify-recipients 2027-01-01",
                          "nv-sb370/respond 2027-03-02",
                          "nv-sb370/delete-recipients waits",
                          "nv-sb370/delete-backups 2028-12-02 elsewhere"));
}

// Covers: nv-sb370/respond
TEST(RequestClocksTest, NevadaAnswersAListOfRecipientsWithinItsOwnPeriod) {
  v1::Request request =
      SampleRequest(v1::REQUEST_KIND_THIRD_PARTIES, "US-NV", kReceivedAt);
  request =
      With(request, StepAt(InLosAngeles("2026-12-10 08:00"), kAuthenticated));
  EXPECT_THAT(Lines(request), ElementsAre("nv-sb370/respond 2027-01-24"));
}

// Covers: ca-ccpa/acknowledge, ca-ccpa/respond, ca-ccpa/delete
TEST(RequestClocksTest, CaliforniaCountsItsAcknowledgementInBusinessDays) {
  // Ten days over Christmas, New Year and a Sunday.
  const v1::Request request =
      SampleRequest(kDelete, "US-CA", InLosAngeles("2026-12-17 16:59"));
  EXPECT_THAT(Lines(request), ElementsAre("ca-ccpa/acknowledge 2026-12-30",
                                          "ca-ccpa/delete 2027-01-31",
                                          "ca-ccpa/respond 2027-01-31"));
  EXPECT_THAT(
      Lines(With(request, StepAt(InLosAngeles("2026-12-18 08:00"),
                                 v1::REQUEST_EVENT_KIND_ACKNOWLEDGED))),
      ElementsAre("ca-ccpa/delete 2027-01-31", "ca-ccpa/respond 2027-01-31",
                  "ca-ccpa/acknowledge 2026-12-30 met"));
}

// Covers: ca-ccpa/opt-out-clock, ca-ccpa/limit-clock,
//     ca-ccpa/opt-out-admt-clock
TEST(RequestClocksTest, CaliforniaGivesFifteenBusinessDaysToStop) {
  const absl::Time received_at = InLosAngeles("2027-02-01 12:00");
  EXPECT_THAT(
      Lines(SampleRequest(v1::REQUEST_KIND_OPT_OUT, "US-CA", received_at)),
      ElementsAre("ca-ccpa/opt-out-clock 2027-02-19"));
  EXPECT_THAT(
      Lines(SampleRequest(v1::REQUEST_KIND_LIMIT, "US-CA", received_at)),
      ElementsAre("ca-ccpa/limit-clock 2027-02-19"));
  EXPECT_THAT(
      Lines(SampleRequest(v1::REQUEST_KIND_OPT_OUT_ADMT, "US-CA", received_at)),
      ElementsAre("ca-ccpa/opt-out-admt-clock 2027-02-19"));
}

TEST(RequestClocksTest, ARuleThatDoesNotHoldYetSetsNoClock) {
  for (const auto kind :
       {v1::REQUEST_KIND_OPT_OUT_ADMT, v1::REQUEST_KIND_ACCESS_ADMT}) {
    EXPECT_THAT(
        Lines(SampleRequest(kind, "US-CA", InLosAngeles("2026-12-31 23:59"))),
        IsEmpty());
  }
}

// Covers: ca-ccpa/acknowledge-access-admt, ca-ccpa/respond-access-admt
TEST(RequestClocksTest, AccessToAutomatedDecisionsIsDueFrom2027On) {
  EXPECT_THAT(Lines(SampleRequest(v1::REQUEST_KIND_ACCESS_ADMT, "US-CA",
                                  InLosAngeles("2027-02-01 12:00"))),
              ElementsAre("ca-ccpa/acknowledge-access-admt 2027-02-12",
                          "ca-ccpa/respond-access-admt 2027-03-18"));
}

TEST(RequestClocksTest, EveryStatuteThatAppliesSetsItsClocks) {
  // Lives in California; the data is collected in Washington.
  v1::Request request = SampleRequest(v1::REQUEST_KIND_ACCESS, "US-CA",
                                      InLosAngeles("2027-02-01 12:00"));
  request.add_place_of_collection("US-WA");
  EXPECT_THAT(Lines(request), ElementsAre("ca-ccpa/acknowledge 2027-02-12",
                                          "ca-ccpa/respond 2027-03-18",
                                          "wa-mhmda/respond 2027-03-18"));
}

TEST(RequestClocksTest, WhoIsNotKnownToLiveAnywhereLivesWhereThePolicySays) {
  EXPECT_THAT(Lines(SampleRequest(v1::REQUEST_KIND_ACCESS, "", kReceivedAt)),
              ElementsAre("wa-mhmda/respond 2027-01-15"));
}

TEST(RequestClocksTest, AStateWithoutAPackSetsNoClock) {
  EXPECT_THAT(Lines(SampleRequest(kDelete, "US-ID", kReceivedAt)), IsEmpty());
}

TEST(RequestClocksTest, AnExtensionLengthensOnlyWhatMayBeExtended) {
  v1::Request request = SampleRequest(kDelete, "US-CA", kReceivedAt);
  request = With(request, StepAt(InLosAngeles("2027-01-15 23:59"), kExtended));
  EXPECT_THAT(Lines(request), ElementsAre("ca-ccpa/acknowledge 2026-12-12",
                                          "ca-ccpa/delete 2027-03-01",
                                          "ca-ccpa/respond 2027-03-01"));
}

TEST(RequestClocksTest, AnExtensionIsToldWithinTheFirstPeriodOrNotAtAll) {
  const std::vector<RequestClock> clocks =
      Clocks(SampleRequest(kDelete, "US-WA", kReceivedAt));
  EXPECT_TRUE(CheckExtension(clocks, InLosAngeles("2027-01-15 23:59")).ok());
  const absl::Status late =
      CheckExtension(clocks, InLosAngeles("2027-01-16 00:00"));
  EXPECT_TRUE(absl::IsFailedPrecondition(late));
  EXPECT_TRUE(absl::StrContains(late.message(), "wa-mhmda/respond"));
}

TEST(RequestClocksTest, AnOptOutIsNotExtended) {
  const v1::Request request =
      SampleRequest(v1::REQUEST_KIND_OPT_OUT, "US-CA", kReceivedAt);
  EXPECT_TRUE(
      absl::IsFailedPrecondition(CheckExtension(Clocks(request), kReceivedAt)));
  // And nothing is where no pack speaks.
  EXPECT_TRUE(absl::StrContains(CheckExtension({}, kReceivedAt).message(),
                                "no pack of the policy sets one"));
}

TEST(RequestClocksTest, AnExtensionToldTooLateChangesNoClock) {
  v1::Request request = SampleRequest(kDelete, "US-WA", kReceivedAt);
  request = With(request, StepAt(InLosAngeles("2027-01-16 00:00"), kExtended));
  EXPECT_EQ(Clocks(request).front().last_day, absl::CivilDay(2027, 1, 15));
  EXPECT_TRUE(Clocks(request).front().IsLate(InLosAngeles("2027-01-16 00:00")));
}

// Covers: ct-ctdpa/respond, ct-ctdpa/delete
TEST(RequestClocksTest, ConnecticutsClocksRunFromReceiptInItsOwnZone) {
  // Past midnight in Hartford.
  const absl::Time received = InLosAngeles("2026-12-01 21:30");
  EXPECT_THAT(
      Lines(SampleRequest(kDelete, "US-CT", received)),
      ElementsAre("ct-ctdpa/delete 2027-01-16", "ct-ctdpa/respond 2027-01-16"));
  EXPECT_THAT(
      Lines(With(SampleRequest(v1::REQUEST_KIND_OPT_OUT, "US-CT", received),
                 StepAt(InLosAngeles("2027-01-15 08:00"), kExtended))),
      ElementsAre("ct-ctdpa/respond 2027-03-02"));
}

// Covers: ct-ctdpa/appeal
TEST(RequestClocksTest, ConnecticutGivesSixtyDaysToDecideAnAppeal) {
  v1::Request request =
      SampleRequest(v1::REQUEST_KIND_ACCESS, "US-CT", kReceivedAt);
  request = With(request, DenialAt(InLosAngeles("2026-12-05 08:00"),
                                   v1::DENIAL_REASON_NOT_AUTHENTICATED));
  request = With(request, StepAt(InLosAngeles("2026-12-20 08:00"),
                                 v1::REQUEST_EVENT_KIND_APPEALED));
  EXPECT_EQ(Clocks(request).front().rule->id, "ct-ctdpa/appeal");
  EXPECT_EQ(Clocks(request).front().last_day, absl::CivilDay(2027, 2, 18));
}

// Covers: wa-mhmda/appeal, nv-sb370/appeal
TEST(RequestClocksTest, AnAppealHasAClockOfItsOwn) {
  for (const std::string state : {"US-WA", "US-NV"}) {
    v1::Request request =
        SampleRequest(v1::REQUEST_KIND_ACCESS, state, kReceivedAt);
    request = With(request, DenialAt(InLosAngeles("2026-12-05 08:00"),
                                     v1::DENIAL_REASON_NOT_AUTHENTICATED));
    request = With(request, StepAt(InLosAngeles("2026-12-20 08:00"),
                                   v1::REQUEST_EVENT_KIND_APPEALED));
    const std::vector<RequestClock> clocks = Clocks(request);
    EXPECT_EQ(clocks.front().rule->id,
              state == "US-WA" ? "wa-mhmda/appeal" : "nv-sb370/appeal");
    EXPECT_EQ(clocks.front().last_day, absl::CivilDay(2027, 2, 3));

    const std::vector<RequestClock> decided =
        Clocks(With(request, StepAt(InLosAngeles("2027-01-20 08:00"),
                                    v1::REQUEST_EVENT_KIND_APPEAL_DENIED)));
    EXPECT_EQ(StrictestOf(decided), nullptr);
  }
}

TEST(RequestClocksTest, AGrantedAppealMakesTheAnswerDueAgain) {
  v1::Request request = SampleRequest(kDelete, "US-WA", kReceivedAt);
  request =
      With(request, StepAt(InLosAngeles("2026-12-02 08:00"), kAuthenticated));
  request = With(request, DenialAt(InLosAngeles("2026-12-05 08:00"),
                                   v1::DENIAL_REASON_EXEMPT));
  request = With(request, StepAt(InLosAngeles("2026-12-20 08:00"),
                                 v1::REQUEST_EVENT_KIND_APPEALED));
  request = With(request, StepAt(InLosAngeles("2026-12-30 08:00"),
                                 v1::REQUEST_EVENT_KIND_APPEAL_GRANTED));
  const std::vector<RequestClock> clocks = Clocks(request);
  ASSERT_NE(StrictestOf(clocks), nullptr);
  EXPECT_EQ(StrictestOf(clocks)->last_day, absl::CivilDay(2027, 1, 15));
}

TEST(RequestClocksTest, ARecipientIsLateByItsOwnPeriodOrElseTheRequests) {
  for (const std::string state : {"US-WA", "US-NV"}) {
    v1::Request request = SampleRequest(kDelete, state, kReceivedAt);
    request =
        With(request, StepAt(InLosAngeles("2026-12-02 08:00"), kAuthenticated));
    request =
        With(request, PartStepAt(InLosAngeles("2026-12-10 08:00"),
                                 v1::REQUEST_EVENT_KIND_PART_SENT, "acme"));
    const RequestMachine machine = MachineOf(request).value();
    const absl::Time due = state == "US-WA" ? InLosAngeles("2027-01-16 00:00")
                                            : InLosAngeles("2027-01-10 00:00");
    EXPECT_THAT(FindLateParts(SampleRequestLaw(), request, machine,
                              due - absl::Seconds(1))
                    .value(),
                IsEmpty());
    EXPECT_THAT(
        FindLateParts(SampleRequestLaw(), request, machine, due).value(),
        ElementsAre("acme"));
  }
}

}  // namespace
}  // namespace subrosa
