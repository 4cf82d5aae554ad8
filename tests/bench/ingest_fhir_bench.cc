// Measures FHIR: a gigabyte of NDJSON, and one in a single Bundle, to records
// with digests, before anything is sealed, against bare simdjson over the same
// bytes, on one core in the same run; and how much memory reading it takes.
//
// usage: ingest_fhir_bench [--json] [GB]
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/ingest/reader_options.h"
#include "tests/bench/figures.h"
#include "tests/bench/ingest_files.h"
#include "tests/bench/ingest_passes.h"

namespace subrosa {
namespace {

constexpr double kGigabyte = 1e9;
constexpr size_t kChunkBytes = size_t{1} << 20;
constexpr uint64_t kEntriesAPatient = 200;

std::string Uuid(uint64_t number) {
  char text[40];
  std::snprintf(text, sizeof(text), "%08x-7a1c-4e2b-9d3f-%012llx",
                static_cast<unsigned>(number * 2654435761u),
                static_cast<unsigned long long>(number));
  return text;
}

std::string Coding(absl::string_view system, absl::string_view code,
                   absl::string_view display) {
  return absl::StrCat(R"({"coding":[{"system":")", system, R"(","code":")",
                      code, R"(","display":")", display, R"("}],"text":")",
                      display, R"("})");
}

// The resource with `number`, of the patient before it that `kEntriesAPatient`
// divides.
std::string Resource(uint64_t number, bool in_bundle) {
  const uint64_t patient = number - number % kEntriesAPatient;
  const std::string id = Uuid(number);
  const std::string about = absl::StrCat(R"("subject":{"reference":")",
                                         in_bundle ? "urn:uuid:" : "Patient/",
                                         Uuid(patient), R"("},)");
  const std::string encounter = absl::StrCat(
      R"("encounter":{"reference":")", in_bundle ? "urn:uuid:" : "Encounter/",
      Uuid(patient + 1), R"("},)");
  const std::string head =
      absl::StrCat(R"(","id":")", id,
                   R"(","meta":{"profile":["http://example.org/fhir/p"]},)");
  if (number == patient) {
    return absl::StrCat(
        R"({"resourceType":"Patient)", head,
        R"("name":[{"use":"official","family":"Sample","given":["Ada","B."]}],)",
        R"("gender":"female","birthDate":"1970-04-05","address":[{"city":)",
        R"("Springfield","state":"WA","postalCode":"98000"}]})");
  }
  if (number == patient + 1) {
    return absl::StrCat(
        R"({"resourceType":"Encounter)", head, about,
        R"("status":"finished","class":{"system":"http://terminology.hl7.org)",
        R"(/CodeSystem/v3-ActCode","code":"AMB"},"type":[)",
        Coding("http://snomed.info/sct", "162673000", "Examination"),
        R"(],"period":{"start":"2024-03-01T08:00:00-08:00","end":)",
        R"("2024-03-01T08:30:00-08:00"}})");
  }
  if (number % 5 == 0) {
    return absl::StrCat(
        R"({"resourceType":"Condition)", head, about, encounter,
        R"("clinicalStatus":)",
        Coding("http://terminology.hl7.org/CodeSystem/condition-clinical",
               "active", "Active"),
        R"(,"code":)",
        Coding("http://snomed.info/sct", "195662009", "Acute sore throat"),
        R"(,"onsetDateTime":"2024-03-01T08:30:00-08:00","recordedDate":)",
        R"("2024-03-01T08:30:00-08:00"})");
  }
  return absl::StrCat(
      R"({"resourceType":"Observation)", head, about, encounter,
      R"("status":"final","category":[)",
      Coding("http://terminology.hl7.org/CodeSystem/observation-category",
             "vital-signs", "Vital signs"),
      R"(],"code":)", Coding("http://loinc.org", "85354-9", "Blood pressure"),
      R"(,"effectiveDateTime":"2024-03-01T08:30:00-08:00","issued":)",
      R"("2024-03-01T08:30:00.123-08:00","component":[{"code":)",
      Coding("http://loinc.org", "8480-6", "Systolic"),
      R"(,"valueQuantity":{"value":)", 100 + number % 40,
      R"(,"unit":"mm[Hg]","system":"http://unitsofmeasure.org","code":)",
      R"("mm[Hg]"}},{"code":)",
      Coding("http://loinc.org", "8462-4", "Diastolic"),
      R"(,"valueQuantity":{"value":)", 60 + number % 30,
      R"(,"unit":"mm[Hg]","system":"http://unitsofmeasure.org","code":)",
      R"("mm[Hg]"}}]})");
}

void Fill(bool in_bundle, uint64_t bytes, JsonLines* lines) {
  std::string text;
  if (in_bundle) {
    text = "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\n";
  }
  while (lines->file.size() < bytes) {
    while (text.size() < kChunkBytes) {
      const uint64_t number = lines->records++;
      if (in_bundle) {
        absl::StrAppend(&text, number == 0 ? "" : ",\n",
                        "{\"fullUrl\":\"urn:uuid:", Uuid(number),
                        "\",\"resource\":", Resource(number, true), "}");
      } else {
        absl::StrAppend(&text, Resource(number, false), "\n");
      }
    }
    lines->file.Append(text);
    text.clear();
  }
  lines->file.Append(in_bundle ? "\n]}\n" : "\n");
  AppendPadding(lines);
}

void Measure(const std::string& what, bool in_bundle, double gigabytes,
             double bound, std::vector<Figure>* figures) {
  JsonLines lines;
  Fill(in_bundle, static_cast<uint64_t>(gigabytes * kGigabyte), &lines);
  MeasureJson(what, lines, BenchOptions(Format::kDetect), bound, figures);
}

int Run(bool json, double gigabytes) {
  std::vector<Figure> figures;
  Measure(absl::StrCat(gigabytes, " GB of FHIR NDJSON"), false, gigabytes, 0.12,
          &figures);
  Measure(absl::StrCat(gigabytes, " GB in one Bundle"), true, gigabytes, 0.08,
          &figures);
  return PrintFigures("ingest", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const subrosa::JsonArguments arguments = subrosa::ArgumentsOf(argc, argv);
  return subrosa::Run(arguments.json, arguments.gigabytes);
}
