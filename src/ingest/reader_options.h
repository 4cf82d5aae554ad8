// ReaderOptions say what a file holds, and what its records do not say
// themselves.
#ifndef SUBROSA_SRC_INGEST_READER_OPTIONS_H_
#define SUBROSA_SRC_INGEST_READER_OPTIONS_H_

#include <cstddef>
#include <string>

#include "absl/time/time.h"
#include "src/ingest/message_types.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class ConsumerMap;
class RowMapping;

// How a file is written (docs/formats/ingest.md).
enum class Format {
  kDetect,       // Its first bytes tell.
  kNdjson,       // One HealthRecord, or one bare message, in ProtoJSON a line.
  kDelimited,    // The same in protobuf, each after its length as a varint.
  kFhirNdjson,   // One FHIR R4 resource in JSON a line.
  kCsv,          // A table (RFC 4180), by a mapping.
  kFhirJson,     // FHIR R4 Bundles, and resources over several lines.
  kAppleHealth,  // An export of Apple Health: export.xml, or the zip with it.
  kCda,          // A C-CDA document.
  kOpenMHealth,  // Data points of Open mHealth, in JSON of any layout.
  kHealthConnect,  // Records of Health Connect, in JSON of any layout.
};

// What a record gets where it says nothing itself. An empty field is no
// default.
struct RecordDefaults {
  std::string source;
  std::string purpose;
  v1::Basis basis = v1::BASIS_UNSPECIFIED;
  std::string consent_ref;
  v1::Collection collection = v1::COLLECTION_UNSPECIFIED;
  std::string application;

  // Whom a file is about that names nobody: an export from a person's own
  // device. Should its records name somebody, they are about one person, whom
  // this id stands for; a second one is rejected. Not beside `consumers`.
  std::string consumer;

  // Which consumers the people of the file are; who is not in it is rejected.
  // Null: the ids of the file are the service's. Not owned; must outlive the
  // reader.
  const ConsumerMap* consumers = nullptr;

  // When the entity collected it; the time of the file, say. InfinitePast: no
  // default. A time that changes from run to run makes a record that carries no
  // time of its own a new one each time.
  absl::Time collected_at = absl::InfinitePast();
};

struct ReaderOptions {
  Format format = Format::kDetect;

  // Full name of the bare message that the file holds: "acme.v1.MoodCheckIn".
  // Empty: the file holds HealthRecords. The message's roles give consumer
  // (required), record id and effective time. Not for FHIR. For Open mHealth,
  // the schema whose bodies the file holds without headers:
  // "omh:heart-rate:2.0".
  std::string message_type;

  // Not owned; must outlive the reader. Never null.
  const MessageTypes* types = MessageTypes::Linked();

  // What the columns of a table are: the file is then CSV, or NDJSON of flat
  // objects. Null: it is no table. Not owned; must outlive the reader. Not
  // beside a message type.
  const RowMapping* mapping = nullptr;

  RecordDefaults defaults;

  // The longest line or message, in bytes; what is longer is skipped in
  // constant memory and rejected. 0: 1 MiB, and 4 MiB for FHIR, which carries
  // documents. At most 64 MiB. A reader takes up to 16 times this in memory.
  size_t max_record_bytes = 0;
};

// How deep messages and JSON may nest; what is deeper is rejected.
inline constexpr int kMaxDepth = 64;

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_READER_OPTIONS_H_
