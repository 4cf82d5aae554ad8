#include "src/ingest/message_plan.h"

#include <algorithm>
#include <string>

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;

MessageShape ShapeOf(const Descriptor& type) {
  const std::string& name = type.full_name();
  if (type.file()->package() != "google.protobuf") return MessageShape::kFields;
  if (type.well_known_type() == Descriptor::WELLKNOWNTYPE_ANY) {
    return MessageShape::kAny;
  }
  if (type.well_known_type() == Descriptor::WELLKNOWNTYPE_TIMESTAMP) {
    return MessageShape::kTimestamp;
  }
  if (type.well_known_type() == Descriptor::WELLKNOWNTYPE_DURATION) {
    return MessageShape::kDuration;
  }
  if (type.well_known_type() >= Descriptor::WELLKNOWNTYPE_DOUBLEVALUE &&
      type.well_known_type() <= Descriptor::WELLKNOWNTYPE_BOOLVALUE) {
    return MessageShape::kWrapper;
  }
  return name == "google.protobuf.Empty" ? MessageShape::kFields
                                         : MessageShape::kUnread;
}

WireType WireTypeOf(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return WireType::kFixed64;
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return WireType::kFixed32;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
    case FieldDescriptor::TYPE_GROUP:
      return WireType::kLengthDelimited;
    default:
      return WireType::kVarint;
  }
}

FieldPlan PlanField(const FieldDescriptor* field) {
  FieldPlan plan;
  plan.field = field;
  plan.is_repeated = field->is_repeated();
  plan.is_packed = field->is_packed();
  plan.has_presence = field->has_presence();
  if (field->real_containing_oneof() != nullptr) {
    plan.oneof = field->real_containing_oneof()->index();
  }
  plan.role = field->options().GetExtension(v1::field).role();
  plan.wire_type = WireTypeOf(*field);
  plan.tag =
      WireTag(field->number(),
              plan.is_packed ? WireType::kLengthDelimited : plan.wire_type);
  return plan;
}

}  // namespace

int MessagePlan::IndexOf(int number, int last) const {
  const int count = static_cast<int>(fields.size());
  for (int i = last < 0 ? 0 : last; i <= last + 1 && i < count; ++i) {
    if (fields[i].field->number() == number) return i;
  }
  const auto found = std::lower_bound(fields.begin(), fields.end(), number,
                                      [](const FieldPlan& field, int wanted) {
                                        return field.field->number() < wanted;
                                      });
  if (found == fields.end() || found->field->number() != number) return -1;
  return static_cast<int>(found - fields.begin());
}

const MessagePlan* MessagePlans::For(const Descriptor* type) {
  const auto found = plans_.find(type);
  if (found != plans_.end()) return found->second.get();
  auto owned = std::make_unique<MessagePlan>();
  MessagePlan* const plan = owned.get();
  // Kept before its fields are planned, since a message may hold itself.
  plans_.emplace(type, std::move(owned));
  plan->type = type;
  plan->shape = ShapeOf(*type);
  for (int i = 0; i < type->field_count(); ++i) {
    plan->fields.push_back(PlanField(type->field(i)));
    if (type->field(i)->is_required()) plan->has_required = true;
  }
  std::sort(plan->fields.begin(), plan->fields.end(),
            [](const FieldPlan& a, const FieldPlan& b) {
              return a.field->number() < b.field->number();
            });
  for (size_t i = 0; i < plan->fields.size(); ++i) {
    FieldPlan& field = plan->fields[i];
    plan->by_name.emplace(field.field->json_name(), static_cast<int>(i));
    plan->by_name.emplace(field.field->name(), static_cast<int>(i));
    if (field.field->message_type() != nullptr) {
      field.message = For(field.field->message_type());
    }
  }
  return plan;
}

const MessagePlan* MessagePlans::ForUrl(absl::string_view type_url) {
  const Descriptor* const type = types_->FindByUrl(type_url);
  return type == nullptr ? nullptr : For(type);
}

}  // namespace subrosa
