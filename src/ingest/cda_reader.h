// A CdaReader takes a C-CDA document, or a fragment of one (a section, an
// entry), entry by entry.
#ifndef SUBROSA_SRC_INGEST_CDA_READER_H_
#define SUBROSA_SRC_INGEST_CDA_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/cda_entry.h"
#include "src/ingest/document_bytes.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/seen_ids.h"
#include "src/ingest/xml_items.h"

namespace subrosa {

class CdaReader final : public RecordReader {
 public:
  // An entry of a section becomes a record that carries a v1.CdaEntry, and so
  // do a section's text, a body that is no XML, and the patient's own data. An
  // item holds at most `max_item_bytes`.
  //
  // The consumer is the extension of the first id of the document's one patient
  // (its root, where it has no extension), social security numbers excepted, as
  // `options.defaults` say whose that is. Items are rejected where there is
  // none and the options name nobody, and where the document is about several
  // patients, whether the options name somebody or not.
  CdaReader(BufferedInput input, const ReaderOptions& options,
            size_t max_item_bytes);

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override;
  absl::string_view unit() const override { return "item"; }
  uint64_t bytes_read() const override { return items_.bytes_read(); }

 private:
  absl::Status Judge(XmlItems::Step step, v1::HealthRecord* record);
  absl::Status Fill(v1::HealthRecord* record);
  absl::Status CheckPatients() const;
  absl::Status SetConsumer(v1::HealthRecord* record) const;
  absl::Status SetTimes(v1::HealthRecord* record) const;

  BufferedInput input_;
  InputSource source_;
  CdaEntryVisitor visitor_;
  XmlItems items_;
  RecordFinisher finisher_;
  SeenIds seen_;
  const bool names_consumer_;  // Whether the options say whose it is.
  // The step after the patient's data: these are held back until it is seen
  // that no second patient follows.
  std::optional<absl::StatusOr<XmlItems::Step>> next_;
  const size_t max_item_bytes_;
  uint64_t count_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_CDA_READER_H_
