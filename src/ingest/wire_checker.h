// A WireChecker checks that bytes are one message in protobuf's wire format,
// strictly: a field that the type does not have is an error, since nobody could
// say what it holds.
//
// protobuf's own parser keeps unknown fields, prints when a string is no UTF-8,
// and says of what is wrong only that it is.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_WIRE_CHECKER_H_
#define SUBROSA_SRC_INGEST_WIRE_CHECKER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/ingest/field_fault.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/role_values.h"

namespace subrosa {

// Takes a varint of at most 64 bits off the front of `wire`. False, with `wire`
// as it was, if none stands there whole.
bool TakeVarint(absl::string_view* wire, uint64_t* number);

class WireChecker {
 public:
  // `plans` (not owned) must outlive this object.
  explicit WireChecker(MessagePlans* plans) : plans_(plans) {}

  // Checks `wire` as a message of `plan`, and what its Anys hold as what they
  // name.
  //
  // Returns INVALID_ARGUMENT, `field.path: want …, got …`, for a length beyond
  // the end, a field that is unknown or given twice, a value of the wrong kind,
  // an unknown enum number, a string that is no UTF-8, a time out of range, an
  // Any of an unknown or unmarked type, and for more than kMaxDepth levels. The
  // path is `record` where no field is to blame.
  absl::Status Check(absl::string_view wire, const MessagePlan& plan);

  // Of the last message that passed. The views are valid as long as its `wire`.
  const RoleValues& roles() const { return roles_; }

 private:
  struct Value;

  // Takes a value of `value->type` off the front of `wire`.
  static bool TakeValue(absl::string_view* wire, Value* value);

  bool Message(absl::string_view wire, const MessagePlan& plan, int depth);
  bool Field(const FieldPlan& plan, const Value& value, int depth);
  bool Packed(const FieldPlan& plan, absl::string_view bytes);
  bool Scalar(const FieldPlan& plan, const Value& value);
  bool Any(absl::string_view wire, int depth);
  bool SecondsAndNanos(absl::string_view wire, MessageShape shape);

  MessagePlans* plans_;
  RoleValues roles_;
  TextTime last_time_;
  FieldFault fault_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_WIRE_CHECKER_H_
