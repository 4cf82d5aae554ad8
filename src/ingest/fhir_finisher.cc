#include "src/ingest/fhir_finisher.h"

#include <utility>

#include "src/base/status_macros.h"

namespace subrosa {
namespace {

RecordDefaults WithProvider(RecordDefaults defaults) {
  if (defaults.collection == v1::COLLECTION_UNSPECIFIED) {
    defaults.collection = v1::COLLECTION_PROVIDER;
  }
  return defaults;
}

}  // namespace

FhirFinisher::FhirFinisher(RecordDefaults defaults)
    : finisher_(WithProvider(std::move(defaults))) {}

absl::Status FhirFinisher::Finish(absl::string_view type, absl::string_view raw,
                                  v1::HealthRecord* record) {
  ReadOrigin origin;
  origin.system = "fhir-r4";
  origin.type = type;
  // Without "Type/", which `type` says.
  origin.id = record->id();
  if (!origin.id.empty()) origin.id.remove_prefix(type.size() + 1);
  origin.raw = raw;
  SUBROSA_RETURN_IF_ERROR(finisher_.FinishMade(origin, record));
  seen_.Take(record);
  return absl::OkStatus();
}

}  // namespace subrosa
