// A RecordReader takes a file's records one at a time, in constant memory. What
// it cannot take it hands out with its place and the reason, and goes on.
//
// Thread-compatible: one thread at a time.
//
// Example:
//   v1::HealthRecord record;  // Outside the loop: its storage is reused.
//   for (;;) {
//     SUBROSA_ASSIGN_OR_RETURN(const ReadOutcome outcome,
//                              reader->Next(&record));
//     if (outcome.step == ReadStep::kEnd) break;
//     if (outcome.step == ReadStep::kReject) Report(outcome);
//     if (outcome.step == ReadStep::kRecord) Put(record);
//   }
#ifndef SUBROSA_SRC_INGEST_READER_H_
#define SUBROSA_SRC_INGEST_READER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// What one step of a reader came to.
enum class ReadStep {
  kRecord,            // A valid record.
  kReject,            // Something that is no valid record, and why.
  kNotAboutConsumer,  // A valid entry about nobody: a hospital, a device type.
  kEnd,               // Nothing is left.
};

struct ReadOutcome {
  ReadStep step = ReadStep::kEnd;

  // Which entry of the file it was, from 1; RecordReader::unit says of what.
  // At the end: how many there were.
  uint64_t number = 0;

  // Where the entry starts, in bytes from the start of the file. At the end:
  // the length of the file.
  uint64_t byte_offset = 0;

  // Why it was rejected: INVALID_ARGUMENT, `field.path: want …, got …`. It
  // never holds a value from the record. OK unless `step` is kReject.
  absl::Status reject;

  // The record is kept as it was read, of a type that is not mapped: nothing is
  // lost, but little is known of it. False unless `step` is kRecord.
  bool is_kept_whole = false;

  // The entry's type in its source, where `step` is kNotAboutConsumer or the
  // record is kept whole: "Organization". Valid until the next call.
  absl::string_view type;
};

class RecordReader {
 public:
  virtual ~RecordReader() = default;

  // Takes the next entry. After kRecord, `record` (owned by the caller) holds a
  // record that passes ValidateRecord; after anything else its content is
  // unspecified. After kEnd every further call gives kEnd.
  //
  // Returns an error only where reading cannot go on: UNAVAILABLE if the system
  // fails, INVALID_ARGUMENT if the framing of a delimited file is lost. Make no
  // further call then.
  virtual absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) = 0;

  // What `number` counts: "line" or "record".
  virtual absl::string_view unit() const = 0;

  // How far the file has been read, in bytes; for progress.
  virtual uint64_t bytes_read() const = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_READER_H_
