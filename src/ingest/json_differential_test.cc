// Holds our JSON decoder against protobuf's own: what both accept means the
// same, and what protobuf writes we accept.
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/field_comparator.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "src/ingest/json_decoder.h"
#include "src/ingest/json_padding.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/message_types.h"
#include "src/ingest/testing/acme.pb.h"
#include "src/ingest/testing/random_message.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Message;

// Writes what the Anys of `message` hold anew: protobuf's JSON parser writes
// default values into them too, and in the order of the text.
void NormalizeAnys(Message* message) {
  const google::protobuf::Reflection* const r = message->GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  r->ListFields(*message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    if (field->message_type() == nullptr) continue;
    const int count = field->is_repeated() ? r->FieldSize(*message, field) : 1;
    for (int i = 0; i < count; ++i) {
      NormalizeAnys(field->is_repeated()
                        ? r->MutableRepeatedMessage(message, field, i)
                        : r->MutableMessage(message, field));
    }
  }
  auto* const any = dynamic_cast<google::protobuf::Any*>(message);
  if (any == nullptr || any->type_url().empty()) return;
  const std::string name =
      any->type_url().substr(any->type_url().rfind('/') + 1);
  std::unique_ptr<Message> inside =
      MessageTypes::Linked()->New(MessageTypes::Linked()->Find(name));
  ASSERT_TRUE(inside->ParseFromString(any->value()));
  any->set_value(inside->SerializeAsString());
}

// How `ours` differs from `theirs`; empty if it does not.
std::string Difference(const Message& ours, const Message& theirs) {
  std::unique_ptr<Message> a(ours.New()), b(theirs.New());
  a->CopyFrom(ours);
  b->CopyFrom(theirs);
  NormalizeAnys(a.get());
  NormalizeAnys(b.get());
  google::protobuf::util::MessageDifferencer differencer;
  google::protobuf::util::DefaultFieldComparator comparator;
  comparator.set_treat_nan_as_equal(true);
  differencer.set_field_comparator(&comparator);
  std::string report;
  differencer.ReportDifferencesToString(&report);
  return differencer.Compare(*a, *b) ? "" : report;
}

std::vector<const Message*> Prototypes() {
  return {&acme::v1::Everything::default_instance(),
          &acme::v1::CheckIn::default_instance(),
          &v1::HealthRecord::default_instance(),
          &v1::MoodCheckIn::default_instance(),
          &v1::JournalEntry::default_instance(),
          &v1::Assessment::default_instance(),
          &v1::TherapySession::default_instance(),
          &v1::CoachingMessage::default_instance(),
          &v1::MeditationSession::default_instance(),
          &v1::ContentView::default_instance(),
          &v1::SleepSession::default_instance(),
          &v1::VitalSample::default_instance(),
          &v1::CycleEntry::default_instance(),
          &v1::Medication::default_instance(),
          &v1::Condition::default_instance(),
          &v1::FhirResource::default_instance(),
          &v1::LocationVisit::default_instance(),
          &v1::ConsumerStatement::default_instance(),
          &v1::SubscriptionEvent::default_instance()};
}

class JsonDifferentialTest : public testing::Test {
 protected:
  // Decodes `json` into `message`; false if we refuse it.
  bool Decode(const std::string& json, Message* message) {
    const std::string padded = json + std::string(kJsonPaddingBytes, ' ');
    status_ = decoder_.Decode(absl::string_view(padded.data(), json.size()),
                              *plans_.For(message->GetDescriptor()), &wire_);
    return status_.ok() && message->ParseFromString(wire_);
  }

  MessagePlans plans_{MessageTypes::Linked()};
  JsonDecoder decoder_{&plans_};
  std::string wire_;
  absl::Status status_;
  std::mt19937_64 random_{20240101};
};

TEST_F(JsonDifferentialTest, WhatProtobufWritesIsReadToTheSameMessage) {
  int read = 0;
  for (const Message* prototype : Prototypes()) {
    for (int i = 0; i < 400; ++i) {
      std::unique_ptr<Message> made(prototype->New());
      FillAtRandom(&random_, made.get());
      google::protobuf::util::JsonPrintOptions options;
      options.preserve_proto_field_names = i % 2 == 0;
      options.always_print_primitive_fields = i % 3 == 0;
      options.always_print_enums_as_ints = i % 5 == 0;
      options.add_whitespace = i % 7 == 0;
      std::string json;
      ASSERT_TRUE(
          google::protobuf::util::MessageToJsonString(*made, &json, options)
              .ok());
      std::unique_ptr<Message> theirs(prototype->New());
      ASSERT_TRUE(
          google::protobuf::util::JsonStringToMessage(json, theirs.get()).ok());

      std::unique_ptr<Message> ours(prototype->New());
      ASSERT_TRUE(Decode(json, ours.get())) << status_ << "\n" << json;

      ASSERT_EQ(Difference(*ours, *theirs), "") << json;
      // Everything has maps, which protobuf writes in any order.
      if (prototype != Prototypes()[0]) {
        NormalizeAnys(theirs.get());
        ASSERT_EQ(wire_, theirs->SerializeAsString()) << json;
      }
      ++read;
    }
  }
  EXPECT_EQ(read, 400 * static_cast<int>(Prototypes().size()));
}

TEST_F(JsonDifferentialTest, WhatWeAcceptOfDamagedTextProtobufReadsTheSame) {
  const std::string bytes = "{}[]:,\"\\0123456789.-+eEtrufalsn @/TZ";
  int accepted = 0;
  int refused = 0;
  for (const Message* prototype : Prototypes()) {
    for (int i = 0; i < 2000; ++i) {
      std::unique_ptr<Message> made(prototype->New());
      FillAtRandom(&random_, made.get());
      std::string json;
      ASSERT_TRUE(
          google::protobuf::util::MessageToJsonString(*made, &json).ok());
      for (uint64_t edits = 1 + random_() % 3; edits > 0; --edits) {
        const size_t at = random_() % json.size();
        const char byte = bytes[random_() % bytes.size()];
        switch (random_() % 3) {
          case 0:
            json[at] = byte;
            break;
          case 1:
            json.erase(at, 1);
            break;
          default:
            json.insert(at, 1, byte);
            break;
        }
        if (json.empty()) json = "{";
      }
      std::unique_ptr<Message> ours(prototype->New());
      if (!Decode(json, ours.get())) {
        ++refused;
        continue;
      }
      ++accepted;
      std::unique_ptr<Message> theirs(prototype->New());
      const auto status =
          google::protobuf::util::JsonStringToMessage(json, theirs.get());
      ASSERT_TRUE(status.ok()) << status.ToString() << "\n" << json;
      ASSERT_EQ(Difference(*ours, *theirs), "") << json;
    }
  }
  // The test says something only if both happen often.
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace subrosa
