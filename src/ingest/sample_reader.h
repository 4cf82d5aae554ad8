// A SampleReader takes the samples of a health platform from JSON: one object a
// line, a list, a document with a list `records`, or objects over any number of
// lines.
#ifndef SUBROSA_SRC_INGEST_SAMPLE_READER_H_
#define SUBROSA_SRC_INGEST_SAMPLE_READER_H_

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/line_reader.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/sample_mapper.h"
#include "src/ingest/sample_splitter.h"
#include "src/ingest/seen_ids.h"

namespace subrosa {

class SampleReader final : public RecordReader {
 public:
  // Reads `input` from where it stands; samples hold at most `max_bytes`. Where
  // the first line holds a whole object, each line is one, so that what is
  // wrong with one line is wrong with no other.
  //
  // INVALID_ARGUMENT if options.format is no platform's, and for a message type
  // that is none of Open mHealth's schemas or, for Health Connect, any. Errors
  // of reading as BufferedInput::Peek.
  static absl::StatusOr<std::unique_ptr<RecordReader>> Make(
      BufferedInput input, Format format, const ReaderOptions& options,
      size_t max_bytes);

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override;
  absl::string_view unit() const override {
    return lines_.has_value() ? "line" : "record";
  }
  uint64_t bytes_read() const override {
    return lines_.has_value() ? lines_->bytes_read() : splitter_->bytes_read();
  }

 private:
  SampleReader(std::unique_ptr<SampleMapper> mapper,
               const RecordDefaults& defaults);

  absl::StatusOr<SampleText> NextText();

  std::unique_ptr<SampleMapper> mapper_;
  std::optional<LineReader> lines_;         // Either this
  std::optional<SampleSplitter> splitter_;  // or this.
  RecordFinisher finisher_;
  SeenIds seen_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_SAMPLE_READER_H_
