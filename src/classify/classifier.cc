#include "src/classify/classifier.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/classify/consequences.h"
#include "src/classify/explanation.h"
#include "src/classify/mark_plan.h"
#include "src/classify/payload_types.h"
#include "src/classify/wire_walk.h"

namespace subrosa {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;

// Sums up what a walk meets. Most of that is a bit per set of kinds; the sets
// themselves are joined once, at the end.
class Sum {
 public:
  explicit Sum(const MarkPlans::BitKinds& bit_kinds) : bit_kinds_(bit_kinds) {}

  void Message(const MarkPlan& plan, absl::string_view) {
    Take(plan.kinds_bit, plan.kinds);
  }
  void Field(const FieldMarkPlan& field, absl::string_view) {
    Take(field.kinds_bit, field.kinds);
  }
  void Enter(const FieldMarkPlan&) {}
  void Leave() {}
  void Code(const CodeRule& rule, absl::string_view) { kinds_ |= rule.adds; }
  void Unmarked() { kinds_.has_unmarked = true; }
  void Type(const CodeRule& rule, bool uncoded) {
    kinds_ |= rule.adds;
    if (uncoded) kinds_ |= rule.adds_if_uncoded;
  }

  Classification Total() const {
    Classification total = kinds_;
    for (uint64_t bits = bits_; bits != 0; bits &= bits - 1) {
      total |= bit_kinds_[__builtin_ctzll(bits)];
    }
    return WithConsequences(total);
  }

 private:
  void Take(uint64_t bit, const Classification& kinds) {
    bits_ |= bit;
    if (bit == 0) kinds_ |= kinds;
  }

  const MarkPlans::BitKinds& bit_kinds_;
  uint64_t bits_ = 0;
  Classification kinds_;
};

// "type.googleapis.com/x.y.Z" names x.y.Z.
absl::string_view TypeName(absl::string_view type_url) {
  const size_t slash = type_url.rfind('/');
  return slash == absl::string_view::npos ? type_url
                                          : type_url.substr(slash + 1);
}

// `type_name` for an error, if it has the shape of a name: whatever else stands
// there may be anything.
std::string Quoted(absl::string_view type_name) {
  constexpr size_t kMaxShown = 128;
  const bool is_name =
      !type_name.empty() && type_name.size() <= kMaxShown &&
      std::all_of(type_name.begin(), type_name.end(), [](char c) {
        return absl::ascii_isalnum(c) || c == '_' || c == '.';
      });
  return is_name ? absl::StrCat("`", type_name, "`") : "no name of a type";
}

// Walks a payload, and then says what its foreign type adds.
template <typename Sink>
absl::Status WalkPayload(const MarkPlan& plan, absl::string_view bytes,
                         const CodeTable& codes, Sink* sink) {
  WalkContext context;
  context.codes = &codes;
  WireWalk<Sink> walk(&context, sink);
  switch (walk.Run(plan, bytes, Classifier::kMaxDepth)) {
    case WalkEnd::kDone:
      break;
    case WalkEnd::kMalformed:
      return absl::InvalidArgumentError(
          absl::StrCat("payload: want well-formed protobuf, got ", bytes.size(),
                       " bytes that are none"));
    case WalkEnd::kTooDeep:
      return absl::InvalidArgumentError(
          absl::StrCat("payload: want messages nested at most ",
                       Classifier::kMaxDepth, " deep, got deeper"));
  }
  if (!plan.has_resource_type) return absl::OkStatus();
  const CodeRule* rule = context.type_rule;
  // Absent: treated like a type that the table does not know.
  if (rule == nullptr) rule = codes.Find(CodeTable::kFhirResourceTypes, "");
  if (rule == nullptr) return absl::OkStatus();
  sink->Type(*rule, !context.coded);
  return absl::OkStatus();
}

}  // namespace

class Classifier::Rep {
 public:
  Rep(CodeTable codes, const DescriptorPool& pool)
      : codes_(std::move(codes)), pool_(pool) {}

  absl::Status Prepare() {
    SUBROSA_ASSIGN_OR_RETURN(record_plan_,
                             plans_.Get(*v1::HealthRecord::descriptor()));
    SUBROSA_ASSIGN_OR_RETURN(origin_plan_,
                             plans_.Get(*v1::Origin::descriptor()));
    SUBROSA_ASSIGN_OR_RETURN(effective_plan_,
                             plans_.Get(*v1::Effective::descriptor()));
    for (const Descriptor* payload : ShippedPayloads()) {
      SUBROSA_RETURN_IF_ERROR(Plan(payload->full_name()).status());
    }
    return absl::OkStatus();
  }

  // The plan for `type_name`. Known types take one look into a table that never
  // changes once published, so that threads do not wait for each other.
  absl::StatusOr<const MarkPlan*> Plan(absl::string_view type_name) {
    const Names* names = names_.load(std::memory_order_acquire);
    if (names != nullptr) {
      const auto known = names->find(type_name);
      if (known != names->end()) return known->second;
    }
    return CompilePlan(type_name);
  }

  // Calls `sink` for each marked field of `record` outside its payload.
  template <typename Sink>
  void VisitRecord(const v1::HealthRecord& record, Sink* sink) const;

  const CodeTable& codes() const { return codes_; }
  const MarkPlans::BitKinds& bit_kinds() const { return plans_.kinds(); }

 private:
  // Keys are names inside the descriptors.
  using Names = absl::flat_hash_map<absl::string_view, const MarkPlan*>;

  absl::StatusOr<const MarkPlan*> CompilePlan(absl::string_view type_name);

  const CodeTable codes_;
  const DescriptorPool& pool_;
  const MarkPlan* record_plan_ = nullptr;
  const MarkPlan* origin_plan_ = nullptr;
  const MarkPlan* effective_plan_ = nullptr;

