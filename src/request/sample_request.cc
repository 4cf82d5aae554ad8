#include "src/request/sample_request.h"

#include "gtest/gtest.h"
#include "src/request/request_authentication.h"
#include "src/request/request_machine.h"
#include "src/request/request_time.h"

namespace subrosa {

const LawBook& SampleLawBook() {
  static const LawBook* const book = new LawBook(LawBook::BuiltIn().value());
  return *book;
}

v1::Policy SampleRequestPolicy() {
  v1::Policy policy;
  policy.set_entity("rosewater");
  policy.set_name("Rosewater");
  policy.set_contact_email("privacy@rosewater.example");
  policy.set_contact_url("https://rosewater.example/privacy");
  for (const char* pack :
       {"wa-mhmda", "nv-sb370", "ca-ccpa", "co-cpa", "ct-ctdpa", "va-sb754"}) {
    policy.add_pack(pack);
  }
  policy.set_residence_unless_known("US-WA");
  return policy;
}

const RequestLaw& SampleRequestLaw() {
  static const RequestLaw* const law = new RequestLaw(
      RequestLaw::Create(SampleLawBook(), SampleRequestPolicy()).value());
  return *law;
}

absl::Time InLosAngeles(absl::string_view minute) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("America/Los_Angeles", &zone));
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", minute, zone, &time, &error))
      << error;
  return time;
}

v1::RequestEvent StepAt(absl::Time at, v1::RequestEventKind kind) {
  v1::RequestEvent event;
  event.set_kind(kind);
  *event.mutable_at() = RequestTimestampOf(at);
  event.set_by(kind == v1::REQUEST_EVENT_KIND_RECEIVED ||
                       kind == v1::REQUEST_EVENT_KIND_APPEALED ||
                       kind == v1::REQUEST_EVENT_KIND_TAKEN_BACK
                   ? v1::REQUEST_ACTOR_REQUESTER
                   : v1::REQUEST_ACTOR_OFFICER);
  if (kind == v1::REQUEST_EVENT_KIND_AUTHENTICATED) {
    event.mutable_authentication()->set_account_login(true);
  }
  if (kind == v1::REQUEST_EVENT_KIND_EXTENDED ||
      kind == v1::REQUEST_EVENT_KIND_DENIED ||
      kind == v1::REQUEST_EVENT_KIND_APPEAL_GRANTED ||
      kind == v1::REQUEST_EVENT_KIND_APPEAL_DENIED) {
    event.set_reason("as the letter says");
  }
  return event;
}

v1::RequestEvent PartStepAt(absl::Time at, v1::RequestEventKind kind,
                            const std::string& part) {
  v1::RequestEvent event = StepAt(at, kind);
  event.set_part(part);
  if (kind == v1::REQUEST_EVENT_KIND_PART_SENT) {
    event.set_part_kind(part == "records" ? v1::REQUEST_PART_KIND_STORE
                                          : v1::REQUEST_PART_KIND_RECIPIENT);
  }
  return event;
}

v1::RequestEvent DenialAt(absl::Time at, v1::DenialReason reason) {
  v1::RequestEvent event = StepAt(at, v1::REQUEST_EVENT_KIND_DENIED);
  event.set_denial(reason);
  return event;
}

v1::Request SampleRequest(v1::RequestKind kind, const std::string& residence,
                          absl::Time received_at) {
  v1::Request request;
  request.set_kind(kind);
  request.set_consumer("c-1");
  request.set_residence(residence);
  request.set_channel(v1::REQUEST_CHANNEL_FORM);
  request.mutable_requester()->set_kind(v1::REQUESTER_KIND_SELF);
  request.mutable_requester()->set_contact("rosa@mail.example");
  *request.mutable_received_at() = RequestTimestampOf(received_at);
  request.set_without_authentication(
      WantedOf(SampleRequestLaw(), request).needed ==
      Authenticating::kNotNeeded);
  *request.add_event() = StepAt(received_at, v1::REQUEST_EVENT_KIND_RECEIVED);
  return request;
}

v1::Request With(v1::Request request, const v1::RequestEvent& event) {
  *request.add_event() = event;
  return request;
}

}  // namespace subrosa
