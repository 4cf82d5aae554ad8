// Wellness makes the records of the sample service: an app of a year's
// journals, check-ins, questionnaires, sessions, messages, sleep and the rest.
// Record number r of consumer number c follows from (seed, c, r) and the span
// alone, so that records can be made in any order.
//
// Within a consumer, records go through the span from its first day to its
// last; each kind recurs evenly. Local days stay inside the span, except that a
// night's sleep may begin on the evening before.
//
// Thread-compatible: one Wellness per thread.
#ifndef SUBROSA_TOOLS_SAMPLE_WELLNESS_H_
#define SUBROSA_TOOLS_SAMPLE_WELLNESS_H_

#include <cstddef>
#include <cstdint>

#include "google/protobuf/message.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"
#include "tools/sample/course.h"
#include "tools/sample/people.h"

namespace subrosa::sample {

struct Moment;  // moment.h

class Wellness {
 public:
  // Each consumer has `records_per_consumer` (at least 1) records. If
  // `size_bytes` is above 0 (then 320 to 200000), every record is a journal
  // entry or a session note whose HealthRecord is about that long, within 16
  // bytes, serialized with its payload.
  Wellness(const Span& span, uint32_t records_per_consumer, size_t size_bytes);

  // Makes record `index` (below `records_per_consumer`) of `who`: fills
  // `record` but for its payload, and returns the payload, which is good until
  // the next call.
  const google::protobuf::Message& Make(const Persona& who, uint32_t index,
                                        v1::HealthRecord* record);

  const People& people() const { return people_; }

 private:
  const google::protobuf::Message& MakeSized(Moment& at, bool session);
  const google::protobuf::Message& MakeOpening(Moment& at);
  const google::protobuf::Message& MakeSleep(Moment& at);
  const google::protobuf::Message& MakeVital(Moment& at);
  const google::protobuf::Message& MakeMood(Moment& at);
  const google::protobuf::Message& MakeJournal(Moment& at);
  const google::protobuf::Message& MakeMeditation(Moment& at);
  const google::protobuf::Message& MakeContentView(Moment& at);
  const google::protobuf::Message& MakeCoaching(Moment& at);
  const google::protobuf::Message& MakeTherapy(Moment& at);
  const google::protobuf::Message& MakeCycle(Moment& at);
  const google::protobuf::Message& MakeAssessment(Moment& at);
  const google::protobuf::Message& MakeLocation(Moment& at);
  const google::protobuf::Message& MakeSubscription(
      Moment& at, v1::SubscriptionChange change);
  const google::protobuf::Message& MakeMedication(Moment& at,
                                                  const Concern& concern,
                                                  bool changed);
  const google::protobuf::Message& MakeCondition(Moment& at,
                                                 const Concern& concern);

  Span span_;
  People people_;
  Course course_;
  uint32_t records_per_consumer_;
  size_t size_bytes_;

  // Reused, so that their strings keep their memory.
  v1::SleepSession sleep_;
  v1::VitalSample vital_;
  v1::MoodCheckIn mood_;
  v1::JournalEntry journal_;
  v1::MeditationSession meditation_;
  v1::ContentView view_;
  v1::CoachingMessage message_;
  v1::TherapySession session_;
  v1::CycleEntry cycle_;
  v1::Assessment assessment_;
  v1::LocationVisit visit_;
  v1::SubscriptionEvent subscription_;
  v1::Medication medication_;
  v1::Condition condition_;
};

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_WELLNESS_H_
