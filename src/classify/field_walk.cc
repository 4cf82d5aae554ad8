#include "src/classify/field_walk.h"

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;

FieldPaths::FieldPaths() { frames_.push_back({"payload", {}}); }

void FieldPaths::Field(const FieldMarkPlan& field) {
  if (field.descriptor->is_repeated()) ++frames_.back().elements[&field];
}

void FieldPaths::Enter(const FieldMarkPlan& field) {
  frames_.push_back({Below(field), {}});
}

std::string FieldPaths::Below(const FieldMarkPlan& field) const {
  const Frame& here = frames_.back();
  std::string path = absl::StrCat(here.path, ".", field.descriptor->name());
  if (!field.descriptor->is_repeated()) return path;
  const auto element = here.elements.find(&field);
  const int last = element == here.elements.end() ? 0 : element->second - 1;
  return absl::StrCat(path, "[", last, "]");
}

absl::StatusOr<PayloadPlan> PlanOfPayload(const v1::HealthRecord& record,
                                          const DescriptorPool& pool,
                                          MarkPlans* plans) {
  const std::string& url = record.payload().type_url();
  const std::string name = url.substr(url.rfind('/') + 1);
  PayloadPlan found;
  found.type = pool.FindMessageTypeByName(name);
  if (found.type == nullptr) {
    found.type = DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  }
  if (found.type == nullptr) {
    return absl::InvalidArgumentError(
        "payload: want a message type known here, got another");
  }
  SUBROSA_ASSIGN_OR_RETURN(found.plan, plans->Get(*found.type));
  return found;
}

absl::Status WalkStatus(WalkEnd end, absl::string_view payload) {
  if (end == WalkEnd::kDone) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "payload: want well-formed protobuf nested at most ", kMaxFieldDepth,
      " deep, got ", payload.size(), " bytes that are not"));
}

}  // namespace subrosa
