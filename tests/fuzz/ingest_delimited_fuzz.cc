// Bytes from strangers, as messages in protobuf's wire format: the first byte
// says what the rest is.
//
//   'e'  one acme.v1.Everything   what passes, protobuf reads whole, and its
//   'r'  one HealthRecord         JSON of it is read back to the same message
//   'f'  a file of HealthRecords
//   'b'  a file of bare acme.v1.CheckIns
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"
#include "google/protobuf/util/json_util.h"
#include "src/ingest/json_decoder.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/message_types.h"
#include "src/ingest/testing/acme.pb.h"
#include "src/ingest/wire_checker.h"
#include "subrosa/v1/record.pb.h"
#include "tests/fuzz/ingest_memory_file.h"
#include "tests/fuzz/ingest_same_message.h"

namespace subrosa {
namespace {

void CheckOne(absl::string_view wire,
              const google::protobuf::Message& prototype) {
  static MessagePlans* const plans = new MessagePlans(MessageTypes::Linked());
  static WireChecker* const checker = new WireChecker(plans);
  static JsonDecoder* const decoder = new JsonDecoder(plans);
  const MessagePlan& plan = *plans->For(prototype.GetDescriptor());
  const absl::Status status = checker->Check(wire, plan);
  if (!status.ok()) {
    Require(absl::IsInvalidArgument(status));
    return;
  }
  const std::unique_ptr<google::protobuf::Message> read(prototype.New());
  Require(read->ParseFromArray(wire.data(), static_cast<int>(wire.size())));
  Require(read->GetReflection()->GetUnknownFields(*read).empty());
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(*read, &json).ok()) return;
  const std::string padded = Padded(json);
  std::string back;
  // What JSON cannot say, or we do not read, is refused; the rest is the same.
  if (!decoder
           ->Decode(absl::string_view(padded).substr(0, json.size()), plan,
                    &back)
           .ok()) {
    return;
  }
  const std::unique_ptr<google::protobuf::Message> again(prototype.New());
  Require(again->ParseFromString(back));
  Require(IsSameMessage(*read, *again));
}

void Run(char what, absl::string_view rest) {
  switch (what) {
    case 'e':
      CheckOne(rest, acme::v1::Everything::default_instance());
      return;
    case 'r':
      CheckOne(rest, v1::HealthRecord::default_instance());
      return;
    case 'b': {
      ReaderOptions options = FuzzOptions(Format::kDelimited);
      options.message_type = acme::v1::CheckIn::descriptor()->full_name();
      ReadAllOf(rest, options);
      return;
    }
    default:
      ReadAllOf(rest, FuzzOptions(Format::kDelimited));
      return;
  }
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  subrosa::Run(bytes[0], bytes.substr(1));
  return 0;
}
