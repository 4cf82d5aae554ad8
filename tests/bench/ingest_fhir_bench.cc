// Measures FHIR: a gigabyte of NDJSON, and one in a single Bundle, to records
// with digests, before anything is sealed, against bare simdjson over the same
// bytes, on one core in the same run; and how much memory reading it takes.
//
// usage: ingest_fhir_bench [--json] [GB]
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "src/base/file.h"
#include "src/ingest/reader_options.h"
#include "tests/bench/figures.h"
#include "tests/bench/ingest_files.h"

namespace subrosa {
namespace {

constexpr double kGigabyte = 1e9;
constexpr size_t kChunkBytes = size_t{1} << 20;
constexpr uint64_t kEntriesAPatient = 200;
// Of one resource, as far as the baseline parses it.
constexpr size_t kPaddingBytes = 64;

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

// A file in memory, so that no disk is measured: one resource or entry a line.
struct Sample {
  UniqueFd fd{memfd_create("ingest_fhir_bench", MFD_CLOEXEC)};
  uint64_t bytes = 0;
  uint64_t records = 0;

  std::string path() const { return absl::StrCat("/proc/self/fd/", fd.get()); }

  void Write(absl::string_view text) {
    while (!text.empty()) {
      const ssize_t wrote = write(fd.get(), text.data(), text.size());
      if (wrote <= 0) FailBench("a file in memory was not written");
      text.remove_prefix(static_cast<size_t>(wrote));
      bytes += static_cast<uint64_t>(wrote);
    }
  }
};

void Fill(bool in_bundle, uint64_t bytes, Sample* sample) {
  std::string text;
  if (in_bundle) {
    text = "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\n";
  }
  while (sample->bytes < bytes) {
    while (text.size() < kChunkBytes) {
      const uint64_t number = sample->records++;
      if (in_bundle) {
        absl::StrAppend(&text, number == 0 ? "" : ",\n",
                        "{\"fullUrl\":\"urn:uuid:", Uuid(number),
                        "\",\"resource\":", Resource(number, true), "}");
      } else {
        absl::StrAppend(&text, Resource(number, false), "\n");
      }
    }
    sample->Write(text);
    text.clear();
  }
  sample->Write(in_bundle ? "\n]}\n" : "\n");
  sample->Write(std::string(kPaddingBytes, ' '));
}

double ProcessorSeconds() {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) / 1e9;
}

struct Pass {
  double seconds = 0;
  double memory_bytes = 0;  // Beyond what the process had.
  uint64_t records = 0;
};

// In a process of its own, whose peak no other pass has raised.
Pass InChild(const std::function<uint64_t()>& read) {
  int ends[2];
  if (pipe(ends) != 0) FailBench("there is no pipe");
  const pid_t child = fork();
  if (child == 0) {
    Pass pass;
    const double memory = PeakMemory();
    const double start = ProcessorSeconds();
    pass.records = read();
    pass.seconds = ProcessorSeconds() - start;
    pass.memory_bytes = PeakMemory() - memory;
    _exit(write(ends[1], &pass, sizeof(pass)) == sizeof(pass) ? 0 : 1);
  }
  close(ends[1]);
  const UniqueFd source(ends[0]);
  Pass pass;
  if (::read(source.get(), &pass, sizeof(pass)) != sizeof(pass)) {
    FailBench("a pass did not end well");
  }
  waitpid(child, nullptr, 0);
  return pass;
}

// Parses each line that holds a resource or an entry, and nothing more.
uint64_t ParseLines(const Sample& sample) {
  void* const mapped = mmap(nullptr, sample.bytes, PROT_READ,
                            MAP_PRIVATE | MAP_POPULATE, sample.fd.get(), 0);
  if (mapped == MAP_FAILED) FailBench("a file in memory was not mapped");
  absl::string_view text(static_cast<const char*>(mapped),
                         sample.bytes - kPaddingBytes);
  simdjson::dom::parser parser;
  uint64_t lines = 0;
  while (!text.empty()) {
    absl::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() + 1);
    if (absl::EndsWith(line, ",")) line.remove_suffix(1);
    if (!absl::EndsWith(line, "}") || line.size() < kPaddingBytes) continue;
    if (parser.parse(line.data(), line.size(), false).error() !=
        simdjson::SUCCESS) {
      FailBench("simdjson did not read a line");
    }
    ++lines;
  }
  return lines;
}

void Measure(const std::string& what, bool in_bundle, double gigabytes,
             double bound, std::vector<Figure>* figures) {
  Sample sample;
  Fill(in_bundle, static_cast<uint64_t>(gigabytes * kGigabyte), &sample);
  const Pass ours = InChild([&] {
    return CountRecords(sample.path(), BenchOptions(Format::kDetect));
  });
  const Pass bare = InChild([&] { return ParseLines(sample); });
  if (ours.records != sample.records || bare.records != sample.records) {
    FailBench("not every resource became a record");
  }
  Figure speed;
  speed.name = what;
  speed.unit = "MB/s";
  speed.value = static_cast<double>(sample.bytes) / ours.seconds / 1e6;
  speed.baseline = "bare simdjson";
  speed.baseline_value = static_cast<double>(sample.bytes) / bare.seconds / 1e6;
  speed.ratio = bare.seconds / ours.seconds;
  speed.goal = Goal::kAtLeast;
  speed.bound = bound;
  figures->push_back(speed);
  Figure memory;
  memory.name = absl::StrCat("memory to read ", what);
  memory.unit = "MiB";
  memory.value = ours.memory_bytes / (1 << 20);
  memory.goal = Goal::kAtMost;
  memory.bound = 64;
  figures->push_back(memory);
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
  bool json = false;
  double gigabytes = 1;
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--json") {
      json = true;
    } else if (!absl::SimpleAtod(argv[i], &gigabytes) || gigabytes <= 0 ||
               gigabytes > 16) {
      std::fprintf(stderr, "usage: ingest_fhir_bench [--json] [GB]\n");
      return 2;
    }
  }
  return subrosa::Run(json, gigabytes);
}
