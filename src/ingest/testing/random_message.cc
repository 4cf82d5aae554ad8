#include "src/ingest/testing/random_message.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "src/ingest/testing/acme.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

constexpr int kMaxLevels = 4;

class Filler {
 public:
  explicit Filler(std::mt19937_64* random) : random_(*random) {}

  void Fill(Message* message, int level) {
    const Descriptor* const type = message->GetDescriptor();
    switch (type->well_known_type()) {
      case Descriptor::WELLKNOWNTYPE_ANY:
        FillAny(static_cast<google::protobuf::Any*>(message));
        return;
      case Descriptor::WELLKNOWNTYPE_TIMESTAMP: {
        auto* const time = static_cast<google::protobuf::Timestamp*>(message);
        time->set_seconds(-62135596800 +
                          static_cast<int64_t>(random_() % 315537897600));
        time->set_nanos(Nanos());
        return;
      }
      case Descriptor::WELLKNOWNTYPE_DURATION: {
        auto* const span = static_cast<google::protobuf::Duration*>(message);
        const int64_t sign = Chance(2) ? -1 : 1;
        span->set_seconds(sign *
                          static_cast<int64_t>(random_() % 315576000000));
        span->set_nanos(static_cast<int32_t>(sign) * Nanos());
        return;
      }
      default:
        break;
    }
    for (int i = 0; i < type->field_count(); ++i) {
      if (Chance(2)) FillField(type->field(i), message, level);
    }
  }

 private:
  bool Chance(uint64_t in) { return random_() % in == 0; }

  int32_t Nanos() {
    constexpr int32_t kSteps[] = {1000000000, 1000000, 1000, 1};
    const int32_t step = kSteps[random_() % 4];
    return static_cast<int32_t>(random_() % (1000000000 / step)) * step;
  }

  void FillAny(google::protobuf::Any* any) {
    if (Chance(2)) {
      v1::MoodCheckIn inside;
      Fill(&inside, kMaxLevels);
      any->PackFrom(inside);
    } else {
      acme::v1::CheckIn inside;
      Fill(&inside, kMaxLevels);
      any->PackFrom(inside);
    }
  }

  template <typename T>
  T Number() {
    switch (random_() % 5) {
      case 0:
        return std::numeric_limits<T>::max();
      case 1:
        return std::numeric_limits<T>::lowest();
      case 2:
        return static_cast<T>(random_() % 3);
      default:
        return static_cast<T>(random_() >> (random_() % 64));
    }
  }

  double Floating() {
    switch (random_() % 8) {
      case 0:
        return std::numeric_limits<double>::infinity();
      case 1:
        return -0.0;
      case 2:
        return std::numeric_limits<double>::denorm_min();
      case 3:
        return std::numeric_limits<double>::max();
      default:
        return static_cast<double>(static_cast<int64_t>(random_())) /
               static_cast<double>(1 + random_() % 1000000);
    }
  }

  std::string Text() {
    static const char* const kPieces[] = {"a",
                                          "mood ",
                                          "\"",
                                          "\\",
                                          "\n",
                                          "\t",
                                          "/",
                                          "<b>",
                                          "\x7F",
                                          "\xC3\xA9",
                                          "\xE2\x82\xAC",
                                          "{}",
                                          "\x01",
                                          "null",
                                          "0",
                                          "\xF0\x9F\x8C\xB9"};
    std::string text;
    for (uint64_t pieces = random_() % 12; pieces > 0; --pieces) {
      text += kPieces[random_() % (sizeof(kPieces) / sizeof(kPieces[0]))];
    }
    return text;
  }

  std::string Bytes() {
    std::string bytes(random_() % 9, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }

  int EnumNumber(const EnumDescriptor* type) {
    return type->value(static_cast<int>(random_() % type->value_count()))
        ->number();
  }

  void FillField(const FieldDescriptor* field, Message* message, int level) {
    const bool is_message = field->message_type() != nullptr;
    if (is_message && level >= kMaxLevels) return;
    if (is_message && field->message_type()->well_known_type() ==
                          Descriptor::WELLKNOWNTYPE_STRUCT) {
      return;
    }
    if (field->is_map()) {
      FillMap(field, message, level);
      return;
    }
    const uint64_t count = field->is_repeated() ? random_() % 4 : 1;
    for (uint64_t i = 0; i < count; ++i) SetOne(field, message, level);
  }

  // Keys twice would be one entry on one side and an error on the other.
  void FillMap(const FieldDescriptor* field, Message* message, int level) {
    const Reflection* const reflection = message->GetReflection();
    const uint64_t count = random_() % 3;
    for (uint64_t i = 0; i < count; ++i) {
      Message* const entry = reflection->AddMessage(message, field);
      const FieldDescriptor* const key = entry->GetDescriptor()->field(0);
      const Reflection* const of_entry = entry->GetReflection();
      switch (key->cpp_type()) {
        case FieldDescriptor::CPPTYPE_STRING:
          of_entry->SetString(entry, key, absl::StrCat(Text(), i));
          break;
        case FieldDescriptor::CPPTYPE_BOOL:
          of_entry->SetBool(entry, key, i == 1);
          break;
        default:
          of_entry->SetInt32(entry, key,
                             static_cast<int32_t>(i) * (Chance(2) ? -7 : 5));
          break;
      }
      SetOne(entry->GetDescriptor()->field(1), entry, level);
    }
  }

  void SetOne(const FieldDescriptor* field, Message* message, int level) {
    const Reflection* const r = message->GetReflection();
    const bool add = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32: {
        const int32_t value = Number<int32_t>();
        add ? r->AddInt32(message, field, value)
            : r->SetInt32(message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_INT64: {
        const int64_t value = Number<int64_t>();
        add ? r->AddInt64(message, field, value)
            : r->SetInt64(message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_UINT32: {
        const uint32_t value = Number<uint32_t>();
        add ? r->AddUInt32(message, field, value)
            : r->SetUInt32(message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_UINT64: {
        const uint64_t value = Number<uint64_t>();
        add ? r->AddUInt64(message, field, value)
            : r->SetUInt64(message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_DOUBLE: {
        const double value = Floating();
        add ? r->AddDouble(message, field, value)
            : r->SetDouble(message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_FLOAT:
        r->SetFloat(message, field,
                    static_cast<float>(static_cast<int32_t>(random_())) / 64);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        r->SetBool(message, field, Chance(2));
        break;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int value = EnumNumber(field->enum_type());
        add ? r->AddEnumValue(message, field, value)
            : r->SetEnumValue(message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string value =
            field->type() == FieldDescriptor::TYPE_BYTES ? Bytes() : Text();
        add ? r->AddString(message, field, value)
            : r->SetString(message, field, value);
        break;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Fill(add ? r->AddMessage(message, field)
                 : r->MutableMessage(message, field),
             level + 1);
        break;
    }
  }

  std::mt19937_64& random_;
};

}  // namespace

void FillAtRandom(std::mt19937_64* random, Message* message) {
  Filler(random).Fill(message, 0);
}

}  // namespace subrosa
