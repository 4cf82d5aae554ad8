#include "tests/fuzz/ingest_memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/file.h"
#include "src/ingest/json_padding.h"
#include "src/ingest/open_reader.h"
#include "src/ingest/reader.h"
#include "src/ingest/validate_record.h"

namespace subrosa {

void Require(bool holds) {
  if (!holds) std::abort();
}

std::string Padded(absl::string_view text) {
  return absl::StrCat(text, std::string(kJsonPaddingBytes, ' '));
}

ReaderOptions FuzzOptions(Format format) {
  ReaderOptions options;
  options.format = format;
  options.defaults.source = "fuzz";
  options.defaults.purpose = "fuzz";
  options.defaults.basis = v1::BASIS_NECESSARY;
  options.defaults.collection = v1::COLLECTION_CONSUMER;
  options.defaults.collected_at = absl::FromUnixSeconds(1700000000);
  options.max_record_bytes = 512;
  return options;
}

namespace {

enum class Size { kKnown, kUnknown };

void ReadAll(absl::string_view bytes, const ReaderOptions& options, Size size) {
  const UniqueFd file(memfd_create("fuzz", MFD_CLOEXEC));
  Require(file.get() >= 0);
  Require(write(file.get(), bytes.data(), bytes.size()) ==
          static_cast<ssize_t>(bytes.size()));
  absl::StatusOr<std::unique_ptr<RecordReader>> reader =
      OpenReader(absl::StrCat("/proc/self/fd/", file.get()), options);
  if (!reader.ok()) {
    Require(absl::IsInvalidArgument(reader.status()));
    return;
  }
  v1::HealthRecord record;
  uint64_t number = 0;
  uint64_t byte_offset = 0;
  for (;;) {
    const absl::StatusOr<ReadOutcome> outcome = (*reader)->Next(&record);
    if (!outcome.ok()) {
      Require(absl::IsInvalidArgument(outcome.status()));
      return;
    }
    Require(outcome->byte_offset >= byte_offset);
    byte_offset = outcome->byte_offset;
    if (outcome->step == ReadStep::kEnd) break;
    Require(outcome->number > number);
    number = outcome->number;
    Require(absl::IsInvalidArgument(outcome->reject) ==
            (outcome->step == ReadStep::kReject));
    if (outcome->step == ReadStep::kRecord) {
      Require(ValidateRecord(record).ok());
    }
    Require(!outcome->is_kept_whole || outcome->step == ReadStep::kRecord);
    Require(outcome->type.empty() !=
            (outcome->step == ReadStep::kNotAboutConsumer ||
             outcome->is_kept_whole));
  }
  if (size == Size::kUnknown) return;
  Require(byte_offset == bytes.size());
  Require((*reader)->bytes_read() == bytes.size());
}

}  // namespace

void ReadAllOf(absl::string_view bytes, const ReaderOptions& options) {
  ReadAll(bytes, options, Size::kKnown);
}

void ReadAllOfArchive(absl::string_view bytes, const ReaderOptions& options) {
  ReadAll(bytes, options, Size::kUnknown);
}

}  // namespace subrosa
