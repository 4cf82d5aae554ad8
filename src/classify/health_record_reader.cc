#include "src/classify/health_record_reader.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/classify/field_walk.h"
#include "src/classify/marks.h"

namespace subrosa {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;

// A sink of WireWalk.
class HealthWalk {
 public:
  HealthWalk(const HealthReader& health, const InferenceReader& inference,
             HealthReader::Scratch* scratch, absl::string_view payload,
             std::vector<Finding>* findings)
      : health_(health),
        inference_(inference),
        scratch_(scratch),
        payload_(payload),
        findings_(findings) {
    places_.emplace_back();
  }

  void Message(const MarkPlan&, absl::string_view) {}
  void Field(const FieldMarkPlan& field, absl::string_view bytes) {
    paths_.Field(field);
    const auto mark = MarkOf(*field.descriptor);
    if (!mark.ok()) return;
    if (field.descriptor->type() == FieldDescriptor::TYPE_STRING) {
      ReadText(field, *mark, bytes);
    } else if (field.descriptor->type() == FieldDescriptor::TYPE_DOUBLE &&
               mark->identifier() == v1::IDENTIFIER_PRECISE_LOCATION &&
               bytes.size() == sizeof(double)) {
      double degrees;
      std::memcpy(&degrees, bytes.data(), sizeof(degrees));
      Place& place = places_.back();
      if (field.descriptor->name() == "latitude") place.latitude = degrees;
      if (field.descriptor->name() == "longitude") place.longitude = degrees;
    }
  }
  void Enter(const FieldMarkPlan& field) {
    paths_.Enter(field);
    places_.emplace_back();
  }
  void Leave() {
    ReadPlace();
    places_.pop_back();
    paths_.Leave();
  }
  void Code(const CodeRule&, absl::string_view) {}
  void Unmarked() {}

  void ReadPlace() {
    const Place& place = places_.back();
    // A zero is left out of the wire form.
    if (!place.latitude.has_value() && !place.longitude.has_value()) return;
    Signal signal;
    signal.kind = SignalKind::kVisit;
    signal.field_path = paths_.Here();
    signal.latitude = place.latitude.value_or(0);
    signal.longitude = place.longitude.value_or(0);
    Infer(signal, {});
  }

  // Takes up what follows from `signal`, whose value stands at `span`.
  void Infer(const Signal& signal, ByteSpan span) {
    for (Finding& finding : inference_.Read(signal)) {
      finding.span = span;
      findings_->push_back(std::move(finding));
    }
  }

 private:
  // Coordinates that stand side by side in a message.
  struct Place {
    std::optional<double> latitude;
    std::optional<double> longitude;
  };

  void ReadText(const FieldMarkPlan& field, const v1::FieldMark& mark,
                absl::string_view text) {
    const auto base = static_cast<size_t>(text.data() - payload_.data());
    if (mark.free_text()) {
      health_.Read(text, scratch_, &mentions_);
      for (const HealthMention& mention : mentions_) {
        for (Finding& finding : FindingsOf(mention, paths_.Below(field))) {
          finding.span.offset += base;
          findings_->push_back(std::move(finding));
        }
      }
      return;
    }
    if (mark.personal().empty() && mark.identifier() != v1::IDENTIFIER_URL) {
      return;
    }
    std::optional<SignalKind> kind =
        inference_.rules().SignalOfField(field.descriptor->name());
    if (!kind.has_value() && mark.identifier() == v1::IDENTIFIER_URL) {
      kind = SignalKind::kUrl;
    }
    if (!kind.has_value()) return;
    Signal signal;
    signal.kind = *kind;
    signal.field_path = paths_.Below(field);
    signal.value = text;
    Infer(signal, {base, text.size()});
  }

  const HealthReader& health_;
  const InferenceReader& inference_;
  HealthReader::Scratch* const scratch_;
  const absl::string_view payload_;
  std::vector<Finding>* const findings_;
  FieldPaths paths_;
  std::vector<Place> places_;  // Of the messages that are walked through.
  std::vector<HealthMention> mentions_;
};

// The hour of the consumer's day, where the record tells it.
std::optional<int> HourOf(const v1::HealthRecord& record) {
  const v1::Effective& effective = record.effective();
  if (!effective.has_start() || !effective.has_utc_offset_minutes()) {
    return std::nullopt;
  }
  constexpr int64_t kHourSeconds = 3600;
  const int64_t second = effective.start().seconds() % (24 * kHourSeconds) +
                         int64_t{60} * effective.utc_offset_minutes();
  const int64_t hour = (second / kHourSeconds) - (second % kHourSeconds < 0);
  return static_cast<int>(((hour % 24) + 24) % 24);
}

}  // namespace

HealthRecordReader::HealthRecordReader(const HealthReader& health,
                                       const InferenceReader& inference,
                                       const CodeTable& codes,
                                       const DescriptorPool& pool)
    : health_(health), inference_(inference), codes_(codes), pool_(pool) {}

absl::Status HealthRecordReader::Read(const v1::HealthRecord& record,
                                      std::vector<Finding>* findings) {
  SUBROSA_ASSIGN_OR_RETURN(const PayloadPlan payload_plan,
                           PlanOfPayload(record, pool_, &plans_));
  const absl::string_view payload = record.payload().value();
  const size_t before = findings->size();
  HealthWalk walk(health_, inference_, &scratch_, payload, findings);
  const absl::Status status =
      WalkFields(*payload_plan.plan, payload, codes_, &walk);
  if (!status.ok()) {
    findings->resize(before);
    return status;
  }
  walk.ReadPlace();
  Signal held;
  held.kind = SignalKind::kRecord;
  held.field_path = "payload";
  held.value = payload_plan.type->name();
  walk.Infer(held, {0, payload.size()});
  const std::optional<int> hour = HourOf(record);
  if (hour.has_value() && payload_plan.plan->kinds.personal.Has(
                              v1::PERSONAL_CATEGORY_NETWORK_ACTIVITY)) {
    Signal when;
    when.kind = SignalKind::kHour;
    when.field_path = "effective.start";
    when.hour = *hour;
    walk.Infer(when, {});
  }
  return absl::OkStatus();
}

}  // namespace subrosa
