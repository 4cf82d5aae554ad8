// A run of a consumer's records on its way into their copy, and what puts it
// into words.
#ifndef SUBROSA_SRC_EXPORTS_COPY_BATCH_H_
#define SUBROSA_SRC_EXPORTS_COPY_BATCH_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/exports/fhir_entry.h"
#include "src/exports/record_text.h"
#include "src/exports/withheld_items.h"
#include "src/ingest/message_types.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Emptied and filled again, so that its memory is asked for once.
struct CopyBatch {
  struct Record {
    v1::HealthRecord record;
    RowFacts facts;
    std::unique_ptr<google::protobuf::Message> payload;  // CopyFormatter's.
  };
  // The records of one type, as its two files have them.
  struct TypeText {
    const google::protobuf::Descriptor* type = nullptr;
    std::string ndjson;
    std::string csv;
  };

  // Of `records` the first `size` are in it, and of `types` the first
  // `type_count`.
  std::vector<Record> records;
  size_t size = 0;
  std::vector<TypeText> types;
  size_t type_count = 0;
  std::string fhir;  // Entries, as AppendFhirEntry writes them.
  std::string open_mhealth;
};

// Thread-compatible: one for each thread.
class CopyFormatter {
 public:
  // Both must outlive it; `withheld` is forked. `subject` is who FHIR and Open
  // mHealth say that it is, a UUID.
  static absl::StatusOr<std::unique_ptr<CopyFormatter>> Create(
      const MessageTypes& types, const WithheldItems& withheld,
      absl::string_view subject);

  // Parses what the records of `batch` hold, takes out what is withheld, and
  // writes the rest in all its forms. Errors of ParsePayload and
  // AppendMessageJson.
  absl::Status Format(CopyBatch* batch);

  // What was withheld so far.
  const WithheldItems& withheld() const { return *withheld_; }

 private:
  // How one type is written.
  struct Form {
    explicit Form(const google::protobuf::Descriptor& type);

    RecordTable table;
    bool has_fhir;
    bool has_open_mhealth;
  };

  CopyFormatter(const MessageTypes& types,
                std::unique_ptr<WithheldItems> withheld,
                absl::string_view subject)
      : types_(types),
        withheld_(std::move(withheld)),
        subject_(subject),
        fhir_(subject) {}
  Form& FormOf(const google::protobuf::Descriptor& type);
  absl::Status FormatOne(CopyBatch::Record* record, CopyBatch* batch);

  const MessageTypes& types_;
  const std::unique_ptr<WithheldItems> withheld_;
  const std::string subject_;
  FhirEntryWriter fhir_;
  RecordJson json_;
  absl::flat_hash_map<const google::protobuf::Descriptor*,
                      std::unique_ptr<Form>>
      forms_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_COPY_BATCH_H_
