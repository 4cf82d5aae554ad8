#include "src/request/request_check.h"

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/request/sample_request.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

const absl::Time kNow = InLosAngeles("2027-02-01 09:00");

// As it came in: without steps.
v1::Request NewRequest() {
  v1::Request request =
      SampleRequest(v1::REQUEST_KIND_ACCESS, "US-WA", kNow - absl::Hours(1));
  request.clear_event();
  return request;
}

// What is refused of a good request after `change`: the field.
std::string Refused(const std::function<void(v1::Request*)>& change) {
  v1::Request request = NewRequest();
  change(&request);
  const absl::Status status = CheckNewRequest(request, kNow);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_FALSE(absl::StrContains(status.message(), "rosa@"));
  return std::string(status.message().substr(0, status.message().find(':')));
}

TEST(RequestCheckTest, ARequestThatSaysWhatItHasToIsTaken) {
  EXPECT_TRUE(CheckNewRequest(NewRequest(), kNow).ok());
}

TEST(RequestCheckTest, WhoIsNotAConsumerOfOursYetMayAskToo) {
  v1::Request request = NewRequest();
  request.clear_consumer();
  request.clear_residence();
  EXPECT_TRUE(CheckNewRequest(request, kNow).ok());
}

TEST(RequestCheckTest, ARequestWithoutKindChannelRequesterOrTimeIsRefused) {
  EXPECT_EQ(Refused([](v1::Request* r) { r->clear_kind(); }), "request.kind");
  EXPECT_EQ(Refused([](v1::Request* r) { r->clear_channel(); }),
            "request.channel");
  EXPECT_EQ(Refused([](v1::Request* r) { r->clear_requester(); }),
            "request.requester.kind");
  EXPECT_EQ(Refused([](v1::Request* r) { r->clear_received_at(); }),
            "request.received_at");
}

TEST(RequestCheckTest, ARequestOfTomorrowIsRefused) {
  EXPECT_EQ(
      Refused([](v1::Request* r) {
        r->mutable_received_at()->set_seconds(absl::ToUnixSeconds(kNow) + 1);
      }),
      "request.received_at");
}

TEST(RequestCheckTest, AnAppealIsAStepOfTheRequestThatItIsAbout) {
  EXPECT_EQ(
      Refused([](v1::Request* r) { r->set_kind(v1::REQUEST_KIND_APPEAL); }),
      "request.kind");
}

TEST(RequestCheckTest, AnAgentOrGuardianSaysWhatShowsIt) {
  for (const auto kind :
       {v1::REQUESTER_KIND_AGENT, v1::REQUESTER_KIND_GUARDIAN}) {
    EXPECT_EQ(Refused([&](v1::Request* r) {
                r->mutable_requester()->set_kind(kind);
              }),
              "request.requester.permission");
  }
  EXPECT_EQ(Refused([](v1::Request* r) {
              r->mutable_requester()->set_permission("p-1");
            }),
            "request.requester.permission");
}

TEST(RequestCheckTest, PlacesAndDaysAreSuch) {
  EXPECT_EQ(Refused([](v1::Request* r) { r->set_residence("Seattle"); }),
            "request.residence");
  EXPECT_EQ(Refused([](v1::Request* r) { r->add_place_of_collection(""); }),
            "request.place_of_collection[0]");
  EXPECT_EQ(Refused([](v1::Request* r) {
              for (int i = 0; i < 17; ++i) r->add_place_of_collection("US-WA");
            }),
            "request.place_of_collection");
  EXPECT_EQ(Refused([](v1::Request* r) { r->set_from_day("2027-02-30"); }),
            "request.from_day");
  EXPECT_EQ(Refused([](v1::Request* r) {
              r->set_from_day("2027-02-02");
              r->set_to_day("2027-02-01");
            }),
            "request.to_day");
  EXPECT_EQ(Refused([](v1::Request* r) {
              r->set_kind(v1::REQUEST_KIND_DELETE);
              r->set_from_day("2027-01-01");
            }),
            "request.from_day");
}

TEST(RequestCheckTest, NobodyFromOutsideSaysWhatHappened) {
  EXPECT_EQ(Refused([](v1::Request* r) {
              *r->add_event() =
                  StepAt(kNow, v1::REQUEST_EVENT_KIND_AUTHENTICATED);
            }),
            "request.event");
  EXPECT_EQ(
      Refused([](v1::Request* r) { r->set_without_authentication(true); }),
      "request.event");
}

TEST(RequestCheckTest, TextIsBoundedAndAddsNoLinesToALetter) {
  EXPECT_EQ(Refused([](v1::Request* r) {
              r->mutable_requester()->set_contact("rosa@mail.example\r\nBcc:");
            }),
            "request.requester.contact");
  EXPECT_EQ(Refused([](v1::Request* r) {
              r->mutable_requester()->set_contact(std::string(513, 'r'));
            }),
            "request.requester.contact");
  EXPECT_EQ(
      Refused([](v1::Request* r) { r->set_consumer(std::string(257, 'c')); }),
      "request.consumer");
}

}  // namespace
}  // namespace subrosa
