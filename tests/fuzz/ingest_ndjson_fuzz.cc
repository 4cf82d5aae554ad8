// Bytes from strangers, as JSON of messages: the first byte says what the rest
// is.
//
//   'e'  one acme.v1.Everything   what we accept, protobuf's own parser reads
//   as 'r'  one HealthRecord         the same message 'f'  a file of
//   HealthRecords 'b'  a file of bare acme.v1.CheckIns 'd'  a file of any
//   format
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "src/ingest/json_decoder.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/message_types.h"
#include "src/ingest/testing/acme.pb.h"
#include "subrosa/v1/record.pb.h"
#include "tests/fuzz/ingest_memory_file.h"
#include "tests/fuzz/ingest_same_message.h"

namespace subrosa {
namespace {

void DecodeOne(absl::string_view json,
               const google::protobuf::Message& prototype) {
  static MessagePlans* const plans = new MessagePlans(MessageTypes::Linked());
  static JsonDecoder* const decoder = new JsonDecoder(plans);
  const std::string padded = Padded(json);
  std::string wire;
  const absl::Status status =
      decoder->Decode(absl::string_view(padded).substr(0, json.size()),
                      *plans->For(prototype.GetDescriptor()), &wire);
  if (!status.ok()) {
    Require(absl::IsInvalidArgument(status));
    return;
  }
  const std::unique_ptr<google::protobuf::Message> ours(prototype.New());
  Require(ours->ParseFromString(wire));
  const std::unique_ptr<google::protobuf::Message> theirs(prototype.New());
  Require(google::protobuf::util::JsonStringToMessage(std::string(json),
                                                      theirs.get())
              .ok());
  Require(IsSameMessage(*ours, *theirs));
}

void Run(char what, absl::string_view rest) {
  switch (what) {
    case 'e':
      DecodeOne(rest, acme::v1::Everything::default_instance());
      return;
    case 'r':
      DecodeOne(rest, v1::HealthRecord::default_instance());
      return;
    case 'b': {
      ReaderOptions options = FuzzOptions(Format::kNdjson);
      options.message_type = acme::v1::CheckIn::descriptor()->full_name();
      ReadAllOf(rest, options);
      return;
    }
    case 'd':
      ReadAllOf(rest, FuzzOptions(Format::kDetect));
      return;
    default:
      ReadAllOf(rest, FuzzOptions(Format::kNdjson));
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
