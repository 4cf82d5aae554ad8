#include "src/ingest/open_reader.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/csv_reader.h"
#include "src/ingest/delimited_reader.h"
#include "src/ingest/detect_format.h"
#include "src/ingest/fhir_json_reader.h"
#include "src/ingest/fhir_reader.h"
#include "src/ingest/ndjson_reader.h"
#include "src/ingest/ndjson_table_reader.h"
#include "src/ingest/open_document.h"
#include "src/ingest/sample_reader.h"

namespace subrosa {
namespace {

constexpr size_t kMiB = size_t{1} << 20;
constexpr size_t kMaxRecordBytes = 64 * kMiB;
// As many as the longest mark of a format that is not read.
constexpr size_t kMarkBytes = 6;

// A table: CSV, or NDJSON of flat objects, which start with a brace.
absl::StatusOr<std::unique_ptr<RecordReader>> MakeTableReader(
    BufferedInput input, const ReaderOptions& options) {
  if (!options.message_type.empty()) {
    return absl::InvalidArgumentError(
        "message_type: want none beside a mapping, got one");
  }
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view start,
                           input.Peek(kMarkBytes));
  SUBROSA_RETURN_IF_ERROR(CheckReadable(start));
  Format format = options.format;
  if (format == Format::kDetect) {
    const size_t first = start.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    format = first != start.npos && start[first] == '{' ? Format::kNdjson
                                                        : Format::kCsv;
  }
  const size_t max_row_bytes =
      options.max_record_bytes == 0 ? kMiB : options.max_record_bytes;
  switch (format) {
    case Format::kCsv:
      return CsvReader::Make(std::move(input), options, max_row_bytes);
    case Format::kNdjson:
      return std::unique_ptr<RecordReader>(std::make_unique<NdjsonTableReader>(
          std::move(input), options, max_row_bytes));
    default:
      return absl::InvalidArgumentError(
          "format: want csv or ndjson with a mapping, got another");
  }
}

bool IsFhir(Format format) {
  return format == Format::kFhirNdjson || format == Format::kFhirJson;
}

bool IsPlatform(Format format) {
  return format == Format::kOpenMHealth || format == Format::kHealthConnect;
}

absl::StatusOr<std::unique_ptr<RecordReader>> MakeReader(
    BufferedInput input, const ReaderOptions& options) {
  if (options.mapping != nullptr) {
    return MakeTableReader(std::move(input), options);
  }
  Format format = options.format;
  if (format == Format::kCsv) {
    return absl::InvalidArgumentError(
        "mapping: want one that says what the columns of CSV are, got none");
  }
  if (format == Format::kDetect) {
    SUBROSA_ASSIGN_OR_RETURN(format, DetectFormat(&input));
    // A message of a service may have fields of such names.
    if ((IsFhir(format) || IsPlatform(format)) &&
        !options.message_type.empty()) {
      format = Format::kNdjson;
    }
  } else if (format != Format::kDelimited && !IsDocument(format)) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view start,
                             input.Peek(kMarkBytes));
    SUBROSA_RETURN_IF_ERROR(CheckReadable(start));
  }
  if (IsDocument(format))
    return OpenDocument(std::move(input), format, options);
  size_t max_record_bytes = options.max_record_bytes;
  if (max_record_bytes == 0) {
    max_record_bytes = IsFhir(format) ? 4 * kMiB : kMiB;
  }
  if (IsFhir(format) && !options.message_type.empty()) {
    return absl::InvalidArgumentError(
        "message_type: want none for FHIR, got one");
  }
  switch (format) {
    case Format::kDelimited:
      return DelimitedReader::Make(std::move(input), options, max_record_bytes);
    case Format::kFhirNdjson:
      return std::unique_ptr<RecordReader>(std::make_unique<FhirReader>(
          std::move(input), options, max_record_bytes));
    case Format::kFhirJson:
      return std::unique_ptr<RecordReader>(std::make_unique<FhirJsonReader>(
          std::move(input), options, max_record_bytes));
    case Format::kOpenMHealth:
    case Format::kHealthConnect:
      return SampleReader::Make(std::move(input), format, options,
                                max_record_bytes);
    default:
      return NdjsonReader::Make(std::move(input), options, max_record_bytes);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordReader>> OpenReader(
    const std::string& path, const ReaderOptions& options) {
  if (options.max_record_bytes > kMaxRecordBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_record_bytes: want at most ", kMaxRecordBytes,
                     ", got ", options.max_record_bytes));
  }
  SUBROSA_ASSIGN_OR_RETURN(BufferedInput input, BufferedInput::Open(path));
  absl::StatusOr<std::unique_ptr<RecordReader>> reader =
      MakeReader(std::move(input), options);
  if (!reader.ok()) return Annotate(reader.status(), path);
  return reader;
}

}  // namespace subrosa
