#include "src/classify/payload_types.h"

#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/sample.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {

absl::Span<const google::protobuf::Descriptor* const> ShippedPayloads() {
  static const google::protobuf::Descriptor* const kPayloads[] = {
      v1::Assessment::descriptor(),        v1::CdaEntry::descriptor(),
      v1::CoachingMessage::descriptor(),   v1::Condition::descriptor(),
      v1::ConsumerStatement::descriptor(), v1::ContentView::descriptor(),
      v1::CycleEntry::descriptor(),        v1::FhirResource::descriptor(),
      v1::HealthSample::descriptor(),      v1::JournalEntry::descriptor(),
      v1::LocationVisit::descriptor(),     v1::Medication::descriptor(),
      v1::MeditationSession::descriptor(), v1::MoodCheckIn::descriptor(),
      v1::SleepSession::descriptor(),      v1::SubscriptionEvent::descriptor(),
      v1::TherapySession::descriptor(),    v1::VitalSample::descriptor(),
  };
  return kPayloads;
}

const google::protobuf::Descriptor* FindShippedPayload(
    absl::string_view type_name) {
  for (const google::protobuf::Descriptor* payload : ShippedPayloads()) {
    if (type_name == payload->full_name()) return payload;
  }
  return nullptr;
}

}  // namespace subrosa
