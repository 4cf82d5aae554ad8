// A MessagePlan is what a decoder needs of a message type, worked out once: its
// fields by number and by name, with tags, presence and roles.
#ifndef SUBROSA_SRC_INGEST_MESSAGE_PLAN_H_
#define SUBROSA_SRC_INGEST_MESSAGE_PLAN_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "src/ingest/message_types.h"
#include "src/ingest/wire.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {

struct MessagePlan;

// How ProtoJSON writes a message.
enum class MessageShape {
  kFields,     // As an object of its fields.
  kAny,        // As an object with "@type".
  kTimestamp,  // As a string.
  kDuration,   // As a string.
  kWrapper,    // As its value alone.
  kUnread,     // In a way that we do not read: Struct, FieldMask and the like.
};

struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;

  // As it is written: of the packed form, where the field is packed.
  uint32_t tag = 0;

  // Of one value of the field.
  WireType wire_type = WireType::kVarint;

  bool is_repeated = false;
  bool is_packed = false;

  // A default value is written too: `optional`, a member of a oneof, a message.
  bool has_presence = false;

  // Index of its oneof in the message; -1 outside one.
  int oneof = -1;

  v1::FieldRole role = v1::FIELD_ROLE_UNSPECIFIED;

  // Of the field's own type; null unless that is a message or group.
  const MessagePlan* message = nullptr;
};

struct MessagePlan {
  const google::protobuf::Descriptor* type = nullptr;
  MessageShape shape = MessageShape::kFields;

  // By number.
  std::vector<FieldPlan> fields;

  // Index into `fields`, by original and by JSON name. The names live in
  // `type`.
  absl::flat_hash_map<absl::string_view, int> by_name;

  bool has_required = false;  // In the sense of proto2.

  // Index of the field with `number`, or -1. Quick if it is the one at `last`
  // or the next one.
  int IndexOf(int number, int last) const;
};

// Makes plans as they are asked for, and keeps them. Thread-compatible.
class MessagePlans {
 public:
  // `types` (not owned) must outlive this object.
  explicit MessagePlans(const MessageTypes* types) : types_(types) {}

  // The plan of `type`, which `types` found. Owned by this object.
  const MessagePlan* For(const google::protobuf::Descriptor* type);

  // The plan of the message that an Any's type URL names; null if it is
  // unknown.
  const MessagePlan* ForUrl(absl::string_view type_url);

 private:
  const MessageTypes* types_;
  absl::flat_hash_map<const google::protobuf::Descriptor*,
                      std::unique_ptr<MessagePlan>>
      plans_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_MESSAGE_PLAN_H_
