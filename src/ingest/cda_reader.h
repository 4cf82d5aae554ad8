// A CdaReader takes a C-CDA document, or a fragment of one (a section, an
// entry), entry by entry.
#ifndef SUBROSA_SRC_INGEST_CDA_READER_H_
#define SUBROSA_SRC_INGEST_CDA_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/cda_entry.h"
#include "src/ingest/document_bytes.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/xml_items.h"

namespace subrosa {

class CdaReader final : public RecordReader {
 public:
  // An entry of a section becomes a record that carries a v1.CdaEntry, and so
  // do a section's text, a body that is no XML, and the patient's own data. An
  // item holds at most `max_item_bytes`.
  //
  // The consumer is `options.defaults.consumer`; where that is empty, the
  // extension of the first id of the document's one patient (its root, where it
  // has no extension), social security numbers excepted. Items are rejected
  // where there is none, and where the document is about several patients.
  CdaReader(BufferedInput input, const ReaderOptions& options,
            size_t max_item_bytes);

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override;
  absl::string_view unit() const override { return "item"; }
  uint64_t bytes_read() const override { return items_.bytes_read(); }

 private:
  absl::Status Fill(v1::HealthRecord* record);
  absl::Status SetConsumer(v1::HealthRecord* record) const;
  absl::Status SetTimes(v1::HealthRecord* record) const;

  BufferedInput input_;
  InputSource source_;
  CdaEntryVisitor visitor_;
  XmlItems items_;
  RecordFinisher finisher_;
  absl::flat_hash_set<std::string> ids_;  // Of the document so far.
  const std::string consumer_;
  const size_t max_item_bytes_;
  uint64_t count_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_CDA_READER_H_
