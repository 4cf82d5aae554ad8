// Bytes from strangers, as FHIR JSON of any size: a Bundle, or resources over
// several lines. Besides what holds for every reader (ingest_memory_file.h),
// but for the order of places, since what refers forward comes last:
//
//   - each entry comes once: no number twice, none left out,
//   - a record's JSON stands in the file, and is about whom it says,
//   - reading from a pipe takes no record that reading from a file rejects.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/file.h"
#include "src/ingest/open_reader.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/validate_record.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "tests/fuzz/ingest_memory_file.h"

namespace subrosa {
namespace {

// Small enough for a pipe to hold at once.
constexpr size_t kMaxBytes = 16384;

// The serialised records of `path`.
std::multiset<std::string> RecordsOf(const std::string& path,
                                     absl::string_view bytes) {
  std::multiset<std::string> records;
  absl::StatusOr<std::unique_ptr<RecordReader>> reader =
      OpenReader(path, FuzzOptions(Format::kFhirJson));
  if (!reader.ok()) {
    Require(absl::IsInvalidArgument(reader.status()));
    return records;
  }
  v1::HealthRecord record;
  v1::FhirResource resource;
  std::set<uint64_t> numbers;
  for (;;) {
    const absl::StatusOr<ReadOutcome> outcome = (*reader)->Next(&record);
    if (!outcome.ok()) {
      Require(absl::IsInvalidArgument(outcome.status()));
      return records;
    }
    Require(outcome->byte_offset <= bytes.size());
    if (outcome->step == ReadStep::kEnd) {
      Require(outcome->number == numbers.size());
      Require(outcome->byte_offset == bytes.size());
      return records;
    }
    Require(numbers.insert(outcome->number).second);
    Require(absl::IsInvalidArgument(outcome->reject) ==
            (outcome->step == ReadStep::kReject));
    Require(outcome->type.empty() !=
            (outcome->step == ReadStep::kNotAboutConsumer ||
             outcome->is_kept_whole));
    if (outcome->step != ReadStep::kRecord) continue;
    Require(ValidateRecord(record).ok());
    Require(record.payload().UnpackTo(&resource));
    Require(absl::StrContains(bytes, resource.json()));
    Require(absl::StrContains(bytes, record.consumer()) ||
            absl::StrContains(bytes, "\\"));
    records.insert(record.SerializeAsString());
  }
}

void Write(int fd, absl::string_view bytes) {
  Require(write(fd, bytes.data(), bytes.size()) ==
          static_cast<ssize_t>(bytes.size()));
}

void Read(absl::string_view bytes) {
  const UniqueFd file(memfd_create("fuzz", MFD_CLOEXEC));
  Write(file.get(), bytes);
  const std::multiset<std::string> records =
      RecordsOf(absl::StrCat("/proc/self/fd/", file.get()), bytes);
  int ends[2];
  Require(pipe2(ends, O_CLOEXEC) == 0);
  const UniqueFd source(ends[0]);
  {
    const UniqueFd sink(ends[1]);
    Write(sink.get(), bytes);
  }
  for (const std::string& record :
       RecordsOf(absl::StrCat("/proc/self/fd/", source.get()), bytes)) {
    Require(records.count(record) > 0);
  }
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > subrosa::kMaxBytes) return 0;
  subrosa::Read(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
