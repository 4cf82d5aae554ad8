#include "src/exports/message_json.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::DescriptorPool;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using testing::HasSubstr;
using testing::Not;

std::string JsonOf(const Message& message) {
  std::string json;
  const absl::Status status = AppendMessageJson(message, &json);
  EXPECT_TRUE(status.ok()) << status;
  return json;
}

std::string ProtobufsJsonOf(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  EXPECT_TRUE(
      google::protobuf::util::MessageToJsonString(message, &json, options)
          .ok());
  return json;
}

// A message type with a field of each kind, as one and as many.
constexpr absl::string_view kTypes[] = {
    "TYPE_DOUBLE", "TYPE_FLOAT",    "TYPE_INT64",   "TYPE_UINT64",
    "TYPE_INT32",  "TYPE_FIXED64",  "TYPE_FIXED32", "TYPE_BOOL",
    "TYPE_STRING", "TYPE_BYTES",    "TYPE_UINT32",  "TYPE_SFIXED32",
    "TYPE_SINT64", "TYPE_SFIXED64", "TYPE_SINT32"};

class EveryKind {
 public:
  EveryKind() {
    google::protobuf::FileDescriptorProto file;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        R"(name: "every.proto" package: "acme" syntax: "proto3"
           enum_type { name: "Mood"
             value { name: "MOOD_UNKNOWN" number: 0 }
             value { name: "MOOD_CALM" number: 3 } }
           message_type { name: "Every"
             field { name: "mood" number: 30 label: LABEL_OPTIONAL
                     type: TYPE_ENUM type_name: ".acme.Mood" }
             field { name: "moods" number: 31 label: LABEL_REPEATED
                     type: TYPE_ENUM type_name: ".acme.Mood" }
             field { name: "below" number: 32 label: LABEL_OPTIONAL
                     type: TYPE_MESSAGE type_name: ".acme.Every" }
             field { name: "many_below" number: 33 label: LABEL_REPEATED
                     type: TYPE_MESSAGE type_name: ".acme.Every" }
             field { name: "maybe" number: 34 label: LABEL_OPTIONAL
                     type: TYPE_INT32 proto3_optional: true oneof_index: 0 }
             oneof_decl { name: "_maybe" } }
           message_type { name: "Mapped"
             field { name: "names" number: 1 label: LABEL_REPEATED
                     type: TYPE_MESSAGE type_name: ".acme.Mapped.NamesEntry" }
             nested_type { name: "NamesEntry" options { map_entry: true }
               field { name: "key" number: 1 label: LABEL_OPTIONAL
                       type: TYPE_STRING }
               field { name: "value" number: 2 label: LABEL_OPTIONAL
                       type: TYPE_INT64 } } })",
        &file));
    int number = 1;
    for (const absl::string_view type : kTypes) {
      for (const bool is_many : {false, true}) {
        auto* const field = file.mutable_message_type(0)->add_field();
        field->set_name(absl::StrCat(is_many ? "many_" : "one_", number));
        // Not in the order of their declarations.
        field->set_number(is_many ? 100 - number : number);
        field->set_label(
            is_many ? google::protobuf::FieldDescriptorProto::LABEL_REPEATED
                    : google::protobuf::FieldDescriptorProto::LABEL_OPTIONAL);
        google::protobuf::FieldDescriptorProto::Type value;
        EXPECT_TRUE(google::protobuf::FieldDescriptorProto::Type_Parse(
            std::string(type), &value));
        field->set_type(value);
      }
      ++number;
    }
    EXPECT_NE(nullptr, pool_.BuildFile(file));
  }

  std::unique_ptr<Message> New(const std::string& name) {
    return std::unique_ptr<Message>(
        factory_.GetPrototype(pool_.FindMessageTypeByName("acme." + name))
            ->New());
  }

 private:
  DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_{&pool_};
};

// Fills messages with whatever their fields may hold.
class Filler {
 public:
  explicit Filler(uint32_t seed) : random_(seed) {}

