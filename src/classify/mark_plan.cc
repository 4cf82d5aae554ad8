#include "src/classify/mark_plan.h"

#include <algorithm>
#include <utility>

#include "google/protobuf/wire_format_lite.h"
#include "src/base/status_macros.h"
#include "src/classify/marks.h"

namespace subrosa {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

// What stands in the plan for `field`, but for `below`.
absl::StatusOr<FieldMarkPlan> PlanField(const FieldDescriptor& field,
                                        bool in_map_entry) {
  FieldMarkPlan plan;
  plan.descriptor = &field;
  plan.wire_type = static_cast<uint8_t>(WireFormatLite::WireTypeForFieldType(
      static_cast<WireFormatLite::FieldType>(field.type())));
  plan.may_be_packed = field.is_packable();
  plan.absent_if_default = !field.is_repeated() && !field.has_presence();
  // Keys and values of a map are as the map's own mark says.
  if (in_map_entry) return plan;

  SUBROSA_ASSIGN_OR_RETURN(const v1::FieldMark mark, MarkOf(field));
  plan.from_parent = mark.from_parent();
  plan.role = mark.role();
  plan.kinds = KindsOf(mark);
  plan.kinds.has_unmarked = !IsMarked(mark) && !SpeaksThroughItsFields(field);
  return plan;
}

// The message whose fields are to be walked below `field`, or null.
absl::StatusOr<const Descriptor*> MessageBelow(const FieldDescriptor& field) {
  const Descriptor* below = field.message_type();
  if (below == nullptr || IsSingleValue(*below)) return nullptr;
  SUBROSA_ASSIGN_OR_RETURN(const v1::FieldMark mark, MarkOf(field));
  return mark.not_personal() ? nullptr : below;
}

// Fills `plan` for `message`, but for `below` of its fields.
absl::Status PlanMessage(const Descriptor& message, MarkPlan* plan) {
  plan->descriptor = &message;
  const bool is_map_entry = message.options().map_entry();
  if (!is_map_entry) {
    SUBROSA_ASSIGN_OR_RETURN(const v1::MessageMark mark, MarkOf(message));
    plan->kinds = KindsOf(mark);
  }
  for (int i = 0; i < message.field_count(); ++i) {
    SUBROSA_ASSIGN_OR_RETURN(FieldMarkPlan field,
                             PlanField(*message.field(i), is_map_entry));
    plan->has_resource_type |= field.role == v1::FIELD_ROLE_RESOURCE_TYPE;
    plan->fields.push_back(field);
  }
  std::sort(plan->fields.begin(), plan->fields.end(),
            [](const FieldMarkPlan& a, const FieldMarkPlan& b) {
              return a.descriptor->number() < b.descriptor->number();
            });
  for (const FieldMarkPlan& field : plan->fields) {
    const uint32_t number = field.descriptor->number();
    if (number < MarkPlan::kLow) plan->low[number] = &field;
  }
  return absl::OkStatus();
}

}  // namespace

const FieldMarkPlan* MarkPlan::Find(uint32_t number) const {
  const auto field = std::lower_bound(
      fields.begin(), fields.end(), number,
      [](const FieldMarkPlan& plan, uint32_t wanted) {
        return static_cast<uint32_t>(plan.descriptor->number()) < wanted;
      });
  if (field == fields.end() ||
      static_cast<uint32_t>(field->descriptor->number()) != number) {
    return nullptr;
  }
  return &*field;
}

uint64_t MarkPlans::BitOf(const Classification& kinds) {
  size_t place = 0;
  while (place < used_bits_ && kinds_[place] != kinds) ++place;
  if (place == kBits) return 0;
  if (place == used_bits_) kinds_[used_bits_++] = kinds;
  return uint64_t{1} << place;
}

absl::StatusOr<const MarkPlan*> MarkPlans::Get(const Descriptor& message) {
  if (const auto known = plans_.find(&message); known != plans_.end()) {
    return known->second.get();
  }
  // Types may hold themselves: make every plan first, then tie them together.
  Plans made;
  std::vector<const Descriptor*> open = {&message};
  while (!open.empty()) {
    const Descriptor* next = open.back();
    open.pop_back();
    if (plans_.contains(next) || made.contains(next)) continue;
    auto plan = std::make_unique<MarkPlan>();
    SUBROSA_RETURN_IF_ERROR(PlanMessage(*next, plan.get()));
    made[next] = std::move(plan);
    for (int i = 0; i < next->field_count(); ++i) {
      SUBROSA_ASSIGN_OR_RETURN(const Descriptor* below,
                               MessageBelow(*next->field(i)));
      if (below != nullptr) open.push_back(below);
    }
  }
  for (auto& [type, plan] : made) {
    plan->kinds_bit = BitOf(plan->kinds);
    for (FieldMarkPlan& field : plan->fields) {
      field.kinds_bit = BitOf(field.kinds);
      SUBROSA_ASSIGN_OR_RETURN(const Descriptor* below,
                               MessageBelow(*field.descriptor));
      if (below == nullptr) continue;
      const auto fresh = made.find(below);
      field.below = fresh != made.end() ? fresh->second.get()
                                        : plans_.find(below)->second.get();
    }
  }
  for (auto& [type, plan] : made) plans_[type] = std::move(plan);
  return plans_[&message].get();
}

}  // namespace subrosa
