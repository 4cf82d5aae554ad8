// An AppleReader takes an export of Apple Health: export.xml, of any size.
#ifndef SUBROSA_SRC_INGEST_APPLE_READER_H_
#define SUBROSA_SRC_INGEST_APPLE_READER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "src/ingest/apple_sample.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/document_bytes.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/xml_items.h"

namespace subrosa {

class AppleReader final : public RecordReader {
 public:
  // INVALID_ARGUMENT if `options` do not say whose export it is: the file does
  // not.
  static absl::Status CheckOptions(const ReaderOptions& options);

  // `defaults`, where a device collected what they do not say.
  static RecordDefaults WithDevice(RecordDefaults defaults);

  // Reads `source`, which is not owned. Elements hold at most
  // `max_element_bytes`. Errors as CheckOptions.
  static absl::StatusOr<std::unique_ptr<AppleReader>> Make(
      DocumentBytes* source, const ReaderOptions& options,
      size_t max_element_bytes);

  // The same for a file, which is owned.
  static absl::StatusOr<std::unique_ptr<RecordReader>> MakeOfFile(
      BufferedInput input, const ReaderOptions& options,
      size_t max_element_bytes);

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override;
  absl::string_view unit() const override { return "element"; }
  uint64_t bytes_read() const override { return items_.bytes_read(); }

 private:
  AppleReader(DocumentBytes* source, const ReaderOptions& options,
              size_t max_element_bytes);

  absl::Status Fill(v1::HealthRecord* record);

  std::unique_ptr<BufferedInput> input_;  // Null where the source is given.
  std::unique_ptr<DocumentBytes> file_;
  AppleSample sample_;
  XmlItems items_;
  RecordFinisher finisher_;
  const size_t max_element_bytes_;
  uint64_t elements_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_APPLE_READER_H_
