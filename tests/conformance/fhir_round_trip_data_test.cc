// FHIR in, FHIR out, FHIR in: the project's own samples, and those that a
// machine holds beside the checkout, of which nothing is part of the project.
#include <dirent.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "src/exports/fhir_round_trip.h"
#include "src/ingest/testing/scratch_reader.h"
#include "tests/conformance/shared_data.h"

namespace subrosa {
namespace {

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> names;
  DIR* const open = opendir(folder.c_str());
  if (open == nullptr) return names;
  while (const dirent* const entry = readdir(open)) {
    if (absl::StrContains(entry->d_name, "json")) {
      names.push_back(entry->d_name);
    }
  }
  closedir(open);
  std::sort(names.begin(), names.end());
  return names;
}

// Takes every file of `folder` there and back; returns how many records have a
// form in FHIR.
size_t TakeFolder(const std::string& folder) {
  size_t all = 0;
  size_t written = 0;
  for (const std::string& name : FilesIn(folder)) {
    const Reading reading =
        ReadAll(absl::StrCat(folder, "/", name), OptionsWithDefaults());
    EXPECT_TRUE(reading.status.ok()) << name << " " << reading.status;
    const size_t here = ExpectRoundTrip(reading.records);
    if (here < reading.records.size()) {
      std::printf("%-48s %6zu of %6zu\n", name.c_str(), here,
                  reading.records.size());
    }
    all += reading.records.size();
    written += here;
  }
  std::printf("%zu records, %zu written and read again\n", all, written);
  return written;
}

TEST(FhirRoundTripDataTest, TheProjectsOwnSamplesComeBackAsTheyWere) {
  // All but the six patients, for whom the pseudonym stands.
  EXPECT_EQ(TakeFolder("docs/examples/data/fhir"), 138u);
}

TEST(FhirRoundTripDataTest, ABulkExportComesBackAsItWas) {
  const absl::optional<std::string> folder =
      SharedDataFolder("fhir/synthea_bulk_10");
  if (!folder.has_value()) GTEST_SKIP() << kNoSharedData;

  const size_t written = TakeFolder(*folder);

  RecordProperty("outside_vectors_run", static_cast<int>(written));
  EXPECT_GT(written, 0u);
}

TEST(FhirRoundTripDataTest, ExamplesOfEachTypeComeBackAsTheyWere) {
  const absl::optional<std::string> folder =
      SharedDataFolder("fhir/us_core_examples");
  if (!folder.has_value()) GTEST_SKIP() << kNoSharedData;

  const size_t written = TakeFolder(*folder);

  RecordProperty("outside_vectors_run", static_cast<int>(written));
  EXPECT_GT(written, 0u);
}

}  // namespace
}  // namespace subrosa