  std::atomic<const Names*> names_ = nullptr;
  std::mutex mutex_;
  MarkPlans plans_;  // Get is guarded by mutex_.
  std::vector<std::unique_ptr<const Names>> editions_;  // Guarded by mutex_.
};

absl::StatusOr<const MarkPlan*> Classifier::Rep::CompilePlan(
    absl::string_view type_name) {
  const Descriptor* type = pool_.FindMessageTypeByName(std::string(type_name));
  if (type == nullptr) {
    // The shipped payloads, and those that a service links beside them.
    type = DescriptorPool::generated_pool()->FindMessageTypeByName(
        std::string(type_name));
  }
  if (type == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "payload: want a message type known here, got ", Quoted(type_name)));
  }
  std::lock_guard<std::mutex> lock(mutex_);
  absl::StatusOr<const MarkPlan*> plan = plans_.Get(*type);
  if (!plan.ok()) return Annotate(plan.status(), "payload");
  // Readers may still hold an older edition: all are kept. They are as many as
  // the types in use, and small.
  auto names = editions_.empty() ? std::make_unique<Names>()
                                 : std::make_unique<Names>(*editions_.back());
  (*names)[type->full_name()] = *plan;
  names_.store(names.get(), std::memory_order_release);
  editions_.push_back(std::move(names));
  return plan;
}

template <typename Sink>
void Classifier::Rep::VisitRecord(const v1::HealthRecord& record,
                                  Sink* sink) const {
  const auto visit = [sink](const MarkPlan& plan, int number, bool present) {
    if (present) sink->Field(*plan.Find(number), absl::string_view());
  };
  const MarkPlan& plan = *record_plan_;
  visit(plan, v1::HealthRecord::kConsumerFieldNumber,
        !record.consumer().empty());
  visit(plan, v1::HealthRecord::kIdFieldNumber, !record.id().empty());
  visit(plan, v1::HealthRecord::kCollectedAtFieldNumber,
        record.has_collected_at());
  visit(plan, v1::HealthRecord::kConsentRefFieldNumber,
        !record.consent_ref().empty());
  if (record.has_origin()) {
    sink->Enter(*plan.Find(v1::HealthRecord::kOriginFieldNumber));
    visit(*origin_plan_, v1::Origin::kIdFieldNumber,
          !record.origin().id().empty());
    visit(*origin_plan_, v1::Origin::kRawDigestFieldNumber,
          !record.origin().raw_digest().empty());
    sink->Leave();
  }
  if (record.has_effective()) {
    sink->Enter(*plan.Find(v1::HealthRecord::kEffectiveFieldNumber));
    visit(*effective_plan_, v1::Effective::kStartFieldNumber,
          record.effective().has_start());
    visit(*effective_plan_, v1::Effective::kEndFieldNumber,
          record.effective().has_end());
    sink->Leave();
  }
}

absl::StatusOr<std::unique_ptr<Classifier>> Classifier::Create(
    CodeTable codes, const DescriptorPool& pool) {
  auto rep = std::make_unique<Rep>(std::move(codes), pool);
  SUBROSA_RETURN_IF_ERROR(rep->Prepare());
  return std::unique_ptr<Classifier>(new Classifier(std::move(rep)));
}

Classifier::Classifier(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Classifier::~Classifier() = default;

absl::StatusOr<Classification> Classifier::ClassifyPayload(
    absl::string_view type_name, absl::string_view wire_bytes) const {
  SUBROSA_ASSIGN_OR_RETURN(const MarkPlan* plan, rep_->Plan(type_name));
  Sum sum(rep_->bit_kinds());
  SUBROSA_RETURN_IF_ERROR(WalkPayload(*plan, wire_bytes, rep_->codes(), &sum));
  return sum.Total();
}

absl::StatusOr<Classification> Classifier::Classify(
    const v1::HealthRecord& record) const {
  if (!record.has_payload()) {
    return absl::InvalidArgumentError("payload: want a message, got none");
  }
  SUBROSA_ASSIGN_OR_RETURN(const MarkPlan* plan,
                           rep_->Plan(TypeName(record.payload().type_url())));
  Sum sum(rep_->bit_kinds());
  rep_->VisitRecord(record, &sum);
  SUBROSA_RETURN_IF_ERROR(
      WalkPayload(*plan, record.payload().value(), rep_->codes(), &sum));
  return sum.Total();
}

absl::StatusOr<std::vector<Finding>> Classifier::ExplainPayload(
    absl::string_view type_name, absl::string_view wire_bytes) const {
  SUBROSA_ASSIGN_OR_RETURN(const MarkPlan* plan, rep_->Plan(type_name));
  Explanation explanation;
  explanation.BeginPayload(wire_bytes);
  SUBROSA_RETURN_IF_ERROR(
      WalkPayload(*plan, wire_bytes, rep_->codes(), &explanation));
  return std::move(explanation).Finish();
}

absl::StatusOr<std::vector<Finding>> Classifier::Explain(
    const v1::HealthRecord& record) const {
  if (!record.has_payload()) {
    return absl::InvalidArgumentError("payload: want a message, got none");
  }
  SUBROSA_ASSIGN_OR_RETURN(const MarkPlan* plan,
                           rep_->Plan(TypeName(record.payload().type_url())));
  Explanation explanation;
  rep_->VisitRecord(record, &explanation);
  explanation.BeginPayload(record.payload().value());
  SUBROSA_RETURN_IF_ERROR(WalkPayload(*plan, record.payload().value(),
                                      rep_->codes(), &explanation));
  return std::move(explanation).Finish();
}

}  // namespace subrosa
