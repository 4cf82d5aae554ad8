#include "src/ingest/fhir_time.h"

#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/fhir_element.h"
#include "src/ingest/fhir_elements.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/time_text.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr absl::string_view kWant = "a date or time of FHIR";

void ClearEnd(v1::Effective* effective) {
  effective->clear_end();
  effective->clear_given_end();
}

absl::Status SetEnd(absl::string_view path, absl::string_view text,
                    v1::Effective* effective) {
  const std::optional<TextTime> end = ParseFhirPeriodEnd(text);
  if (!end.has_value()) return WrongFhir(path, kWant, "another string");
  effective->mutable_end()->set_seconds(end->seconds);
  effective->mutable_end()->set_nanos(end->nanos);
  effective->mutable_given_end()->assign(text.data(), text.size());
  return absl::OkStatus();
}

absl::Status SetPeriod(absl::string_view name, dom::object period,
                       v1::HealthRecord* record) {
  const absl::string_view start = FindText(period, "start");
  // What says only when it ended does not say when it was.
  if (start.empty()) {
    record->clear_effective();
    return absl::OkStatus();
  }
  const std::optional<TextTime> time = ParseFhirDateTime(start);
  if (!time.has_value()) {
    return WrongFhir(absl::StrCat(name, ".start"), kWant, "another string");
  }
  SetStart(*time, record->mutable_effective());
  record->mutable_effective()->mutable_given_start()->assign(start.data(),
                                                             start.size());
  const absl::string_view end = FindText(period, "end");
  if (end.empty()) {
    ClearEnd(record->mutable_effective());
    return absl::OkStatus();
  }
  return SetEnd(absl::StrCat(name, ".end"), end, record->mutable_effective());
}

absl::Status SetEffective(const FhirMembers& resource,
                          v1::HealthRecord* record) {
  for (const FhirKey& key : kFhirEffective) {
    const std::optional<dom::element> found = FindMember(resource, key);
    if (!found.has_value()) continue;
    const absl::string_view name = key.text;
    dom::object period;
    if (absl::EndsWith(name, "eriod") &&
        found->get(period) == simdjson::SUCCESS) {
      // One that says nothing is none.
      if (FindText(period, "start").empty() &&
          FindText(period, "end").empty()) {
        continue;
      }
      return SetPeriod(name, period, record);
    }
    const absl::string_view text = FindText(resource, key);
    if (text.empty()) continue;
    const std::optional<TextTime> time = ParseFhirDateTime(text);
    if (!time.has_value()) return WrongFhir(name, kWant, "another string");
    SetStart(*time, record->mutable_effective());
    record->mutable_effective()->mutable_given_start()->assign(text.data(),
                                                               text.size());
    absl::string_view end_name;
    absl::string_view end;
    for (const FhirEnd& known : kFhirEnds) {
      if (!(known.start == key)) continue;
      end_name = known.end.text;
      end = FindText(resource, known.end);
    }
    if (end.empty()) {
      ClearEnd(record->mutable_effective());
      return absl::OkStatus();
    }
    return SetEnd(end_name, end, record->mutable_effective());
  }
  record->clear_effective();
  return absl::OkStatus();
}

}  // namespace

absl::Status SetTimes(const FhirMembers& resource, v1::HealthRecord* record) {
  SUBROSA_RETURN_IF_ERROR(SetEffective(resource, record));
  absl::string_view name;
  absl::string_view text;
  for (const FhirKey& key : kFhirRecorded) {
    name = key.text;
    text = FindText(resource, key);
    if (!text.empty()) break;
  }
  if (text.empty()) {
    name = "meta.lastUpdated";
    const std::optional<dom::object> meta = FindObject(resource, kFhirMeta);
    if (meta.has_value()) text = FindText(*meta, kFhirMetaLastUpdated);
  }
  if (text.empty()) {
    record->clear_collected_at();
    return absl::OkStatus();
  }
  const std::optional<TextTime> time = ParseFhirDateTime(text);
  if (!time.has_value()) return WrongFhir(name, kWant, "another string");
  record->mutable_collected_at()->set_seconds(time->seconds);
  record->mutable_collected_at()->set_nanos(time->nanos);
  return absl::OkStatus();
}

}  // namespace subrosa
