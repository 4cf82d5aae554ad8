// Reads the test data of Open mHealth's schemas that a machine holds beside the
// checkout, and prints what came of it. Nothing of it is part of the project.
#include <dirent.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/ingest/open_mhealth_types.h"
#include "src/ingest/testing/scratch_reader.h"
#include "tests/conformance/shared_data.h"

namespace subrosa {
namespace {

std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  DIR* const open = opendir(folder.c_str());
  if (open == nullptr) return names;
  while (const dirent* const entry = readdir(open)) {
    if (entry->d_name[0] != '.') names.push_back(entry->d_name);
  }
  closedir(open);
  std::sort(names.begin(), names.end());
  return names;
}

// What came of the files of one schema that are said to be valid, or invalid.
struct Tally {
  int taken = 0;
  int rejected = 0;
};

struct SchemaTally {
  Tally valid;
  Tally invalid;
};

class Table {
 public:
  // Reads every file of `folder`, bodies of `schema_id`.
  void Add(const std::string& folder, const std::string& schema_id,
           Tally* tally) {
    for (const std::string& name : NamesIn(folder)) {
      ReaderOptions options = OptionsWithDefaults();
      options.format = Format::kOpenMHealth;
      options.defaults.consumer = "c-1";
      // These two are not bodies, but what stands around one.
      const bool is_point = absl::StrContains(schema_id, ":data-point:");
      const bool is_header = absl::StrContains(schema_id, ":header:");
      if (!is_point && !is_header) options.message_type = schema_id;
      Reading reading;
      const std::string path = absl::StrCat(folder, "/", name);
      if (is_header) {
        const absl::StatusOr<std::string> header = ReadFile(path, 1 << 20);
        ASSERT_TRUE(header.ok()) << header.status();
        reading = ReadText(absl::StrCat("{\"header\":", *header,
                                        ",\"body\":{\"activity_name\":\"x\"}}"),
                           options);
      } else {
        reading = ReadAll(path, options);
      }
      ++files_;
      // Some schemas are of a value or a list, which is no sample.
      if (!reading.status.ok() || !reading.rejects.empty() ||
          reading.records.empty()) {
        ++tally->rejected;
        const std::string reject =
            reading.rejects.empty()
                ? absl::StrCat(": ", reading.status.ok()
                                         ? "no object"
                                         : reading.status.message())
                : reading.rejects[0];
        ++reasons_[reject.substr(reject.find(": ") + 2)];
      } else {
        ++tally->taken;
      }
    }
  }

  void PrintReasons() const {
    std::printf("\n%6s  reason of a reject\n", "files");
    for (const auto& [reason, count] : reasons_) {
      std::printf("%6d  %s\n", count, reason.c_str());
    }
  }

  int files() const { return files_; }

 private:
  int files_ = 0;
  std::map<std::string, int> reasons_;
};

bool IsMapped(const std::string& space, const std::string& schema) {
  return space == "omh" &&
         (FindOpenMHealthType(schema) != nullptr || schema == "header");
}

TEST(OpenMHealthDataTest, EveryFileIsTakenOrRejectedAsItsSchemaSays) {
  const absl::optional<std::string> data = SharedDataFolder("openmhealth");
  if (!data.has_value()) GTEST_SKIP() << kNoSharedData;
  Table table;
  SchemaTally kept_whole;
  std::printf("%-36s %7s %8s %7s %8s\n", "", "valid", "", "invalid", "");
  std::printf("%-36s %7s %8s %7s %8s\n", "schema", "taken", "rejected", "taken",
              "rejected");
  for (const char* const space : {"granola", "ieee", "omh"}) {
    const std::string of_space = absl::StrCat(*data, "/", space);
    for (const std::string& schema : NamesIn(of_space)) {
      SchemaTally tally;
      for (const std::string& version :
           NamesIn(absl::StrCat(of_space, "/", schema))) {
        const std::string folder =
            absl::StrCat(of_space, "/", schema, "/", version);
        const std::string id = absl::StrCat(space, ":", schema, ":", version);
        table.Add(absl::StrCat(folder, "/shouldPass"), id, &tally.valid);
        table.Add(absl::StrCat(folder, "/shouldFail"), id, &tally.invalid);
      }
      if (!IsMapped(space, schema) && schema != "data-point") {
        kept_whole.valid.taken += tally.valid.taken;
        kept_whole.valid.rejected += tally.valid.rejected;
        kept_whole.invalid.taken += tally.invalid.taken;
        kept_whole.invalid.rejected += tally.invalid.rejected;
        continue;
      }
      std::printf("%-36s %7d %8d %7d %8d\n", schema.c_str(), tally.valid.taken,
                  tally.valid.rejected, tally.invalid.taken,
                  tally.invalid.rejected);
      EXPECT_EQ(tally.invalid.taken, 0) << schema;
      // One data point has an empty body, which its type does not allow, and
      // three spans end before they start, which schemas in JSON cannot say.
      EXPECT_LE(tally.valid.rejected, 1) << schema;
    }
  }
  std::printf("%-36s %7d %8d %7d %8d\n", "all others, kept whole",
              kept_whole.valid.taken, kept_whole.valid.rejected,
              kept_whole.invalid.taken, kept_whole.invalid.rejected);
  table.PrintReasons();
  std::printf("%d files\n", table.files());
  RecordProperty("outside_vectors_run", table.files());
  EXPECT_GT(table.files(), 500);
}

}  // namespace
}  // namespace subrosa
