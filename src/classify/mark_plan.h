// A MessagePlan is a message type's marks, compiled for one walk over wire
// bytes: for each field number what to expect there and what its presence says.
// Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_MARK_PLAN_H_
#define SUBROSA_SRC_CLASSIFY_MARK_PLAN_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "src/classify/classification.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {

struct MessagePlan;

struct FieldPlan {
  const google::protobuf::FieldDescriptor* descriptor = nullptr;

  // Wire type of one value, 0 to 5.
  uint8_t wire_type = 0;

  // Repeated scalars may also come packed, as one length-delimited value.
  bool may_be_packed = false;

  // proto3 scalars without `optional`: a default value means absent.
  bool absent_if_default = false;

  // A coding below this field says what the record itself is.
  bool from_parent = false;

  v1::FieldRole role = v1::FIELD_ROLE_UNSPECIFIED;

  // What the field's presence says. An unmarked field says `has_unmarked`.
  Classification kinds;

  // The plan of what is below; null for scalars and for single values.
  const MessagePlan* below = nullptr;
};

struct MessagePlan {
  const google::protobuf::Descriptor* descriptor = nullptr;

  // What every message of this type says.
  Classification kinds;

  // Has a field with role CODE; with role RESOURCE_TYPE.
  bool has_codes = false;
  bool has_resource_type = false;

  // Ordered by number. `index` leads from a number below its size to one more
  // than the place in `fields`; 0 says that there is none.
  std::vector<FieldPlan> fields;
  std::vector<uint8_t> index;

  // The plan of field `number`, or null.
  const FieldPlan* Find(uint32_t number) const {
    if (number < index.size()) {
      const uint8_t place = index[number];
      return place == 0 ? nullptr : &fields[place - 1];
    }
    return FindSlowly(number);
  }

  const FieldPlan* FindSlowly(uint32_t number) const;
};

// Plans by type, each made once. Plans stay where they are as long as the set
// lives. Thread-compatible.
class MarkPlans {
 public:
  // The plan for `message`, compiling it and all that it holds if need be.
  // INVALID_ARGUMENT if a mark is malformed; then nothing is added.
  absl::StatusOr<const MessagePlan*> Get(
      const google::protobuf::Descriptor& message);

 private:
  using Plans = absl::flat_hash_map<const google::protobuf::Descriptor*,
                                    std::unique_ptr<MessagePlan>>;

  Plans plans_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_MARK_PLAN_H_
