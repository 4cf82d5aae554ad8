// Bytes from strangers that were taken and go out again: the first byte says
// what the rest is. What is written is read, and says what was kept.
//
//   'f'  one resource of FHIR
//   'm'  the text of a manifest: what parses is written as it was read
//   'o'  one data point of Open mHealth
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/timestamp.pb.h"
#include "src/exports/archive_member.h"
#include "src/exports/fhir_entry.h"
#include "src/exports/manifest.h"
#include "src/exports/open_mhealth_point.h"
#include "src/ingest/fhir_mapper.h"
#include "src/ingest/open_mhealth_mapper.h"
#include "src/ingest/sample_mapper.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/concept.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/sample.pb.h"
#include "tests/fuzz/ingest_memory_file.h"

namespace subrosa {
namespace {

constexpr char kSubject[] = "0b9c7f0e-6d0f-4a3e-9a55-2f3f0a7f1c11";

absl::StatusOr<FhirAbout> MapFhir(const std::string& json,
                                  v1::HealthRecord* record) {
  static FhirMapper* const mapper = new FhirMapper();
  const std::string padded = Padded(json);
  return mapper->Map(absl::string_view(padded).substr(0, json.size()), record);
}

bool IsEmpty(const v1::CodedConcept& concept) {
  return concept.coding_size() == 0 && concept.text().empty();
}

// What is left of `resource` if what says nothing is left out, as R4 demands.
std::string Said(v1::FhirResource resource) {
  resource.clear_json();
  if (IsEmpty(resource.code())) resource.clear_code();
  if (IsEmpty(resource.value_code())) resource.clear_value_code();
  v1::FhirResource said = resource;
  said.clear_reasons();
  said.clear_parts();
  for (const v1::CodedConcept& reason : resource.reasons()) {
    if (!IsEmpty(reason)) *said.add_reasons() = reason;
  }
  for (const v1::FhirPart& part : resource.parts()) {
    v1::FhirPart kept = part;
    if (IsEmpty(part.code())) kept.clear_code();
    const bool has_value =
        kept.has_value() || kept.has_value_code() || !kept.value_text().empty();
    // An answer that answers nothing.
    const bool is_answer = resource.resource_type() == "QuestionnaireResponse";
    if (!has_value && (is_answer || !kept.has_code())) continue;
    *said.add_parts() = kept;
  }
  return said.DebugString();
}

void TakeFhir(const std::string& json) {
  v1::HealthRecord record;
  const absl::StatusOr<FhirAbout> about = MapFhir(json, &record);
  if (!about.ok() || *about != FhirAbout::kConsumer) return;
  v1::FhirResource resource;
  Require(record.payload().UnpackTo(&resource));
  static FhirEntryWriter* const writer = new FhirEntryWriter(kSubject);
  std::string entry;
  if (!writer->Append(record, resource, &entry)) {
    Require(entry.empty());
    return;
  }
  // An empty code stands before others that mean something.
  if (resource.has_code() && IsEmpty(resource.code())) return;
  const std::string before = "\"resource\":";
  const size_t start = entry.find(before) + before.size();
  std::string text = entry.substr(start, entry.size() - start - 1);
  // Outside its Bundle the patient's name leads nowhere.
  const std::string urn = absl::StrCat("urn:uuid:", kSubject);
  text.replace(text.find(urn), urn.size(), "Patient/p");
  v1::HealthRecord again;
  const absl::StatusOr<FhirAbout> about_again = MapFhir(text, &again);
  Require(about_again.ok() && *about_again == FhirAbout::kConsumer);
  v1::FhirResource back;
  Require(again.payload().UnpackTo(&back));
  Require(Said(back) == Said(resource));
  Require(again.id() == record.id());
  Require(again.effective().DebugString() == record.effective().DebugString());
  Require(again.collected_at().DebugString() ==
          record.collected_at().DebugString());
}

SampleMapper* MakeMapper() {
  auto mapper = OpenMHealthMapper::Make("");
  Require(mapper.ok());
  return mapper->release();
}

bool MapPoint(const std::string& json, v1::HealthRecord* record) {
  static SampleMapper* const mapper = MakeMapper();
  const std::string padded = Padded(json);
  return mapper->Map(absl::string_view(padded).substr(0, json.size()), record)
      .ok();
}

// Times of records lie in the years 1900 to 2200; others are refused later.
bool IsInRange(const google::protobuf::Timestamp& time) {
  return time.seconds() >= -2208988800 && time.seconds() < 7289654400;
}

std::string Said(v1::HealthRecord record) {
  record.clear_consumer();
  // Both ends are written where a duration would not give the same instant.
  record.mutable_effective()->clear_given_start();
  record.mutable_effective()->clear_given_end();
  v1::HealthSample sample;
  Require(record.payload().UnpackTo(&sample));
  sample.clear_raw();
  record.clear_payload();
  return absl::StrCat(record.DebugString(), sample.DebugString());
}

void TakePoint(const std::string& json) {
  v1::HealthRecord record;
  if (!MapPoint(json, &record) || !IsInRange(record.collected_at()) ||
      !IsInRange(record.effective().start()) ||
      !IsInRange(record.effective().end())) {
    return;
  }
  v1::HealthSample sample;
  Require(record.payload().UnpackTo(&sample));
  std::string point;
  if (!AppendOpenMHealthPoint(kSubject, record, sample, &point)) {
    Require(point.empty());
    return;
  }
  v1::HealthRecord again;
  Require(MapPoint(point, &again));
  Require(again.consumer() == kSubject);
  Require(Said(again) == Said(record));
}

void TakeManifest(absl::string_view text) {
  const absl::StatusOr<Manifest> manifest = ParseManifest(text);
  Require(manifest.ok() || absl::IsInvalidArgument(manifest.status()));
  if (!manifest.ok()) return;
  Require(IsManifest(text));
  Require(ManifestText(*manifest) == text);
  for (const ArchiveMember& file : manifest->files) {
    Require(file.sha256.size() == 32);
    Require(absl::StrCat("/", file.name, "/").find("/../") ==
            std::string::npos);
    Require(file.name[0] != '/');
  }
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 'o') {
    subrosa::TakePoint(rest);
  } else if (data[0] == 'm') {
    subrosa::TakeManifest(rest);
  } else {
    subrosa::TakeFhir(rest);
  }
  return 0;
}
