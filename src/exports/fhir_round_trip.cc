#include "src/exports/fhir_round_trip.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/exports/fhir_bundle.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/clinical.pb.h"

namespace subrosa {

std::string BundleOf(const std::vector<v1::HealthRecord>& records,
                     std::vector<v1::HealthRecord>* written) {
  std::string text;
  FhirBundleWriter bundle(kRoundTripSubject, absl::FromUnixSeconds(1714550400),
                          [&text](absl::string_view bytes) {
                            absl::StrAppend(&text, bytes);
                            return absl::OkStatus();
                          });
  EXPECT_TRUE(bundle.Start().ok());
  for (const v1::HealthRecord& record : records) {
    v1::FhirResource resource;
    EXPECT_TRUE(record.payload().UnpackTo(&resource));
    const absl::StatusOr<bool> added = bundle.Add(record, resource);
    EXPECT_TRUE(added.ok()) << added.status();
    if (added.ok() && *added) written->push_back(record);
  }
  EXPECT_TRUE(bundle.Finish().ok());
  return text;
}

std::string KeptOf(v1::HealthRecord record) {
  record.clear_consumer();
  record.mutable_origin()->clear_raw_digest();
  v1::FhirResource resource;
  EXPECT_TRUE(record.payload().UnpackTo(&resource));
  resource.clear_json();
  record.clear_payload();
  return absl::StrCat(record.DebugString(), resource.DebugString());
}

size_t ExpectRoundTrip(const std::vector<v1::HealthRecord>& records) {
  std::vector<v1::HealthRecord> written;
  const std::string bundle = BundleOf(records, &written);
  const Reading again = ReadText(bundle, OptionsWithDefaults());

  EXPECT_TRUE(again.status.ok()) << again.status;
  EXPECT_TRUE(again.rejects.empty()) << again.rejects[0];
  // The patient is read too, and comes first.
  EXPECT_EQ(again.records.size(), written.size() + 1);
  if (again.records.size() != written.size() + 1) return written.size();
  for (size_t i = 0; i < written.size(); ++i) {
    const v1::HealthRecord& back = again.records[i + 1];
    EXPECT_EQ(KeptOf(back), KeptOf(written[i]));
    EXPECT_EQ(back.consumer(), kRoundTripSubject);
  }
  return written.size();
}

}  // namespace subrosa
