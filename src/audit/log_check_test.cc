#include "src/audit/log_check.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/checkpoint.h"
#include "src/audit/log_files.h"
#include "src/audit/right_edge.h"

namespace subrosa {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

namespace fs = std::filesystem;

// 65,536 + 3 * 256 + 7 leaves: tiles of three levels, full and partial.
constexpr uint64_t kSize = 66311;

class LogCheckTest : public testing::Test {
 protected:
  LogCheckTest()
      : folder_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {}

  void MakeLog(uint64_t size = kSize) {
    LogFiles files(folder_);
    RightEdge edge;
    ASSERT_TRUE(files.MakeFolder().ok());
    while (edge.size() < size) {
      ASSERT_TRUE(edge.Append(absl::StrCat("leaf ", edge.size()), files).ok());
    }
    ASSERT_TRUE(edge.WritePartials(files).ok());
    checkpoint_ = {"example.org/audit", size, edge.Root()};
  }

  LogCheck Check(const LogCheckOptions& options = {}) {
    const absl::StatusOr<LogCheck> check =
        CheckLog(folder_, checkpoint_, options);
    EXPECT_TRUE(check.ok()) << check.status();
    return *check;
  }
  LogCheck Repair() {
    LogCheckOptions options;
    options.repair = true;
    return Check(options);
  }

  void FlipByte(const std::string& path, size_t at) {
    std::fstream file(folder_ + "/" + path,
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<int64_t>(at));
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<int64_t>(at));
    file.put(byte);
    ASSERT_TRUE(file.good()) << path;
  }
  void Cut(const std::string& path, size_t size) {
    fs::resize_file(folder_ + "/" + path, size);
  }
  void Remove(const std::string& path) {
    ASSERT_TRUE(fs::remove(folder_ + "/" + path)) << path;
  }

  std::string folder_;
  Checkpoint checkpoint_;
};

TEST_F(LogCheckTest, AWholeLogHasNoFaults) {
  for (const uint64_t size : {0, 1, 255, 256, 257, 700}) {
    fs::remove_all(folder_);
    MakeLog(size);
    const LogCheck check = Check();
    EXPECT_TRUE(check.ok());
    EXPECT_EQ(check.entries, size);
    EXPECT_THAT(check.faults, IsEmpty());
  }
}

TEST_F(LogCheckTest, EveryEntryIsShownOnceAndProgressIsTold) {
  MakeLog();
  std::vector<std::atomic<int>> seen(kSize);
  uint64_t told = 0;
  LogCheckOptions options;
  options.on_progress = [&](uint64_t entries) {
    EXPECT_GT(entries, told);
    told = entries;
  };
  options.on_entry = [&](uint64_t index, absl::string_view entry) {
    EXPECT_EQ(entry, absl::StrCat("leaf ", index));
    ++seen[index];
    return absl::OkStatus();
  };

  EXPECT_TRUE(Check(options).ok());

  EXPECT_EQ(told, kSize);
  for (const std::atomic<int>& times : seen) ASSERT_EQ(times, 1);
}

TEST_F(LogCheckTest, ALogThatHasGrownSinceIsStillThatOfItsOldCheckpoint) {
  MakeLog(300);
  const Checkpoint old = checkpoint_;
  MakeLog(1000);

  checkpoint_ = old;
  EXPECT_TRUE(Check().ok());
}

TEST_F(LogCheckTest, AFlippedByteOfAnEntryNamesItsBundleAlone) {
  MakeLog();
  for (const std::string path : {"tile/entries/000", "tile/entries/255",
                                 "tile/entries/258", "tile/entries/259.p/7"}) {
    FlipByte(path, 5);
    const LogCheck check = Check();
    EXPECT_THAT(check.faults,
                ElementsAre(StartsWith(absl::StrCat(path,
                                                    ": want the entry at "
                                                    "0 that was signed"))))
        << path;
    EXPECT_FALSE(check.ok());
    FlipByte(path, 5);
  }
  EXPECT_TRUE(Check().ok());
}

TEST_F(LogCheckTest, ATornOrMissingBundleIsNamed) {
  MakeLog();
  Cut("tile/entries/007", 1000);
  Remove("tile/entries/257");
  Cut("tile/entries/259.p/7", 20);

  EXPECT_THAT(Check().faults,
              ElementsAre(StartsWith("tile/entries/007: "),
                          StartsWith("tile/entries/257: "),
                          StartsWith("tile/entries/259.p/7: ")));
}

TEST_F(LogCheckTest, AFlippedByteOfATileNamesThatTile) {
  MakeLog();
  for (const std::string path :
       {"tile/0/000", "tile/0/258", "tile/0/259.p/7", "tile/1/000",
        "tile/1/001.p/3", "tile/2/000.p/1"}) {
    FlipByte(path, 37 % fs::file_size(folder_ + "/" + path));
    const LogCheck check = Check();
    EXPECT_THAT(check.faults, ElementsAre(StartsWith(path + ": "))) << path;
    FlipByte(path, 37 % fs::file_size(folder_ + "/" + path));
  }
  EXPECT_TRUE(Check().ok());
}

