#include "tests/fuzz/ingest_same_message.h"

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/field_comparator.h"
#include "google/protobuf/util/message_differencer.h"
#include "src/ingest/message_types.h"
#include "tests/fuzz/ingest_memory_file.h"

namespace subrosa {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

// Writes what the Anys of `message` hold anew: protobuf's JSON parser writes
// default values into them too, and in the order of the text.
void NormalizeAnys(Message* message) {
  const Reflection* const r = message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  r->ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->message_type() == nullptr) continue;
    const int count = field->is_repeated() ? r->FieldSize(*message, field) : 1;
    for (int i = 0; i < count; ++i) {
      NormalizeAnys(field->is_repeated()
                        ? r->MutableRepeatedMessage(message, field, i)
                        : r->MutableMessage(message, field));
    }
  }
  auto* const any = dynamic_cast<google::protobuf::Any*>(message);
  if (any == nullptr) return;
  const google::protobuf::Descriptor* const type =
      MessageTypes::Linked()->FindByUrl(any->type_url());
  Require(type != nullptr);
  const std::unique_ptr<Message> inside = MessageTypes::Linked()->New(type);
  Require(inside->ParseFromString(any->value()));
  NormalizeAnys(inside.get());
  any->set_value(inside->SerializeAsString());
}

}  // namespace

bool IsSameMessage(const Message& a, const Message& b) {
  const std::unique_ptr<Message> left(a.New()), right(b.New());
  left->CopyFrom(a);
  right->CopyFrom(b);
  NormalizeAnys(left.get());
  NormalizeAnys(right.get());
  google::protobuf::util::DefaultFieldComparator comparator;
  comparator.set_treat_nan_as_equal(true);
  google::protobuf::util::MessageDifferencer differencer;
  differencer.set_field_comparator(&comparator);
  return differencer.Compare(*left, *right);
}

}  // namespace subrosa
