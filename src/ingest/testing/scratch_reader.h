// For tests of readers: writes a text to a file, reads it, and keeps all that
// came out.
#ifndef SUBROSA_SRC_INGEST_TESTING_SCRATCH_READER_H_
#define SUBROSA_SRC_INGEST_TESTING_SCRATCH_READER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/ingest/reader_options.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

struct Reading {
  // What opening or reading on failed with.
  absl::Status status;

  std::vector<v1::HealthRecord> records;

  // "line 3, byte 120: payload.score: want …, got …"
  std::vector<std::string> rejects;

  // "line 3, byte 120: Organization"
  std::vector<std::string> not_about_consumer;

  // The same of what was kept whole, which is among `records` too.
  std::vector<std::string> kept_whole;

  // What the end said: "3 lines, 120 bytes".
  std::string end;
};

// Options with a default for everything that a record needs beside a consumer
// and a payload.
ReaderOptions OptionsWithDefaults();

// Reads all of `path`.
Reading ReadAll(const std::string& path, const ReaderOptions& options);

// Reads all of a scratch file that holds `content`.
Reading ReadText(absl::string_view content, const ReaderOptions& options);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_TESTING_SCRATCH_READER_H_
