// Measures what reading XML into records costs beside a bare pass of Expat over
// the same bytes, one core, and how much memory a gigabyte takes.
//
// usage: ingest_xml_bench [--json]
#include <expat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/ingest/reader_options.h"
#include "tests/bench/apple_export.h"
#include "tests/bench/figures.h"
#include "tests/bench/ingest_files.h"

namespace subrosa {
namespace {

constexpr uint64_t kExportBytes = uint64_t{1} << 30;
constexpr size_t kChunk = size_t{64} << 10;

ReaderOptions Options(Format format) {
  ReaderOptions options = BenchOptions(format);
  options.defaults.consumer = "c-1";
  return options;
}

void XMLCALL OnStart(void* count, const char*, const char**) {
  ++*static_cast<uint64_t*>(count);
}
void XMLCALL OnEnd(void*, const char*) {}

// Reads the file and has Expat parse it, with handlers that do nothing.
bool IsWellFormed(const std::string& path) {
  absl::StatusOr<UniqueFd> file = OpenForReading(path);
  if (!file.ok()) FailBench("a file cannot be read");
  const XML_Parser parser = XML_ParserCreate(nullptr);
  uint64_t count = 0;
  XML_SetUserData(parser, &count);
  XML_SetElementHandler(parser, OnStart, OnEnd);
  bool is_good = true;
  for (bool at_end = false; !at_end && is_good;) {
    void* const buffer = XML_GetBuffer(parser, kChunk);
    const ssize_t got = read(file->get(), buffer, kChunk);
    at_end = got <= 0;
    is_good = got >= 0 && XML_ParseBuffer(parser, static_cast<int>(got),
                                          at_end) == XML_STATUS_OK;
  }
  XML_ParserFree(parser);
  return is_good && count > 0;
}

void BareExpat(const std::string& path) {
  if (!IsWellFormed(path)) FailBench("Expat does not read a file");
}

Figure SpeedFigure(const std::string& name, uint64_t bytes,
                   const Comparison& comparison, double bound) {
  Figure figure;
  figure.name = name;
  figure.unit = "MB/s";
  figure.value = static_cast<double>(bytes) / comparison.seconds / 1e6;
  figure.baseline = "a bare Expat pass";
  figure.baseline_value =
      static_cast<double>(bytes) / comparison.baseline_seconds / 1e6;
  figure.ratio = 1 / comparison.time_ratio;
  figure.goal = Goal::kAtLeast;
  figure.bound = bound;
  return figure;
}

// Memory first, before anything has taken some that it could hide in.
std::vector<Figure> AppleFigures() {
  MemoryFile file;
  file.Append(AppleExportStart());
  std::string piece;
  for (uint64_t number = 0; file.size() < kExportBytes;) {
    piece.clear();
    for (int i = 0; i < 200; ++i) piece += AppleExportSample(number++);
    file.Append(piece);
  }
  file.Append(AppleExportEnd());
  const double before = PeakMemory();
  if (CountRecords(file.path(), Options(Format::kAppleHealth)) == 0) {
    FailBench("there are no records");
  }
  const Figure memory =
      MemoryFigure("an Apple Health export of 1 GB", before, 64);
  const Comparison comparison = Compare(
      3, [&] { CountRecords(file.path(), Options(Format::kAppleHealth)); },
      [&] { BareExpat(file.path()); });
  return {memory, SpeedFigure("Apple Health XML of 1 GB, to records",
                              file.size(), comparison, 0.6)};
}

std::string CdaSection(uint64_t number) {
  return absl::StrCat(
      "<component><section><code code=\"8716-3\" "
      "codeSystem=\"2.16.840.1.113883.6.1\"/><title>Vital signs</title>"
      "<text><table><tr><td>Blood pressure</td><td>120/80</td></tr></table>"
      "</text>\n<entry typeCode=\"DRIV\"><organizer classCode=\"CLUSTER\" "
      "moodCode=\"EVN\"><templateId root=\"2.16.840.1.113883.10.20.22.4.26\"/>"
      "<id root=\"1.2.3.4\" extension=\"",
      number,
      "\"/><code code=\"46680005\" codeSystem=\"2.16.840.1.113883.6.96\" "
      "displayName=\"Vital signs\"/><statusCode code=\"completed\"/>"
      "<effectiveTime value=\"20240501103000-0700\"/>\n<component>"
      "<observation classCode=\"OBS\" moodCode=\"EVN\"><code code=\"8480-6\" "
      "codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"Systolic\"/>"
      "<value xsi:type=\"PQ\" value=\"120\" unit=\"mm[Hg]\"/></observation>"
      "</component></organizer></entry></section></component>\n");
}

std::string CdaStart() {
  return "<?xml version=\"1.0\"?>\n<ClinicalDocument "
         "xmlns=\"urn:hl7-org:v3\" xmlns:xsi=\"urn:xsi\"><effectiveTime "
         "value=\"20240501\"/><component><structuredBody>\n";
}

constexpr char kCdaEnd[] = "</structuredBody></component></ClinicalDocument>\n";

// The well-formed files of the outside examples; empty where they are not here.
std::vector<std::string> CdaFiles() {
  const char* const data = std::getenv("SUBROSA_DATA");
  const std::filesystem::path folder =
      std::filesystem::path(data == nullptr ? "../shared/data" : data) / "ccda";
  std::vector<std::string> files;
  std::error_code none;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder, none)) {
    if (entry.path().extension() == ".xml" && IsWellFormed(entry.path())) {
      files.push_back(entry.path());
    }
  }
  return files;
}

uint64_t SizeOf(const std::vector<std::string>& files) {
  uint64_t size = 0;
  for (const std::string& file : files) {
    size += std::filesystem::file_size(file);
  }
  return size;
}

std::vector<Figure> CdaFigures() {
  std::vector<Figure> figures;
  {
    MemoryFile file;
    file.Append(CdaStart());
    for (uint64_t number = 0; file.size() < kExportBytes;) {
      std::string piece;
      for (int i = 0; i < 100; ++i) piece += CdaSection(number++);
      file.Append(piece);
    }
    file.Append(kCdaEnd);
    const double before = PeakMemory();
    if (CountRecords(file.path(), Options(Format::kCda)) == 0) {
      FailBench("there are no records");
    }
    figures.push_back(MemoryFigure("a C-CDA document of 1 GB", before, 64));
  }
  MemoryFile made;
  made.Append(CdaStart());
  for (uint64_t number = 0; number < 2000; ++number) {
    made.Append(CdaSection(number));
  }
  made.Append(kCdaEnd);
  std::vector<std::string> files = CdaFiles();
  const std::string name =
      files.empty() ? "C-CDA, made up (the examples are not here)"
                    : absl::StrCat("C-CDA, ", files.size(), " files");
  const uint64_t bytes = files.empty() ? made.size() : SizeOf(files);
  if (files.empty()) files.push_back(made.path());
  const ReaderOptions options = Options(Format::kCda);
  const Comparison comparison = Compare(
      9,
      [&] {
        for (const std::string& file : files) CountEntries(file, options);
      },
      [&] {
        for (const std::string& file : files) BareExpat(file);
      });
  figures.push_back(SpeedFigure(name, bytes, comparison, 0.5));
  return figures;
}

int Run(bool json) {
  std::vector<Figure> figures = AppleFigures();
  for (Figure& figure : CdaFigures()) figures.push_back(std::move(figure));
  return PrintFigures("ingest", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::string(argv[1]) == "--json";
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: ingest_xml_bench [--json]\n");
    return 2;
  }
  return subrosa::Run(json);
}
