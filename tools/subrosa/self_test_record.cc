#include "tools/subrosa/self_test_record.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {

std::vector<v1::HealthRecord> SelfTestRecords(absl::string_view consumer,
                                              absl::string_view purpose,
                                              absl::Time collected_at) {
  v1::MoodCheckIn mood;
  mood.set_score(3);
  mood.set_device_id(std::string(consumer));
  v1::MeditationSession session;
  session.set_program("selftest");
  session.set_completed(true);
  v1::TherapySession therapy;
  therapy.set_clinician_id("selftest");
  std::vector<v1::HealthRecord> records;
  for (const google::protobuf::Message* const payload :
       {static_cast<const google::protobuf::Message*>(&mood),
        static_cast<const google::protobuf::Message*>(&session),
        static_cast<const google::protobuf::Message*>(&therapy)}) {
    v1::HealthRecord& record = records.emplace_back();
    record.set_consumer(std::string(consumer));
    record.set_id(absl::StrCat("selftest-", records.size()));
    record.set_source("selftest");
    record.set_purpose(std::string(purpose));
    record.set_basis(v1::BASIS_NECESSARY);
    record.mutable_collected_at()->set_seconds(
        absl::ToUnixSeconds(collected_at));
    record.mutable_provenance()->set_collection(v1::COLLECTION_CONSUMER);
    record.mutable_payload()->PackFrom(*payload);
  }
  return records;
}

}  // namespace subrosa
