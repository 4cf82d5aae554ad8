// Measures what health platforms export: a gigabyte of Health Connect's records
// and one of Open mHealth's data points, a line each, to records with digests,
// against bare simdjson over the same bytes, on one core in the same run; and
// how much memory reading them takes.
//
// usage: ingest_platform_bench [--json] [GB]
#include <cstdint>
#include <cstdio>
#include <functional>
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

// A time of 2024, another for each of the next half a million numbers.
std::string TimeOf(uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof(text), "2024-%02u-%02uT%02u:%02u:%02u",
                static_cast<unsigned>(number / 41472 % 12 + 1),
                static_cast<unsigned>(number / 1440 % 28 + 1),
                static_cast<unsigned>(number / 60 % 24),
                static_cast<unsigned>(number % 60),
                static_cast<unsigned>(number * 7 % 60));
  return text;
}

std::string HealthConnectRecord(uint64_t number) {
  const std::string time = TimeOf(number);
  const std::string metadata =
      absl::StrCat(R"("metadata":{"id":"h-)", number,
                   R"(","dataOrigin":{"packageName":"org.example.fit"},)",
                   R"("lastModifiedTime":")", time,
                   R"(Z","device":{"manufacturer":"Acme","model":"Band 2"},)",
                   R"("recordingMethod":2},)");
  if (number % 4 == 0) {
    return absl::StrCat(R"({"type":"WeightRecord",)", metadata, R"("time":")",
                        time, R"(Z","zoneOffset":"+02:00",)",
                        R"("weight":{"inKilograms":)", 50 + number % 50,
                        ".5}}");
  }
  return absl::StrCat(R"({"type":"StepsRecord",)", metadata, R"("startTime":")",
                      time, R"(Z","startZoneOffset":"+02:00","endTime":")",
                      time, R"(Z","endZoneOffset":"+02:00","count":)",
                      1 + number % 900, "}");
}

std::string OpenMHealthPoint(uint64_t number) {
  const std::string time = TimeOf(number);
  const bool is_pulse = number % 4 != 0;
  return absl::StrCat(
      R"({"header":{"id":"d-)", number, R"(","creation_date_time":")", time,
      R"(Z","schema_id":{"namespace":"omh","name":")",
      is_pulse ? "heart-rate" : "body-weight",
      R"(","version":"2.0"},"acquisition_provenance":{"source_name":"Band",)",
      R"("modality":"sensed"},"user_id":"u-)", number / 1000, R"("},"body":{)",
      is_pulse ? R"("heart_rate":{"unit":"beats/min","value":)"
               : R"("body_weight":{"unit":"kg","value":)",
      50 + number % 50, R"(},"effective_time_frame":{"date_time":")", time,
      R"(+02:00"}}})");
}

void Measure(absl::string_view what, const ReaderOptions& options,
             double gigabytes, const std::function<std::string(uint64_t)>& make,
             std::vector<Figure>* figures) {
  JsonLines lines;
  std::string text;
  while (static_cast<double>(lines.file.size()) < gigabytes * kGigabyte) {
    text.clear();
    while (text.size() < kChunkBytes) {
      absl::StrAppend(&text, make(lines.records++), "\n");
    }
    lines.file.Append(text);
  }
  AppendPadding(&lines);
  MeasureJson(absl::StrCat(gigabytes, " GB of ", what), lines, options, 0,
              figures);
}

int Run(bool json, double gigabytes) {
  std::vector<Figure> figures;
  ReaderOptions of_one_person = BenchOptions(Format::kDetect);
  of_one_person.defaults.consumer = "c-1";
  Measure("Health Connect", of_one_person, gigabytes, HealthConnectRecord,
          &figures);
  Measure("Open mHealth", BenchOptions(Format::kDetect), gigabytes,
          OpenMHealthPoint, &figures);
  return PrintFigures("ingest", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const subrosa::JsonArguments arguments = subrosa::ArgumentsOf(argc, argv);
  return subrosa::Run(arguments.json, arguments.gigabytes);
}
