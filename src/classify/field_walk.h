// What readers of a record's fields share: the payload's type, a walk through
// its wire form, and the path of each field on the way. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_FIELD_WALK_H_
#define SUBROSA_SRC_CLASSIFY_FIELD_WALK_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "src/classify/code_table.h"
#include "src/classify/mark_plan.h"
#include "src/classify/wire_walk.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Paths of the fields that a sink of WireWalk is told of, from `payload` on:
// "payload.code.coding[0]". It wants to be told of them first.
class FieldPaths {
 public:
  FieldPaths();

  void Field(const FieldMarkPlan& field);
  void Enter(const FieldMarkPlan& field);
  void Leave() { frames_.pop_back(); }

  // Of the message that is walked through, and of a field in it: of the element
  // told last, if it is repeated.
  const std::string& Here() const { return frames_.back().path; }
  std::string Below(const FieldMarkPlan& field) const;

 private:
  struct Frame {
    std::string path;
    absl::flat_hash_map<const FieldMarkPlan*, int> elements;
  };

  std::vector<Frame> frames_;
};

struct PayloadPlan {
  const google::protobuf::Descriptor* type = nullptr;
  const MarkPlan* plan = nullptr;  // Of `plans`.
};

// How to walk through the payload of `record`, whose type is looked up in
// `pool` and then among those linked into the program. INVALID_ARGUMENT if
// neither knows it; errors as MarkPlans::Get.
absl::StatusOr<PayloadPlan> PlanOfPayload(
    const v1::HealthRecord& record,
    const google::protobuf::DescriptorPool& pool, MarkPlans* plans);

// What a walk through `payload` that ended so comes to: OK or INVALID_ARGUMENT.
absl::Status WalkStatus(WalkEnd end, absl::string_view payload);

// As Classifier::kMaxDepth.
inline constexpr int kMaxFieldDepth = 100;

// Walks through `payload`. INVALID_ARGUMENT if it is malformed or nested too
// deep: `sink` was told of what stands before.
template <typename Sink>
absl::Status WalkFields(const MarkPlan& plan, absl::string_view payload,
                        const CodeTable& codes, Sink* sink) {
  WalkContext context;
  context.codes = &codes;
  return WalkStatus(
      WireWalk<Sink>(&context, sink).Run(plan, payload, kMaxFieldDepth),
      payload);
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_FIELD_WALK_H_
