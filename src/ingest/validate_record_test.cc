#include "src/ingest/validate_record.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

constexpr int64_t kFirstSecondOf1900 = -2208988800;
constexpr int64_t kFirstSecondOf2201 = 7289654400;

v1::HealthRecord GoodRecord() {
  v1::HealthRecord record;
  record.set_consumer("c-1");
  record.set_source("ios-app");
  record.mutable_collected_at()->set_seconds(1700000000);
  record.set_purpose("sleep-coaching");
  record.set_basis(v1::BASIS_NECESSARY);
  record.mutable_provenance()->set_collection(v1::COLLECTION_CONSUMER);
  record.mutable_payload()->set_type_url(
      "type.googleapis.com/subrosa.v1.MoodCheckIn");
  return record;
}

TEST(ValidateRecordTest, ARecordWithEveryRequiredFieldIsTaken) {
  EXPECT_TRUE(ValidateRecord(GoodRecord()).ok());
}

TEST(ValidateRecordTest, EachBoundIsTakenAtItsEdge) {
  v1::HealthRecord record = GoodRecord();
  record.set_consumer(std::string(256, 'c'));
  record.set_id(std::string(256, 'i'));
  record.set_source(std::string(64, 's'));
  record.set_consent_ref(std::string(16, '\0'));
  record.mutable_collected_at()->set_seconds(kFirstSecondOf2201 - 1);
  record.mutable_effective()->mutable_start()->set_seconds(kFirstSecondOf1900);
  *record.mutable_effective()->mutable_end() = record.effective().start();
  record.mutable_effective()->set_utc_offset_minutes(-1080);
  record.mutable_origin()->set_system("fhir-r4");
  record.mutable_origin()->set_raw_digest(std::string(32, '\0'));
  record.mutable_provenance()->set_application(std::string(128, 'a'));

  EXPECT_TRUE(ValidateRecord(record).ok());
}

struct Fault {
  std::function<void(v1::HealthRecord*)> plant;
  std::string message;
};

const std::vector<Fault>& Faults() {
  static const auto* const faults = new std::vector<Fault>{
      {[](auto* r) { r->clear_consumer(); },
       "consumer: want 1 to 256 bytes, got 0"},
      {[](auto* r) { r->set_consumer(std::string(257, 'c')); },
       "consumer: want 1 to 256 bytes, got 257"},
      {[](auto* r) { r->set_consumer("c\xFF"); },
       "consumer: want UTF-8, got other bytes"},
      {[](auto* r) { r->set_id("\xC3\x28"); },
       "id: want UTF-8, got other bytes"},
      {[](auto* r) { r->set_id(std::string(257, 'i')); },
       "id: want 0 to 256 bytes, got 257"},
      {[](auto* r) { r->clear_source(); }, "source: want 1 to 64 bytes, got 0"},
      {[](auto* r) { r->set_source("iOS app"); },
       "source: want only a-z, 0-9 and -, got another byte at 1"},
      {[](auto* r) { r->set_source(std::string(65, 's')); },
       "source: want 1 to 64 bytes, got 65"},
      {[](auto* r) { r->mutable_origin()->set_type("Condition"); },
       "origin.system: want 1 to 64 bytes, got 0"},
      {[](auto* r) {
         r->mutable_origin()->set_system("fhir-r4");
         r->mutable_origin()->set_raw_digest("short");
       },
       "origin.raw_digest: want 32 bytes or none, got 5"},
      {[](auto* r) {
         r->mutable_origin()->set_system("fhir-r4");
         r->mutable_origin()->set_id(std::string(257, 'i'));
       },
       "origin.id: want 0 to 256 bytes, got 257"},
      {[](auto* r) {
         r->mutable_origin()->set_system("fhir-r4");
         r->mutable_origin()->set_type(std::string(257, 't'));
       },
       "origin.type: want 0 to 256 bytes, got 257"},
      {[](auto* r) { r->clear_collected_at(); },
       "collected_at: want a time, got none"},
      {[](auto* r) {
         r->mutable_collected_at()->set_seconds(kFirstSecondOf1900 - 1);
       },
       "collected_at: want a time in 1900 to 2200, got one outside"},
      {[](auto* r) {
         r->mutable_collected_at()->set_seconds(kFirstSecondOf2201);
       },
       "collected_at: want a time in 1900 to 2200, got one outside"},
      {[](auto* r) { r->mutable_collected_at()->set_nanos(-1); },
       "collected_at.nanos: want 0 to 999999999, got a number outside"},
      {[](auto* r) { r->mutable_effective(); },
       "effective.start: want a time, got none"},
      {[](auto* r) {
         r->mutable_effective()->mutable_start()->set_nanos(2);
         r->mutable_effective()->mutable_end()->set_nanos(1);
       },
       "effective.end: want a time not before `start`, got an earlier one"},
      {[](auto* r) {
         r->mutable_effective()->mutable_start();
         r->mutable_effective()->set_utc_offset_minutes(1081);
       },
       "effective.utc_offset_minutes: want -1080 to 1080, got a number "
       "outside"},
      {[](auto* r) {
         r->mutable_effective()->mutable_start();
         r->mutable_effective()->set_given_end(std::string(65, '2'));
       },
       "effective.given_end: want 0 to 64 bytes, got 65"},
      {[](auto* r) { r->set_purpose("sleep_coaching"); },
       "purpose: want only a-z, 0-9 and -, got another byte at 5"},
      {[](auto* r) { r->clear_basis(); },
       "basis: want one of the known grounds, got none or an unknown one"},
      {[](auto* r) { r->set_basis(static_cast<v1::Basis>(99)); },
       "basis: want one of the known grounds, got none or an unknown one"},
      {[](auto* r) { r->set_consent_ref("fifteen bytes.."); },
       "consent_ref: want 16 bytes or none, got 15"},
      {[](auto* r) { r->clear_provenance(); },
       "provenance.collection: want one of the known ways, got none or an "
       "unknown one"},
      {[](auto* r) {
         r->mutable_provenance()->set_application(std::string(129, 'a'));
       },
       "provenance.application: want 0 to 128 bytes, got 129"},
      {[](auto* r) {
         r->mutable_provenance()->set_inference_rule(std::string(129, 'a'));
       },
       "provenance.inference_rule: want 0 to 128 bytes, got 129"},
      {[](auto* r) { r->clear_payload(); },
       "payload: want a message, got none"},
      {[](auto* r) { r->mutable_payload()->clear_type_url(); },
       "payload.@type: want type.googleapis.com/ and a message's name, got "
       "none"},
      {[](auto* r) { r->mutable_payload()->set_type_url("MoodCheckIn"); },
       "payload.@type: want type.googleapis.com/ and a message's name, got "
       "another form"},
  };
  return *faults;
}

TEST(ValidateRecordTest, EachFaultIsNamedByItsFieldAndWhatWasWanted) {
  for (const Fault& fault : Faults()) {
    v1::HealthRecord record = GoodRecord();
    fault.plant(&record);

    const absl::Status status = ValidateRecord(record);

    EXPECT_TRUE(absl::IsInvalidArgument(status)) << fault.message;
    EXPECT_EQ(status.message(), fault.message);
  }
}

}  // namespace
}  // namespace subrosa
