#include "tools/sample/moment.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/sample/calendar.h"

namespace subrosa::sample {
namespace {

// Apart from the streams of the records.
constexpr uint64_t kDeviceStream = ~uint64_t{8};

}  // namespace

void Moment::Stamp(absl::string_view kind, absl::string_view source,
                   absl::string_view purpose, v1::Basis basis,
                   v1::Collection collection, int minute, int minutes) {
  record->mutable_id()->clear();
  absl::StrAppend(record->mutable_id(), kind, "-", index);
  record->set_source(source.data(), source.size());
  record->set_purpose(purpose.data(), purpose.size());
  record->set_basis(basis);

  const int second = random.Between(0, 59);
  const int64_t start = PacificInstant(day, minute, second);
  v1::Effective* effective = record->mutable_effective();
  effective->Clear();
  effective->mutable_start()->set_seconds(start);
  if (minutes > 0) {
    effective->mutable_end()->set_seconds(start + int64_t{minutes} * 60);
  }
  effective->set_utc_offset_minutes(PacificOffsetMinutes(day));
  // Devices deliver a little later than people type.
  const int delay = collection == v1::COLLECTION_DEVICE
                        ? random.Between(60, 900)
                        : random.Between(0, 20);
  record->mutable_collected_at()->set_seconds(start + int64_t{minutes} * 60 +
                                              delay);
  v1::Provenance* provenance = record->mutable_provenance();
  provenance->set_collection(collection);
  provenance->set_application(source == "wearable"      ? "Rosewater Band 2.4"
                              : source == "care-portal" ? "Rosewater Care 5.1"
                              : source == "billing" ? "Rosewater Billing 3.0"
                              : who.uses_android    ? "Rosewater Android 7.2"
                                                    : "Rosewater iOS 7.2");
}

void SetConcept(const Concern& concern, v1::CodedConcept* out) {
  out->Clear();
  v1::Coding* icd = out->add_coding();
  icd->set_system(kIcd10Cm);
  icd->set_code(concern.icd10cm.code);
  icd->set_display(concern.icd10cm.display);
  v1::Coding* snomed = out->add_coding();
  snomed->set_system(kSnomedCt);
  snomed->set_code(concern.snomed.code);
  snomed->set_display(concern.snomed.display);
  out->set_text(concern.plain);
}

void SetMinutes(int minutes, google::protobuf::Duration* out) {
  out->set_seconds(int64_t{minutes} * 60);
}

void SetDevice(absl::string_view kind, uint64_t seed, const Persona& who,
               std::string* out) {
  Random random(seed, who.number, kDeviceStream - kind.size());
  *out =
      absl::StrCat(kind, "-", absl::Hex(random.Next() >> 40, absl::kZeroPad6));
}

absl::string_view AppOf(const Persona& who) {
  return who.uses_android ? "android-app" : "ios-app";
}

}  // namespace subrosa::sample