  void Fill(Message* message, int depth) {
    const Descriptor& type = *message->GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const bool is_deep = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
      if (field.is_map() || random_() % 3 == 0 || (is_deep && depth == 0)) {
        continue;
      }
      for (int j = field.is_repeated() ? random_() % 3 : 1; j > 0; --j) {
        Set(message, field, depth);
      }
    }
  }

 private:
  void Set(Message* message, const FieldDescriptor& field, int depth) {
    const Reflection& to = *message->GetReflection();
    const bool many = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        many ? to.AddInt32(message, &field, Whole<int32_t>())
             : to.SetInt32(message, &field, Whole<int32_t>());
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        many ? to.AddInt64(message, &field, Whole<int64_t>())
             : to.SetInt64(message, &field, Whole<int64_t>());
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        many ? to.AddUInt32(message, &field, Whole<uint32_t>())
             : to.SetUInt32(message, &field, Whole<uint32_t>());
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        many ? to.AddUInt64(message, &field, Whole<uint64_t>())
             : to.SetUInt64(message, &field, Whole<uint64_t>());
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        many ? to.AddDouble(message, &field, Real<double>())
             : to.SetDouble(message, &field, Real<double>());
        break;
      case FieldDescriptor::CPPTYPE_FLOAT:
        many ? to.AddFloat(message, &field, Real<float>())
             : to.SetFloat(message, &field, Real<float>());
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        many ? to.AddBool(message, &field, random_() % 2 == 0)
             : to.SetBool(message, &field, random_() % 2 == 0);
        break;
      case FieldDescriptor::CPPTYPE_ENUM: {
        // One in four is a number without a name.
        const int at = static_cast<int>(random_() % 4);
        const int number = at < field.enum_type()->value_count()
                               ? field.enum_type()->value(at)->number()
                               : 77'777;
        many ? to.AddEnumValue(message, &field, number)
             : to.SetEnumValue(message, &field, number);
        break;
      }
      case FieldDescriptor::CPPTYPE_STRING:
        many ? to.AddString(message, &field, Text())
             : to.SetString(message, &field, Text());
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        Message* const below = many ? to.AddMessage(message, &field)
                                    : to.MutableMessage(message, &field);
        FillBelow(below, depth - 1);
        break;
      }
    }
  }

  void FillBelow(Message* message, int depth) {
    const std::string& name = message->GetDescriptor()->full_name();
    if (name != "google.protobuf.Timestamp" &&
        name != "google.protobuf.Duration") {
      Fill(message, depth);
      return;
    }
    const Reflection& to = *message->GetReflection();
    const bool is_time = name == "google.protobuf.Timestamp";
    constexpr int64_t kSeconds[] = {0, 1, 1'780'000'000, 253'402'300'799};
    const int64_t sign = random_() % 2 == 0 ? 1 : -1;
    int64_t seconds = sign * kSeconds[random_() % 4];
    if (is_time && seconds < -62'135'596'800) seconds = -62'135'596'800;
    constexpr int32_t kNanos[] = {0, 0, 500'000'000, 1'000, 999'999'999};
    int32_t nanos = kNanos[random_() % 5];
    if (!is_time && seconds < 0) nanos = -nanos;
    to.SetInt64(message, message->GetDescriptor()->FindFieldByNumber(1),
                seconds);
    to.SetInt32(message, message->GetDescriptor()->FindFieldByNumber(2), nanos);
  }

  template <typename Number>
  Number Whole() {
    switch (random_() % 4) {
      case 0:
        return 0;
      case 1:
        return std::numeric_limits<Number>::max();
      case 2:
        return std::numeric_limits<Number>::min();
      default:
        return static_cast<Number>(random_());
    }
  }

  template <typename Number>
  Number Real() {
    using Limits = std::numeric_limits<Number>;
    const Number numbers[] = {
        Number(0),           Number(-0.0),         Number(36.6),
        Number(1) / 3,       Number(1e21),         Number(123456789),
        Limits::max(),       Limits::denorm_min(), Limits::infinity(),
        -Limits::infinity(), Limits::quiet_NaN()};
    if (random_() % 2 == 0) return numbers[random_() % 11];
    return Number(static_cast<int32_t>(random_())) / Number(random_() + 1.0);
  }

  std::string Text() {
    constexpr absl::string_view kTexts[] = {
        "", "calm", "<b> \"a\\b\" </b>", "two\nlines\t\r\x01\x7f",
        "schläft\xE2\x80\xA8 \xF0\x9F\x8C\xB9"};
    return std::string(kTexts[random_() % 5]);
  }

  std::mt19937 random_;
};

TEST(MessageJsonTest, EveryKindOfFieldIsWrittenAsProtobufWritesIt) {
  EveryKind every;
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    const std::unique_ptr<Message> message = every.New("Every");
    Filler(seed).Fill(message.get(), 2);
    ASSERT_EQ(ProtobufsJsonOf(*message), JsonOf(*message)) << seed;
  }
}

TEST(MessageJsonTest, EveryPayloadIsWrittenAsProtobufWritesIt) {
  std::vector<const Message*> kinds = {&v1::HealthRecord::default_instance()};
  for (const auto* file : {v1::JournalEntry::descriptor()->file(),
                           v1::SleepSession::descriptor()->file(),
                           v1::FhirResource::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      kinds.push_back(
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(
              file->message_type(i)));
    }
  }
  ASSERT_GT(kinds.size(), 15u);
  for (const Message* kind : kinds) {
    for (uint32_t seed = 0; seed < 200; ++seed) {
      const std::unique_ptr<Message> message(kind->New());
      Filler(seed).Fill(message.get(), 3);
      if (auto* const record = dynamic_cast<v1::HealthRecord*>(message.get())) {
        record->mutable_payload()->PackFrom(v1::JournalEntry());
      }
      ASSERT_EQ(ProtobufsJsonOf(*message), JsonOf(*message))
          << message->GetTypeName() << " " << seed;
    }
  }
}

TEST(MessageJsonTest, WhatIsEmptyIsAnObject) {
  EXPECT_EQ("{}", JsonOf(v1::JournalEntry()));
}

TEST(MessageJsonTest, AMapIsLeftToProtobuf) {
  EveryKind every;
  const std::unique_ptr<Message> mapped = every.New("Mapped");
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(names { key: "a" value: 3 })", mapped.get()));

  EXPECT_EQ(R"({"names":{"a":"3"}})", JsonOf(*mapped));
}

TEST(MessageJsonTest, ATimeThatJsonCannotSayIsAnErrorWithoutTheValue) {
  v1::SleepSession sleep;
  sleep.mutable_asleep()->set_seconds(999999999999999);
  std::string json;

  const absl::Status status = AppendMessageJson(sleep, &json);

  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("99999")));
}

}  // namespace
}  // namespace subrosa
