// Reads the XML files that a machine holds beside the checkout, and prints what
// came of them. Nothing of them is part of the project.
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "src/ingest/testing/scratch_reader.h"
#include "tests/conformance/shared_data.h"

namespace subrosa {
namespace {

// What came of the files of a folder.
struct Tally {
  size_t files = 0;
  size_t whole = 0;    // Read to their end.
  size_t refused = 0;  // Not, with a reason.
  size_t records = 0;
  size_t rejects = 0;
  std::map<std::string, size_t> reasons;

  void Add(const Reading& reading) {
    ++files;
    reading.status.ok() ? ++whole : ++refused;
    records += reading.records.size();
    rejects += reading.rejects.size();
    if (!reading.status.ok()) {
      ++reasons[std::string(reading.status.message().substr(
          reading.status.message().rfind('/') + 1))];
    }
    for (const std::string& reject : reading.rejects) {
      ++reasons[reject.substr(reject.find(": ") + 2)];
    }
  }

  void Print(const std::string& name) const {
    std::printf("%-26s %6zu %6zu %8zu %8zu %8zu\n", name.c_str(), files, whole,
                refused, records, rejects);
  }
};

std::map<std::string, Tally> ReadFolder(const std::string& folder,
                                        Format format) {
  std::map<std::string, Tally> tallies;
  ReaderOptions options = OptionsWithDefaults();
  options.format = format;
  options.defaults.consumer = "c-1";
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".xml") continue;
    const std::string group =
        std::filesystem::relative(entry.path(), folder).begin()->string();
    tallies[group].Add(ReadAll(entry.path().string(), options));
  }
  return tallies;
}

TEST(XmlDataTest, EveryCdaFileIsTakenOrRefusedWithAReason) {
  const absl::optional<std::string> folder = SharedDataFolder("ccda");
  if (!folder.has_value()) GTEST_SKIP() << "the C-CDA examples are not here";
  Tally all;
  std::printf("%-26s %6s %6s %8s %8s %8s\n", "folder", "files", "whole",
              "refused", "records", "rejects");
  for (const auto& [group, tally] : ReadFolder(*folder, Format::kCda)) {
    tally.Print(group);
    all.files += tally.files;
    all.whole += tally.whole;
    all.records += tally.records;
    for (const auto& [reason, count] : tally.reasons) {
      all.reasons[reason] += count;
    }
  }
  for (const auto& [reason, count] : all.reasons) {
    std::printf("%6zu  %s\n", count, reason.c_str());
  }
  RecordProperty("outside_vectors_run", static_cast<int>(all.files));
  // What is refused is not well-formed by itself: a fragment of several roots,
  // or with a prefix that nothing declares.
  EXPECT_GT(all.whole * 100, all.files * 85);
  EXPECT_GT(all.records, all.files);
}

TEST(XmlDataTest, EveryExportOfAppleHealthIsTaken) {
  const absl::optional<std::string> folder = SharedDataFolder("apple_health");
  if (!folder.has_value()) GTEST_SKIP() << "the exports are not here";
  size_t files = 0;
  for (const auto& [name, tally] : ReadFolder(*folder, Format::kDetect)) {
    tally.Print(name);
    EXPECT_EQ(tally.refused, 0u) << name;
    EXPECT_EQ(tally.rejects, 0u) << name;
    EXPECT_GT(tally.records, 0u) << name;
    ++files;
  }
  RecordProperty("outside_vectors_run", static_cast<int>(files));
  EXPECT_GT(files, 0u);
}

}  // namespace
}  // namespace subrosa
