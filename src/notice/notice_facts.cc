#include "src/notice/notice_facts.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/classify/consequences.h"
#include "src/classify/marks.h"
#include "src/law/law_file.h"
#include "src/recipients/contract_items.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {
namespace {

using google::protobuf::Descriptor;

template <typename Values, typename Value>
bool Has(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

void AddMarks(const Descriptor& message, std::set<const Descriptor*>* seen,
              Classification* kinds) {
  if (!seen->insert(&message).second || IsSingleValue(message)) return;
  if (const auto mark = MarkOf(message); mark.ok()) *kinds |= KindsOf(*mark);
  for (int i = 0; i < message.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *message.field(i);
    if (const auto mark = MarkOf(field); mark.ok()) *kinds |= KindsOf(*mark);
    if (field.message_type() != nullptr) {
      AddMarks(*field.message_type(), seen, kinds);
    }
  }
}

bool HasEnded(const v1::Recipient& recipient, absl::CivilDay day) {
  if (recipient.ended_on().empty()) return false;
  const absl::StatusOr<absl::CivilDay> ended =
      ParseLawDay(recipient.ended_on());
  return ended.ok() && *ended <= day;
}

std::vector<Flow> Flows(const NoticeFacts& facts, bool looks_back) {
  std::vector<Flow> flows;
  for (const v1::Recipient& recipient : facts.recipients) {
    const bool is_told =
        !HasEnded(recipient, facts.day) ||
        (looks_back && facts.received.count(recipient.id()) > 0);
    if (!is_told) continue;
    for (const v1::Purpose& purpose : facts.policy.purpose()) {
      if ((Does(purpose, v1::ACTION_SHARE) || Does(purpose, v1::ACTION_SELL)) &&
          Has(recipient.purpose(), purpose.id())) {
        flows.push_back({&recipient, &purpose});
      }
    }
  }
  return flows;
}

}  // namespace

SchemaMarks MarksOfSchema(const Descriptor& payload) {
  SchemaMarks marks;
  if (const auto mark = MarkOf(payload); mark.ok()) marks.title = mark->title();
  std::set<const Descriptor*> seen;
  AddMarks(payload, &seen, &marks.kinds);
  marks.kinds = WithConsequences(marks.kinds);
  return marks;
}

bool Does(const v1::Purpose& purpose, v1::Action action) {
  return Has(purpose.action(), static_cast<int>(action));
}

bool Names(const v1::Purpose& purpose, v1::HealthCategory category) {
  return Has(purpose.category(), static_cast<int>(category));
}

std::string PurposeFact(const v1::Purpose& purpose) {
  return absl::StrCat("policy: purpose `", purpose.id(), "`");
}

bool Flow::Carries(v1::HealthCategory category) const {
  return Names(*purpose, category) &&
         Has(recipient->category_allowed(), static_cast<int>(category));
}

std::set<std::string> Flow::Facts() const {
  return {PurposeFact(*purpose),
          absl::StrCat("recipient `", recipient->id(), "`")};
}

std::vector<Flow> FlowsOf(const NoticeFacts& facts) {
  return Flows(facts, false);
}

std::vector<Flow> FlowsLookingBack(const NoticeFacts& facts) {
  return Flows(facts, true);
}

std::vector<Flow> SharedUnder(const LawBook& law, const LawEntry& rule,
                              const std::vector<Flow>& flows) {
  std::set<std::string> left_out;
  for (const LawEntry& entry : law.entries()) {
    if (entry.pack != rule.pack || !entry.rule->has_permits()) continue;
    const v1::Permits& permits = entry.rule->permits();
    if (!Has(permits.action(), static_cast<int>(v1::ACTION_SHARE))) continue;
    left_out.insert(permits.not_to().begin(), permits.not_to().end());
  }
  std::vector<Flow> shared;
  for (const Flow& flow : flows) {
    const std::string role(RecipientRoleName(flow.recipient->role()));
    if (left_out.count(role) == 0) shared.push_back(flow);
  }
  return shared;
}

bool IsSoldOrShared(const Flow& flow) {
  return flow.recipient->pays() || Does(*flow.purpose, v1::ACTION_SELL) ||
         flow.purpose->targeted_advertising();
}

}  // namespace subrosa
