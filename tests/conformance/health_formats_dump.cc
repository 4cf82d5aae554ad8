// Reads files of records and writes what may go out of them, as if all were of
// one consumer.
//
// usage: health_formats_dump fhir|open-mhealth FILE...
#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "src/exports/fhir_bundle.h"
#include "src/exports/open_mhealth_point.h"
#include "src/exports/payload_text.h"
#include "src/ingest/message_types.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

constexpr char kSubject[] = "0b9c7f0e-6d0f-4a3e-9a55-2f3f0a7f1c11";

absl::Status Print(absl::string_view bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  return absl::OkStatus();
}

bool DumpRecord(const v1::HealthRecord& record, FhirBundleWriter* bundle) {
  const absl::StatusOr<std::unique_ptr<google::protobuf::Message>> payload =
      ParsePayload(record, *MessageTypes::Linked());
  if (!payload.ok()) return false;
  if (bundle != nullptr) return bundle->Add(record, **payload).ok();
  std::string point;
  if (AppendOpenMHealthPoint(kSubject, record, **payload, &point)) {
    std::printf("%s\n", point.c_str());
  }
  return true;
}

int Dump(int argc, char** argv) {
  FhirBundleWriter fhir(kSubject, absl::FromUnixSeconds(1714550400), Print);
  const bool is_fhir = argc > 1 && absl::string_view(argv[1]) == "fhir";
  FhirBundleWriter* const bundle = is_fhir ? &fhir : nullptr;
  if (is_fhir && !fhir.Start().ok()) return 1;
  for (int i = 2; i < argc; ++i) {
    ReaderOptions options = OptionsWithDefaults();
    // Exports of phones name nobody.
    if (!is_fhir) options.defaults.consumer = "c-1";
    const Reading reading = ReadAll(argv[i], options);
    if (!reading.status.ok()) return 1;
    for (const v1::HealthRecord& record : reading.records) {
      if (!DumpRecord(record, bundle)) return 1;
    }
  }
  return is_fhir && !fhir.Finish().ok() ? 1 : 0;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) { return subrosa::Dump(argc, argv); }
