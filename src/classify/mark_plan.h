// A MarkPlan is a message type's marks, compiled for one walk over wire
// bytes: for each field number what to expect there and what its presence says.
// Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_MARK_PLAN_H_
#define SUBROSA_SRC_CLASSIFY_MARK_PLAN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "src/classify/classification.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {

struct MarkPlan;

struct FieldMarkPlan {
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

  // Of the plans' sets of kinds, the one that `kinds` is, as a bit. Zero for
  // those that found no bit left.
  uint64_t kinds_bit = 0;

  // The plan of what is below; null for scalars and for single values.
  const MarkPlan* below = nullptr;

  const google::protobuf::FieldDescriptor* descriptor = nullptr;
};

struct MarkPlan {
  // Field numbers below this are found by one load. Their tags take one byte.
  static constexpr uint32_t kLow = 16;

  // By number; null where there is no field.
  const FieldMarkPlan* low[kLow] = {};

  // What every message of this type says, and its bit as in FieldMarkPlan.
  Classification kinds;
  uint64_t kinds_bit = 0;

  // Has a field with role RESOURCE_TYPE.
  bool has_resource_type = false;

  // Ordered by number.
  std::vector<FieldMarkPlan> fields;

  const google::protobuf::Descriptor* descriptor = nullptr;

  // The plan of field `number`, or null.
  const FieldMarkPlan* Find(uint32_t number) const;
};

// Plans by type, each made once. Plans stay where they are as long as the set
// lives. Thread-compatible.
class MarkPlans {
 public:
  // The plan for `message`, compiling it and all that it holds if need be.
  // INVALID_ARGUMENT if a mark is malformed; then nothing is added.
  absl::StatusOr<const MarkPlan*> Get(
      const google::protobuf::Descriptor& message);

  // Sets of kinds that have a bit. Those of a plan's bits never change, so that
  // they may be read while another thread is in Get.
  static constexpr size_t kBits = 64;
  using BitKinds = std::array<Classification, kBits>;
  const BitKinds& kinds() const { return kinds_; }

 private:
  using Plans = absl::flat_hash_map<const google::protobuf::Descriptor*,
                                    std::unique_ptr<MarkPlan>>;

  // The bit of `kinds`, given if need be.
  uint64_t BitOf(const Classification& kinds);

  Plans plans_;
  BitKinds kinds_;
  size_t used_bits_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_MARK_PLAN_H_
