// Reads the FHIR files that a machine holds beside the checkout, and prints
// what came of them. Nothing of them is part of the project.
#include <dirent.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/clinical.pb.h"
#include "tests/conformance/shared_data.h"

namespace subrosa {
namespace {

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> names;
  DIR* const open = opendir(folder.c_str());
  if (open == nullptr) return names;
  while (const dirent* const entry = readdir(open)) {
    if (absl::EndsWith(entry->d_name, ".ndjson")) {
      names.push_back(entry->d_name);
    }
  }
  closedir(open);
  std::sort(names.begin(), names.end());
  return names;
}

TEST(FhirDataTest, EveryResourceOfABulkExportIsTakenOrIsAboutNobody) {
  const absl::optional<std::string> folder =
      SharedDataFolder("fhir/synthea_bulk_10");
  if (!folder.has_value()) GTEST_SKIP() << "the FHIR export is not here";
  const std::vector<std::string> names = FilesIn(*folder);
  size_t records = 0;
  size_t coded = 0;
  std::printf("%-32s %8s %8s %8s\n", "file", "records", "nobody", "rejects");
  for (const std::string& name : names) {
    const Reading reading =
        ReadAll(absl::StrCat(*folder, "/", name), OptionsWithDefaults());

    ASSERT_TRUE(reading.status.ok()) << reading.status;
    std::printf("%-32s %8zu %8zu %8zu\n", name.c_str(), reading.records.size(),
                reading.not_about_consumer.size(), reading.rejects.size());
    EXPECT_TRUE(reading.rejects.empty()) << name << " " << reading.rejects[0];
    records += reading.records.size();
    for (const v1::HealthRecord& record : reading.records) {
      v1::FhirResource resource;
      ASSERT_TRUE(record.payload().UnpackTo(&resource));
      if (resource.code().coding_size() > 0) ++coded;
    }
  }
  RecordProperty("outside_vectors_run", static_cast<int>(names.size()));
  EXPECT_GT(records, 0u);
  EXPECT_GT(coded, records / 2);
}

}  // namespace
}  // namespace subrosa
