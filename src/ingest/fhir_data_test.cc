// Reads the FHIR files that a machine holds beside the checkout, and prints
// what came of them. Nothing of them is part of the project.
#include <dirent.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/clinical.pb.h"
#include "tests/conformance/shared_data.h"

namespace subrosa {
namespace {

std::vector<std::string> FilesIn(const std::string& folder,
                                 absl::string_view suffix) {
  std::vector<std::string> names;
  DIR* const open = opendir(folder.c_str());
  if (open == nullptr) return names;
  while (const dirent* const entry = readdir(open)) {
    if (absl::EndsWith(entry->d_name, suffix)) {
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
  const std::vector<std::string> names = FilesIn(*folder, ".ndjson");
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
      EXPECT_EQ(resource.SerializeAsString(), record.payload().value());
      if (resource.code().coding_size() > 0) ++coded;
    }
  }
  RecordProperty("outside_vectors_run", static_cast<int>(names.size()));
  EXPECT_GT(records, 0u);
  EXPECT_GT(coded, records / 2);
}

// What came of a folder of files.
struct Tally {
  size_t files = 0;
  size_t records = 0;
  size_t nobody = 0;
  std::map<std::string, size_t> rejects;  // By reason.
};

std::string ReasonOf(const std::string& reject) {
  return reject.substr(reject.find(": ") + 2);
}

TEST(FhirDataTest, EveryExampleResourceIsTakenOrRejectedWithAReason) {
  const absl::optional<std::string> folder =
      SharedDataFolder("fhir/us_core_examples");
  if (!folder.has_value()) GTEST_SKIP() << "the FHIR examples are not here";
  const std::vector<std::string> names = FilesIn(*folder, ".json");
  Tally all;
  for (const std::string& name : names) {
    const Reading reading =
        ReadAll(absl::StrCat(*folder, "/", name), OptionsWithDefaults());

    ASSERT_TRUE(reading.status.ok()) << name << " " << reading.status;
    const size_t entries = reading.records.size() +
                           reading.not_about_consumer.size() +
                           reading.rejects.size();
    EXPECT_GT(entries, 0u) << name;
    ++all.files;
    all.records += reading.records.size();
    all.nobody += reading.not_about_consumer.size();
    for (const std::string& reject : reading.rejects) {
      ++all.rejects[ReasonOf(reject)];
    }
  }
  std::printf("%8s %8s %8s\n%8zu %8zu %8zu\n", "files", "records", "nobody",
              all.files, all.records, all.nobody);
  for (const auto& reason : all.rejects) {
    std::printf("%8zu rejected: %s\n", reason.second, reason.first.c_str());
  }
  RecordProperty("outside_vectors_run", static_cast<int>(names.size()));
  EXPECT_GT(all.records, names.size() / 2);
}

}  // namespace
}  // namespace subrosa
