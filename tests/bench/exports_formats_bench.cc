// Measures writing records as FHIR and as Open mHealth against protobuf's
// MessageToJsonString over the same payloads, on one core in the same run.
//
// usage: exports_formats_bench [--json]
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "src/exports/fhir_entry.h"
#include "src/exports/open_mhealth_point.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/concept.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/sample.pb.h"
#include "tests/bench/figures.h"

namespace subrosa {
namespace {

constexpr char kSubject[] = "0b9c7f0e-6d0f-4a3e-9a55-2f3f0a7f1c11";
constexpr int kRounds = 51;

v1::HealthRecord Record(absl::string_view id) {
  v1::HealthRecord record;
  record.set_id(std::string(id));
  record.set_source("clinic");
  record.mutable_collected_at()->set_seconds(1714550400);
  record.mutable_effective()->mutable_start()->set_seconds(1714537800);
  record.mutable_effective()->set_utc_offset_minutes(120);
  return record;
}

std::string Concept(absl::string_view code, absl::string_view display) {
  return absl::StrCat(R"({"coding":[{"system":"http://loinc.org","code":")",
                      code, R"(","display":")", display, R"("}],"text":")",
                      display, R"("})");
}

void SetConcept(const std::string& system, const std::string& code,
                v1::CodedConcept* concept) {
  concept->add_coding()->set_system(system);
  concept->mutable_coding(0)->set_code(code);
}

v1::FhirResource BloodPressure() {
  v1::FhirResource resource;
  resource.set_resource_type("Observation");
  resource.set_resource_id("f6a1c2d4-7a1c-4e2b-9d3f-000000000001");
  SetConcept("http://loinc.org", "85354-9", resource.mutable_code());
  resource.set_status("final");
  resource.set_json(absl::StrCat(
      R"({"resourceType":"Observation","id":"f6a1c2d4-7a1c-4e2b-9d3f-)",
      R"(000000000001","meta":{"profile":["http://example.org/fhir/p"]},)",
      R"("subject":{"reference":"Patient/p"},"encounter":{"reference":)",
      R"("Encounter/e"},"status":"final","category":[)",
      Concept("vital-signs", "Vital signs"), R"(],"code":)",
      Concept("85354-9", "Blood pressure"),
      R"(,"effectiveDateTime":"2024-03-01T08:30:00-08:00","issued":)",
      R"("2024-03-01T08:30:00.123-08:00","component":[{"code":)",
      Concept("8480-6", "Systolic"),
      R"(,"valueQuantity":{"value":120,"unit":"mm[Hg]","system":)",
      R"("http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":)",
      Concept("8462-4", "Diastolic"),
      R"(,"valueQuantity":{"value":80,"unit":"mm[Hg]","system":)",
      R"("http://unitsofmeasure.org","code":"mm[Hg]"}}]})"));
  return resource;
}

v1::VitalSample Vital() {
  v1::VitalSample sample;
  SetConcept("http://loinc.org", "8867-4", sample.mutable_type());
  sample.mutable_value()->set_value(62);
  sample.mutable_value()->set_unit("/min");
  return sample;
}

v1::HealthSample Sample(const std::string& code) {
  v1::HealthSample sample;
  SetConcept("https://developer.apple.com/documentation/healthkit", code,
             sample.mutable_type());
  sample.mutable_value()->set_value(62);
  sample.mutable_value()->set_unit("/min");
  sample.mutable_value()->set_given_unit("count/min");
  sample.set_source_name("Watch");
  sample.set_source_version("10.4");
  sample.set_device("<<HKDevice>, name:Watch, model:Watch, hardware:6,1>");
  return sample;
}

enum class Form { kFhir, kOpenMHealth };

void Measure(const std::string& what, Form form,
             const google::protobuf::Message& payload,
             std::vector<Figure>* figures) {
  const v1::HealthRecord record = Record("r-1");
  FhirEntryWriter writer(kSubject);
  std::string out;
  std::string json;
  const auto write = [&] {
    out.clear();
    if (form == Form::kFhir) {
      writer.Append(record, payload, &out);
    } else {
      AppendOpenMHealthPoint(kSubject, record, payload, &out);
    }
  };
  const Comparison compared = Compare(kRounds, write, [&] {
    json.clear();
    google::protobuf::util::MessageToJsonString(payload, &json).ok();
  });
  Figure figure;
  figure.name = what;
  figure.unit = "us a record";
  figure.value = compared.seconds * 1e6;
  figure.baseline = "MessageToJsonString";
  figure.baseline_value = compared.baseline_seconds * 1e6;
  figure.ratio = compared.time_ratio;
  figure.goal = Goal::kAtMost;
  // A copy may take four times as long as that, with all else that it holds.
  figure.bound = 1;
  figures->push_back(figure);
}

int Run(bool json) {
  std::vector<Figure> figures;
  Measure("an Observation kept whole to FHIR", Form::kFhir, BloodPressure(),
          &figures);
  Measure("a vital sample to FHIR", Form::kFhir, Vital(), &figures);
  Measure("a vital sample to Open mHealth", Form::kOpenMHealth, Vital(),
          &figures);
  Measure("a sample of a phone to Open mHealth", Form::kOpenMHealth,
          Sample("HKQuantityTypeIdentifierHeartRate"), &figures);
  Measure("a sample without a schema", Form::kOpenMHealth,
          Sample("HKQuantityTypeIdentifierEnvironmentalAudioExposure"),
          &figures);
  return PrintFigures("exports", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  return subrosa::Run(argc > 1 && absl::string_view(argv[1]) == "--json");
}
