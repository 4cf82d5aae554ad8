// A run of one consumer's records on its way into a de-identified set, and what
// makes them coarse and puts them into words.
#ifndef SUBROSA_SRC_EXPORTS_SET_BATCH_H_
#define SUBROSA_SRC_EXPORTS_SET_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/classify/text_scanner.h"
#include "src/exports/payload_deidentifier.h"
#include "src/exports/safe_harbor.h"
#include "src/exports/set_lines.h"
#include "src/ingest/message_types.h"
#include "src/vault/record_row.h"

namespace subrosa {

// Emptied and filled again, so that its memory is asked for once.
struct SetBatch {
  struct Record {
    std::string payload;  // As bytes of facts.schema.
    absl::Time when;
    RowFacts facts;
  };
  // The records of one type, as they would go out.
  struct TypeText {
    const google::protobuf::Descriptor* type = nullptr;
    std::string text;
    std::vector<uint64_t> ends;  // Of each record in `text`.
  };

  // Whose they are.
  uint64_t consumer = 0;   // Counted from 0, in the order of the walk.
  std::string account;     // Their id.
  std::string name;        // The recipient's for them.
  int32_t days_moved = 0;  // Where dates are moved.
  bool is_last = false;    // All of theirs were read.

  // Of `records` the first `size` are in it, of `texts` the first
  // `text_count`.
  std::vector<Record> records;
  size_t size = 0;

  // What SetFormatter makes of them.
  std::vector<TypeText> texts;
  size_t text_count = 0;
  CoarseValues values;
  // Types, each with categories and labels, as bits.
  std::set<std::tuple<std::string, uint32_t, uint64_t>> kinds;
  uint32_t categories = 0;  // Of all, as bits.
  DeidentifiedCounts counts;
};

// Thread-compatible: one for each thread.
class SetFormatter {
 public:
  struct Options {
    PayloadDeidentifier::Options payload;
    SetForm form = SetForm::kNdjson;
    bool writes_text = true;  // Else it only finds out what would be in a set.
  };

  // All must outlive it. Errors of PayloadDeidentifier.
  static absl::StatusOr<std::unique_ptr<SetFormatter>> Create(
      const MessageTypes& types, const SafeHarbor& rules,
      const TextScanner& scanner, const Options& options);

  // Errors of ParsePayload, PayloadDeidentifier and SetLines.
  absl::Status Format(SetBatch* batch);

 private:
  // How one type is written.
  struct Form {
    std::unique_ptr<SetLines> lines;
    // The record in hand, so that the next needs no new one.
    std::unique_ptr<google::protobuf::Message> payload;
  };

  SetFormatter(const MessageTypes& types, const Options& options,
               std::unique_ptr<PayloadDeidentifier> deidentifier)
      : types_(types),
        options_(options),
        deidentifier_(std::move(deidentifier)) {}

  // With the payload of `record` in it.
  absl::StatusOr<Form*> FormOf(const SetBatch::Record& record);
  absl::Status FormatOne(const SetBatch::Record& record, SetBatch* batch);
  std::string WhenOfSet(absl::Time time, SetBatch* batch) const;

  const MessageTypes& types_;
  const Options options_;
  const std::unique_ptr<PayloadDeidentifier> deidentifier_;
  std::map<std::string, Form> forms_;  // By schema.
  SetRecord out_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SET_BATCH_H_
