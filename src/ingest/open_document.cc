#include "src/ingest/open_document.h"

#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/ingest/apple_reader.h"
#include "src/ingest/apple_zip_reader.h"
#include "src/ingest/cda_reader.h"

namespace subrosa {
namespace {

constexpr size_t kMaxBytes = size_t{4} << 20;
constexpr absl::string_view kZip = "PK\x03\x04";

}  // namespace

bool IsDocument(Format format) {
  return format == Format::kAppleHealth || format == Format::kCda;
}

absl::StatusOr<std::unique_ptr<RecordReader>> OpenDocument(
    BufferedInput input, Format format, const ReaderOptions& options) {
  if (!options.message_type.empty()) {
    return absl::InvalidArgumentError(
        "message_type: want none for a document, got one");
  }
  const size_t max_bytes =
      options.max_record_bytes == 0 ? kMaxBytes : options.max_record_bytes;
  if (format == Format::kCda) {
    return std::unique_ptr<RecordReader>(
        std::make_unique<CdaReader>(std::move(input), options, max_bytes));
  }
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view start,
                           input.Peek(kZip.size()));
  return absl::StartsWith(start, kZip)
             ? AppleZipReader::Make(std::move(input), options, max_bytes)
             : AppleReader::MakeOfFile(std::move(input), options, max_bytes);
}

}  // namespace subrosa
