#include "src/classify/health_record_reader.h"

#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"
#include "src/classify/field_walk.h"
#include "src/classify/local_time.h"
#include "src/classify/marks.h"

namespace subrosa {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;

// What is read in a payload, taken up as findings.
class AsFindings {
 public:
  AsFindings(const InferenceReader& inference, std::vector<Finding>* findings)
      : inference_(inference), findings_(findings) {}

  void Field(const FieldMarkPlan& field) { paths_.Field(field); }
  void Enter(const FieldMarkPlan& field) { paths_.Enter(field); }
  void Leave() { paths_.Leave(); }

  // The mention's span lies in the payload.
  void Mention(const FieldMarkPlan& field, const HealthMention& mention) {
    for (Finding& finding : FindingsOf(mention, paths_.Below(field))) {
      findings_->push_back(std::move(finding));
    }
  }
  // Of a field, or of the message that is walked through if it is null.
  void Tell(const FieldMarkPlan* field, Signal signal, ByteSpan span) {
    signal.field_path = field == nullptr ? paths_.Here() : paths_.Below(*field);
    TellAt(signal, span);
  }
  void TellAt(const Signal& signal, ByteSpan span) {
    for (Finding& finding : inference_.Read(signal)) {
      finding.span = span;
      findings_->push_back(std::move(finding));
    }
  }

 private:
  const InferenceReader& inference_;
  std::vector<Finding>* const findings_;
  FieldPaths paths_;
};

// The same, taken up as kinds alone.
class AsKinds {
 public:
  AsKinds(const InferenceReader& inference, ToldKinds* kinds)
      : inference_(inference), kinds_(kinds) {}

  void Field(const FieldMarkPlan&) {}
  void Enter(const FieldMarkPlan&) {}
  void Leave() {}

  void Mention(const FieldMarkPlan&, const HealthMention& mention) {
    if (mention.score < ToldKinds::kMinScore) return;
    const Classification& kinds = mention.rule->kinds;
    kinds_->categories |= kinds.categories;
    kinds_->labels |= kinds.labels;
    // Who writes of health and names nobody writes of their own.
    if (mention.experiencer == HealthExperiencer::kNobody ||
        mention.experiencer == HealthExperiencer::kSelf) {
      kinds_->of_consumer |= kinds.categories;
    }
  }
  void Tell(const FieldMarkPlan*, const Signal& signal, ByteSpan span) {
    TellAt(signal, span);
  }
  void TellAt(const Signal& signal, ByteSpan) {
    inference_.VisitRules(signal,
                          [this](const InferenceRule& rule,
                                 absl::Span<const HealthRule* const> spoken) {
                            if (rule.score < ToldKinds::kMinScore) return;
                            kinds_->categories |= rule.kinds.categories;
                            kinds_->of_consumer |= rule.kinds.categories;
                            kinds_->labels |= rule.kinds.labels;
                            for (const HealthRule* health : spoken) {
                              kinds_->labels |= health->kinds.labels;
                            }
                          });
  }

 private:
  const InferenceReader& inference_;
  ToldKinds* const kinds_;
};

// The hour of the consumer's day, where the record tells it.
std::optional<int> HourOf(const v1::HealthRecord& record) {
  const v1::Effective& effective = record.effective();
  if (!effective.has_start() || !effective.has_utc_offset_minutes()) {
    return std::nullopt;
  }
  return static_cast<int>(LocalHourOf(record) - LocalDayOf(record) * 24);
}

}  // namespace

// A sink of WireWalk.
template <typename Output>
class HealthRecordReader::Walk {
 public:
  // `is_by_consumer`: the consumer wrote the payload's texts.
  Walk(HealthRecordReader* reader, absl::string_view payload,
       bool is_by_consumer, Output* output)
      : reader_(*reader),
        payload_(payload),
        is_by_consumer_(is_by_consumer),
        output_(*output) {
    places_.emplace_back();
  }

  void Message(const MarkPlan&, absl::string_view) {}
  void Field(const FieldMarkPlan& field, absl::string_view bytes) {
    output_.Field(field);
    const FieldUse use = reader_.UseOf(field);
    switch (use.what) {
      case FieldUse::kNothing:
        break;
      case FieldUse::kText:
        ReadText(field, bytes);
        break;
      case FieldUse::kSignal: {
        Signal signal;
        signal.kind = use.signal;
        signal.value = bytes;
        output_.Tell(&field, signal, {OffsetOf(bytes), bytes.size()});
        break;
      }
      case FieldUse::kLatitude:
        places_.back().latitude = DegreesOf(bytes);
        break;
      case FieldUse::kLongitude:
        places_.back().longitude = DegreesOf(bytes);
        break;
    }
  }
  void Enter(const FieldMarkPlan& field) {
    output_.Enter(field);
    places_.emplace_back();
  }
  void Leave() {
    ReadPlace();
    places_.pop_back();
    output_.Leave();
  }
  void Code(const CodeRule&, absl::string_view) {}
  void Unmarked() {}

  void ReadPlace() {
    const Place& place = places_.back();
    // A zero is left out of the wire form.
    if (!place.latitude.has_value() && !place.longitude.has_value()) return;
    Signal signal;
    signal.kind = SignalKind::kVisit;
    signal.latitude = place.latitude.value_or(0);
    signal.longitude = place.longitude.value_or(0);
    output_.Tell(nullptr, signal, {});
  }

 private:
  // Coordinates that stand side by side in a message.
  struct Place {
    std::optional<double> latitude;
    std::optional<double> longitude;
  };