TEST_F(LogCheckTest, ATornOrMissingTileIsNamed) {
  MakeLog();
  Cut("tile/0/007", 8191);
  Remove("tile/0/259.p/7");
  Cut("tile/1/000", 0);
  Remove("tile/2/000.p/1");

  const LogCheck check = Check();

  EXPECT_EQ(check.fault_count, 4u);
  EXPECT_THAT(check.faults, Contains(StartsWith("tile/0/007: ")));
  EXPECT_THAT(check.faults, Contains(StartsWith("tile/0/259.p/7: ")));
  EXPECT_THAT(check.faults, Contains(StartsWith("tile/1/000: ")));
  EXPECT_THAT(check.faults, Contains(StartsWith("tile/2/000.p/1: ")));
}

TEST_F(LogCheckTest, EntriesAndTilesChangedAlikeDoNotPassForTheSignedOnes) {
  MakeLog(700);
  const Checkpoint signed_one = checkpoint_;
  LogFiles files(folder_);
  RightEdge edge;
  while (edge.size() < 700) {
    ASSERT_TRUE(
        edge.Append(edge.size() == 300 ? "another" : "leaf", files).ok());
  }
  ASSERT_TRUE(edge.WritePartials(files).ok());

  checkpoint_ = signed_one;
  const LogCheck check = Repair();

  EXPECT_THAT(check.faults, ElementsAre(StartsWith("checkpoint: ")));
  EXPECT_THAT(check.repaired, IsEmpty());
}

TEST_F(LogCheckTest, ACheckpointOfMoreLeavesThanThereAreNamesWhatIsMissing) {
  MakeLog(300);
  checkpoint_.size = 600;

  EXPECT_THAT(Check().faults, Contains(StartsWith("tile/entries/001: ")));
}

TEST_F(LogCheckTest, WhatTheCallerFindsInAnEntryIsAFaultOfIt) {
  MakeLog(300);
  LogCheckOptions options;
  options.repair = true;
  options.on_entry = [](uint64_t index, absl::string_view) {
    return index == 299 ? absl::InvalidArgumentError("leaf.kind: unknown")
                        : absl::OkStatus();
  };
  Remove("tile/0/000");

  const LogCheck check = Check(options);

  // The tile was repaired; the entry cannot be.
  EXPECT_THAT(
      check.faults,
      ElementsAre("tile/entries/001.p/44: leaf 299: leaf.kind: unknown"));
  EXPECT_EQ(check.fault_count, 1u);
  EXPECT_THAT(check.repaired, ElementsAre(StartsWith("tile/0/000: ")));
}

TEST_F(LogCheckTest, DamagedTilesAreMadeAnewFromTheEntries) {
  MakeLog();
  FlipByte("tile/0/003", 100);
  Cut("tile/0/257", 77);
  Remove("tile/0/259.p/7");
  Remove("tile/1/000");
  FlipByte("tile/1/001.p/3", 0);
  Remove("tile/2/000.p/1");

  const LogCheck check = Repair();

  EXPECT_TRUE(check.ok());
  EXPECT_THAT(check.faults, IsEmpty());
  EXPECT_EQ(check.repaired.size(), 6u);
  EXPECT_THAT(check.repaired, Contains(StartsWith("tile/1/000: ")));
  EXPECT_TRUE(Check().ok());
}

TEST_F(LogCheckTest, WithADamagedEntryNothingIsMadeAnew) {
  MakeLog();
  FlipByte("tile/entries/010", 6);
  Remove("tile/0/200");

  const LogCheck check = Repair();

  EXPECT_EQ(check.fault_count, 2u);
  EXPECT_THAT(check.repaired, IsEmpty());
  EXPECT_FALSE(fs::exists(folder_ + "/tile/0/200"));
}

TEST_F(LogCheckTest, AWholeLogHasNothingToRepair) {
  MakeLog(300);

  EXPECT_THAT(Repair().repaired, IsEmpty());
}

TEST_F(LogCheckTest, OfVeryManyFaultsAllAreCountedAndTheFirstAreListed) {
  MakeLog();
  fs::remove_all(folder_ + "/tile/0");

  const LogCheck check = Check();

  EXPECT_EQ(check.fault_count, 260u);
  EXPECT_EQ(check.faults.size(), kMaxLogFaults);
  EXPECT_EQ(Repair().repaired.size(), kMaxLogFaults);
  EXPECT_TRUE(Check().ok());
}

TEST_F(LogCheckTest, NoFaultHoldsAByteOfAnEntry) {
  MakeLog(300);
  FlipByte("tile/entries/000", 5);
  Cut("tile/entries/001.p/44", 30);

  for (const std::string& fault : Check().faults) {
    EXPECT_FALSE(absl::StrContains(fault, "eaf ")) << fault;
  }
}

}  // namespace
}  // namespace subrosa
