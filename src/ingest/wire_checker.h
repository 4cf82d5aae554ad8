// A WireChecker checks that bytes are one message in protobuf's wire format,
// strictly: a field that the type does not have is an error, since nobody could
// say what it holds. So is what readers pass over in silence: a value that a
// later one replaces, and bits of a number that its type has no room for.
//
// protobuf's own parser keeps unknown fields, prints when a string is no UTF-8,
// and says of what is wrong only that it is.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_WIRE_CHECKER_H_
#define SUBROSA_SRC_INGEST_WIRE_CHECKER_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/ingest/field_fault.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/role_values.h"
#include "src/ingest/wire_field.h"

namespace subrosa {

class WireChecker {
 public:
  // `plans` (not owned) must outlive this object.
  explicit WireChecker(MessagePlans* plans) : plans_(plans) {}

  // Checks `wire` as a message of `plan`, and what its Anys hold as what they
  // name.
  //
  // Returns INVALID_ARGUMENT, `field.path: want …, got …`, for a length beyond
  // the end, a field that is unknown or given twice, a second member of a
  // oneof, a map key twice, a value of the wrong kind or out of range, a group,
  // an unknown enum number, a string that is no UTF-8, a time out of range, an
  // Any of an unknown or unmarked type, and for more than kMaxDepth levels. The
  // path is `record` where no field is to blame; it holds the index of a list's
  // element, and no key of a map.
  absl::Status Check(absl::string_view wire, const MessagePlan& plan);

  // Of the last message that passed. The views are valid as long as its `wire`.
  const RoleValues& roles() const { return roles_; }

 private:
  // The keys that the maps of one message have had.
  class MapKeys;

  bool Message(absl::string_view wire, const MessagePlan& plan, int depth);
  bool Field(const FieldPlan& plan, const WireField& value, int depth);
  bool Packed(const FieldPlan& plan, absl::string_view bytes);
  bool Scalar(const FieldPlan& plan, const WireField& value);
  bool Number(const FieldPlan& plan, uint64_t number);
  bool Any(absl::string_view wire, int depth);
  bool SecondsAndNanos(absl::string_view wire, MessageShape shape);

  // The fault lies in the field of `plan` whose last value is the one that ends
  // where `message` ends. Returns false.
  bool FaultIn(const FieldPlan& plan, absl::string_view message);

  MessagePlans* plans_;
  RoleValues roles_;
  TextTime last_time_;
  FieldFault fault_;
  size_t packed_index_ = 0;  // Of the packed value looked at last.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_WIRE_CHECKER_H_