  static std::optional<double> DegreesOf(absl::string_view bytes) {
    if (bytes.size() != sizeof(double)) return std::nullopt;
    double degrees;
    std::memcpy(&degrees, bytes.data(), sizeof(degrees));
    return degrees;
  }

  size_t OffsetOf(absl::string_view bytes) const {
    return static_cast<size_t>(bytes.data() - payload_.data());
  }

  void ReadText(const FieldMarkPlan& field, absl::string_view text) {
    DocumentProse& prose = reader_.prose_;
    if (!prose.Read(text)) {
      ReadMentions(
          field, text, [](const ByteSpan& span) { return span; },
          OffsetOf(text));
      return;
    }
    for (const ByteSpan& piece : prose.pieces()) {
      ReadMentions(
          field, prose.TextOf(piece),
          [&prose, &piece](const ByteSpan& span) {
            return prose.SpanOf({piece.offset + span.offset, span.length});
          },
          OffsetOf(text));
    }
  }

  // `span_of` says where in the field's text, which begins at `base` of the
  // payload, a span of `words` stands.
  template <typename SpanOf>
  void ReadMentions(const FieldMarkPlan& field, absl::string_view words,
                    const SpanOf& span_of, size_t base) {
    reader_.health_.Read(words, &reader_.scratch_, &reader_.mentions_);
    for (HealthMention& mention : reader_.mentions_) {
      mention.span = span_of(mention.span);
      mention.span.offset += base;
      if (mention.experiencer == HealthExperiencer::kOther &&
          !is_by_consumer_) {
        mention.experiencer = HealthExperiencer::kSelf;
      }
      output_.Mention(field, mention);
    }
  }

  HealthRecordReader& reader_;
  const absl::string_view payload_;
  const bool is_by_consumer_;
  Output& output_;
  std::vector<Place> places_;  // Of the messages that are walked through.
};

HealthRecordReader::HealthRecordReader(const HealthReader& health,
                                       const InferenceReader& inference,
                                       const CodeTable& codes,
                                       const DescriptorPool& pool)
    : health_(health), inference_(inference), codes_(codes), pool_(pool) {}

HealthRecordReader::FieldUse HealthRecordReader::NewUse(
    const FieldDescriptor& field) const {
  FieldUse use;
  const auto mark = MarkOf(field);
  if (!mark.ok()) return use;
  if (field.type() == FieldDescriptor::TYPE_DOUBLE &&
      mark->identifier() == v1::IDENTIFIER_PRECISE_LOCATION) {
    if (field.name() == "latitude") use.what = FieldUse::kLatitude;
    if (field.name() == "longitude") use.what = FieldUse::kLongitude;
    return use;
  }
  if (field.type() != FieldDescriptor::TYPE_STRING) return use;
  if (mark->free_text()) {
    use.what = FieldUse::kText;
    return use;
  }
  const bool is_url = mark->identifier() == v1::IDENTIFIER_URL;
  if (mark->personal().empty() && !is_url) return use;
  const std::optional<SignalKind> kind =
      inference_.rules().SignalOfField(field.name());
  if (kind.has_value() || is_url) {
    use.what = FieldUse::kSignal;
    use.signal = kind.value_or(SignalKind::kUrl);
  }
  return use;
}

HealthRecordReader::FieldUse HealthRecordReader::UseOf(
    const FieldMarkPlan& field) {
  const auto known = uses_.find(&field);
  if (known != uses_.end()) return known->second;
  return uses_.emplace(&field, NewUse(*field.descriptor)).first->second;
}

template <typename Output>
absl::Status HealthRecordReader::ReadInto(const v1::HealthRecord& record,
                                          Output* output) {
  SUBROSA_ASSIGN_OR_RETURN(const PayloadPlan payload_plan,
                           PlanOfPayload(record, pool_, &plans_));
  const absl::string_view payload = record.payload().value();
  const bool is_by_consumer =
      record.provenance().collection() == v1::COLLECTION_CONSUMER &&
      !payload_plan.plan->has_resource_type;
  Walk<Output> walk(this, payload, is_by_consumer, output);
  SUBROSA_RETURN_IF_ERROR(
      WalkFields(*payload_plan.plan, payload, codes_, &walk));
  walk.ReadPlace();
  Signal held;
  held.kind = SignalKind::kRecord;
  held.field_path = "payload";
  held.value = payload_plan.type->name();
  output->TellAt(held, {0, payload.size()});
  const std::optional<int> hour = HourOf(record);
  if (hour.has_value() && payload_plan.plan->kinds.personal.Has(
                              v1::PERSONAL_CATEGORY_NETWORK_ACTIVITY)) {
    Signal when;
    when.kind = SignalKind::kHour;
    when.field_path = "effective.start";
    when.hour = *hour;
    output->TellAt(when, {});
  }
  return absl::OkStatus();
}

absl::Status HealthRecordReader::Read(const v1::HealthRecord& record,
                                      std::vector<Finding>* findings) {
  const size_t before = findings->size();
  AsFindings output(inference_, findings);
  const absl::Status status = ReadInto(record, &output);
  if (!status.ok()) findings->resize(before);
  return status;
}

absl::StatusOr<ToldKinds> HealthRecordReader::Tell(
    const v1::HealthRecord& record) {
  ToldKinds kinds;
  AsKinds output(inference_, &kinds);
  SUBROSA_RETURN_IF_ERROR(ReadInto(record, &output));
  return kinds;
}

}  // namespace subrosa
