#include "src/exports/fhir_bundle.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/exports/name_uuid.h"

namespace subrosa {

bool AppendFhirEntry(const v1::HealthRecord& record,
                     const google::protobuf::Message& payload,
                     FhirEntryWriter* writer, std::string* out) {
  const size_t start = out->size();
  out->append(",\n");
  if (writer->Append(record, payload, out)) return true;
  out->resize(start);
  return false;
}

FhirBundleWriter::FhirBundleWriter(absl::string_view subject,
                                   absl::Time made_at, Sink sink)
    : subject_(subject),
      made_at_(made_at),
      sink_(std::move(sink)),
      writer_(subject) {}

absl::Status FhirBundleWriter::Start() {
  if (!IsUuid(subject_)) {
    return absl::InvalidArgumentError(
        "subject: want a UUID in lower case, got another string");
  }
  return sink_(absl::StrCat(
      R"({"resourceType":"Bundle","type":"collection","timestamp":")",
      absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", made_at_, absl::UTCTimeZone()),
      "\",\"entry\":[\n", writer_.PatientEntry()));
}

absl::StatusOr<bool> FhirBundleWriter::Add(
    const v1::HealthRecord& record, const google::protobuf::Message& payload) {
  entry_.clear();
  if (!AppendFhirEntry(record, payload, &writer_, &entry_)) return false;
  SUBROSA_RETURN_IF_ERROR(sink_(entry_));
  return true;
}

absl::Status FhirBundleWriter::AddEntries(absl::string_view entries) {
  return entries.empty() ? absl::OkStatus() : sink_(entries);
}

absl::Status FhirBundleWriter::Finish() { return sink_("\n]}\n"); }

}  // namespace subrosa
