// A RecordFinisher gives a record what it does not say itself, notes where it
// comes from, and checks it. Every reader ends with it.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_RECORD_FINISHER_H_
#define SUBROSA_SRC_INGEST_RECORD_FINISHER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/sha256.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/time_text.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Where a record was read. An origin that the record carries itself stands.
struct ReadOrigin {
  absl::string_view system;  // "fhir-r4"
  absl::string_view type;    // "Condition"
  absl::string_view id;      // Within (system, type); may be empty.
  absl::string_view raw;     // The bytes as they were read.

  // What stands elsewhere in the file and is part of the record: if it changes,
  // the record has: words, each of which counts with a line's end after it.
  // Mostly none.
  absl::Span<const absl::string_view> beside = {};
};

class RecordFinisher {
 public:
  explicit RecordFinisher(const RecordDefaults& defaults);

  // Completes `record`. Errors as ValidateRecord; INVALID_ARGUMENT too for a
  // consumer that the options do not know.
  absl::Status Finish(const ReadOrigin& origin, v1::HealthRecord* record);

  // The same for a record that a mapper made in place of the one before: it
  // says consumer, id, effective, collected_at and payload, or has none, and
  // whatever else it holds is replaced, not cleared, so that its memory serves
  // again.
  absl::Status FinishMade(const ReadOrigin& origin, v1::HealthRecord* record);

 private:
  absl::Status SetConsumer(v1::HealthRecord* record);
  void SetOrigin(const ReadOrigin& origin, v1::HealthRecord* record);

  v1::HealthRecord defaults_;
  const ConsumerMap* const consumers_;
  std::string named_;  // Whom the file named, where it is about one person.
  Sha256 sha256_;
};

// Puts `time` into `effective` as its start, with the offset it was written in.
void SetStart(const TextTime& time, v1::Effective* effective);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_RECORD_FINISHER_H_
