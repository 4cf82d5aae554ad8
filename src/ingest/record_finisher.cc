#include "src/ingest/record_finisher.h"

#include <algorithm>
#include <string>

#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/ingest/consumer_map.h"
#include "src/ingest/validate_record.h"

namespace subrosa {

RecordFinisher::RecordFinisher(const RecordDefaults& defaults)
    : consumers_(defaults.consumers) {
  defaults_.set_consumer(defaults.consumer);
  defaults_.set_source(defaults.source);
  defaults_.set_purpose(defaults.purpose);
  defaults_.set_basis(defaults.basis);
  defaults_.set_consent_ref(defaults.consent_ref);
  defaults_.mutable_provenance()->set_collection(defaults.collection);
  defaults_.mutable_provenance()->set_application(defaults.application);
  if (defaults.collected_at == absl::InfinitePast()) return;
  const int64_t seconds = absl::ToUnixSeconds(defaults.collected_at);
  defaults_.mutable_collected_at()->set_seconds(seconds);
  defaults_.mutable_collected_at()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(
          defaults.collected_at - absl::FromUnixSeconds(seconds))));
}

absl::Status RecordFinisher::Finish(const ReadOrigin& origin,
                                    v1::HealthRecord* record) {
  SUBROSA_RETURN_IF_ERROR(SetConsumer(record));
  if (record->source().empty()) record->set_source(defaults_.source());
  if (record->purpose().empty()) record->set_purpose(defaults_.purpose());
  // A consent goes with the ground that names it, never with another.
  if (record->basis() == v1::BASIS_UNSPECIFIED) {
    record->set_basis(defaults_.basis());
    if (record->consent_ref().empty()) {
      record->set_consent_ref(defaults_.consent_ref());
    }
  }
  if (!record->has_provenance()) {
    *record->mutable_provenance() = defaults_.provenance();
  } else if (record->provenance().collection() == v1::COLLECTION_UNSPECIFIED) {
    record->mutable_provenance()->set_collection(
        defaults_.provenance().collection());
  }
  if (!record->has_collected_at() && defaults_.has_collected_at()) {
    *record->mutable_collected_at() = defaults_.collected_at();
  }
  if (!record->has_origin()) SetOrigin(origin, record);
  return ValidateRecord(*record);
}

absl::Status RecordFinisher::FinishMade(const ReadOrigin& origin,
                                        v1::HealthRecord* record) {
  SUBROSA_RETURN_IF_ERROR(SetConsumer(record));
  record->set_source(defaults_.source());
  record->set_purpose(defaults_.purpose());
  record->set_basis(defaults_.basis());
  record->set_consent_ref(defaults_.consent_ref());
  *record->mutable_provenance() = defaults_.provenance();
  if (!record->has_collected_at() && defaults_.has_collected_at()) {
    *record->mutable_collected_at() = defaults_.collected_at();
  }
  SetOrigin(origin, record);
  return ValidateRecord(*record);
}

void RecordFinisher::SetOrigin(const ReadOrigin& origin,
                               v1::HealthRecord* record) {
  v1::Origin* const made = record->mutable_origin();
  made->mutable_system()->assign(origin.system.data(), origin.system.size());
  made->mutable_type()->assign(origin.type.data(), origin.type.size());
  made->mutable_id()->assign(origin.id.data(), origin.id.size());
  sha256_.Begin();
  sha256_.Add(origin.raw);
  for (const absl::string_view words : origin.beside) {
    sha256_.Add(words);
    sha256_.Add("\n");
  }
  const auto digest = sha256_.Finish();
  made->mutable_raw_digest()->assign(digest.begin(), digest.end());
}

absl::Status RecordFinisher::SetConsumer(v1::HealthRecord* record) {
  if (consumers_ != nullptr && !record->consumer().empty()) {
    const absl::string_view consumer = consumers_->Find(record->consumer());
    if (consumer.empty()) {
      return absl::InvalidArgumentError(
          "consumer: want a person in the map, got one that is not in it");
    }
    record->mutable_consumer()->assign(consumer.data(), consumer.size());
    return absl::OkStatus();
  }
  if (defaults_.consumer().empty()) return absl::OkStatus();
  if (named_.empty()) {
    named_ = record->consumer();
  } else if (!record->consumer().empty() && record->consumer() != named_) {
    return absl::InvalidArgumentError(
        "consumer: want one person in the file, got a second one");
  }
  record->set_consumer(defaults_.consumer());
  return absl::OkStatus();
}

void SetStart(const TextTime& time, v1::Effective* effective) {
  effective->mutable_start()->set_seconds(time.seconds);
  effective->mutable_start()->set_nanos(time.nanos);
  if (time.utc_offset_minutes.has_value()) {
    effective->set_utc_offset_minutes(*time.utc_offset_minutes);
  } else {
    effective->clear_utc_offset_minutes();
  }
}

}  // namespace subrosa
