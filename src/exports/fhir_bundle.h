// A Bundle of FHIR R4 (http://hl7.org/fhir/R4/bundle.html), of type collection:
// the patient, then one consumer's records, as they come.
//
// Thread-compatible. Memory does not grow with the number of records.
//
// Example:
//   FhirBundleWriter bundle(subject, now, sink);
//   SUBROSA_RETURN_IF_ERROR(bundle.Start());
//   for (...) SUBROSA_RETURN_IF_ERROR(bundle.Add(record, payload).status());
//   SUBROSA_RETURN_IF_ERROR(bundle.Finish());
#ifndef SUBROSA_SRC_EXPORTS_FHIR_BUNDLE_H_
#define SUBROSA_SRC_EXPORTS_FHIR_BUNDLE_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "src/exports/fhir_entry.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Appends the entry of `record` by `writer`, with what stands before it in a
// Bundle. False, with `out` as it was, if it has no form in FHIR.
bool AppendFhirEntry(const v1::HealthRecord& record,
                     const google::protobuf::Message& payload,
                     FhirEntryWriter* writer, std::string* out);

class FhirBundleWriter {
 public:
  // Takes the Bundle's bytes, in order.
  using Sink = std::function<absl::Status(absl::string_view)>;

  // `subject` as FhirEntryWriter's; `made_at` is the Bundle's timestamp.
  FhirBundleWriter(absl::string_view subject, absl::Time made_at, Sink sink);

  // Writes the head and the patient. INVALID_ARGUMENT if `subject` is no UUID
  // in lower case; an error of the sink. After an error, here and below, what
  // was written is of no use.
  absl::Status Start();

  // Writes the entry of `record`, on a line of its own. False if it has no form
  // in FHIR; an error of the sink.
  absl::StatusOr<bool> Add(const v1::HealthRecord& record,
                           const google::protobuf::Message& payload);

  // The same of entries that were made elsewhere, each by AppendFhirEntry.
  absl::Status AddEntries(absl::string_view entries);

  // Ends the Bundle. A Bundle without its end is cut short.
  absl::Status Finish();

 private:
  const std::string subject_;
  const absl::Time made_at_;
  const Sink sink_;
  FhirEntryWriter writer_;
  std::string entry_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_FHIR_BUNDLE_H_
