#include "src/audit/log_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/audit/merkle.h"
#include "src/audit/tile.h"
#include "src/base/file.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

std::vector<MerkleHash> Hashes(int count) {
  std::vector<MerkleHash> hashes;
  for (int i = 0; i < count; ++i) {
    hashes.push_back(MerkleHasher().Leaf(absl::StrCat(i)));
  }
  return hashes;
}

class LogFilesTest : public testing::Test {
 protected:
  LogFilesTest()
      : folder_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())),
        files_(folder_) {
    EXPECT_TRUE(files_.MakeFolder().ok());
  }

  void Write(const std::string& path, const std::string& content) {
    const absl::Status status = files_.Write(path, content);
    EXPECT_TRUE(status.ok()) << status;
  }
  // Writes as no LogFiles would: what damaged the disk.
  void Damage(const std::string& path, const std::string& content) {
    std::ofstream(folder_ + "/" + path, std::ios::binary) << content;
  }
  std::string Content(const std::string& path) {
    return ReadFile(folder_ + "/" + path, 1 << 24).value_or("none");
  }
  size_t CountIncoming() {
    const fs::directory_iterator files(folder_ + "/incoming");
    return static_cast<size_t>(std::distance(begin(files), end(files)));
  }

  std::string folder_;
  LogFiles files_;
};

TEST_F(LogFilesTest, TheFolderAndItsFilesAreTheirOwnersAlone) {
  Write("tile/0/000.p/1", "x");

  for (const char* name : {"", "/tile", "/tile/0/000.p", "/incoming"}) {
    struct stat status;
    ASSERT_EQ(stat((folder_ + name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 0777, 0700u) << name;
  }
  struct stat status;
  ASSERT_EQ(stat((folder_ + "/tile/0/000.p/1").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(LogFilesTest, WhatIsWrittenIsReadAgain) {
  const TileId tile{0, 1234067, 3};
  Write(TilePath(tile), SerializeTile(Hashes(3)));
  Write(BundlePath(tile), "bundle");
  ASSERT_TRUE(files_.Sync().ok());

  EXPECT_EQ(*files_.ReadTile(tile), Hashes(3));
  EXPECT_EQ(*files_.ReadBundle(tile), "bundle");
  EXPECT_EQ(CountIncoming(), 0u);
}

TEST_F(LogFilesTest, AFullTileStandsInForThePartialOneThatItReplaced) {
  Write("tile/1/000", SerializeTile(Hashes(256)));
  Write("tile/entries/000", "bundle");

  EXPECT_EQ(*files_.ReadTile({1, 0, 7}), Hashes(7));
  EXPECT_EQ(*files_.ReadBundle({0, 0, 7}), "bundle");
}

TEST_F(LogFilesTest, AFileThatIsNotThereIsNotFoundAndNamed) {
  const absl::Status full = files_.ReadTile({2, 5, 256}).status();
  EXPECT_TRUE(absl::IsNotFound(full)) << full;
  EXPECT_TRUE(absl::StrContains(full.message(), "tile/2/005"));
  const absl::Status partial = files_.ReadTile({0, 0, 7}).status();
  EXPECT_TRUE(absl::IsNotFound(partial)) << partial;
  EXPECT_TRUE(absl::StrContains(partial.message(), "tile/0/000.p/7"));
  EXPECT_TRUE(absl::IsNotFound(files_.ReadBundle({0, 0, 7}).status()));
  EXPECT_TRUE(absl::IsNotFound(files_.ReadNote("checkpoint").status()));
}

TEST_F(LogFilesTest, ATileCutShortOrTooLongIsLostDataAndNamed) {
  Write("tile/0/000.p/2", SerializeTile(Hashes(2)));
  for (const size_t size : {size_t{0}, size_t{31}, size_t{33}, size_t{63}}) {
    Damage("tile/0/000.p/2", SerializeTile(Hashes(2)).substr(0, size));
    const absl::Status status = files_.ReadTile({0, 0, 2}).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << size << status;
    EXPECT_TRUE(absl::StrContains(status.message(), "tile/0/000.p/2"));
  }
  Damage("tile/0/000.p/2", SerializeTile(Hashes(256)) + "x");
  EXPECT_TRUE(absl::IsDataLoss(files_.ReadTile({0, 0, 2}).status()));
}

TEST_F(LogFilesTest, ABundleBeyondEveryBoundIsLostData) {
  Write("tile/entries/000.p/1", "x");
  fs::resize_file(folder_ + "/tile/entries/000.p/1", kMaxBundleBytes + 1);

  EXPECT_TRUE(absl::IsDataLoss(files_.ReadBundle({0, 0, 1}).status()));
}

TEST_F(LogFilesTest, AFileThatStandsIsReplacedWhole) {
  Write("tile/0/000.p/1", "old");
  Write("tile/0/000.p/1", "new and longer");

  EXPECT_EQ(Content("tile/0/000.p/1"), "new and longer");
}

TEST_F(LogFilesTest, ManyFilesAreSyncedAsFewAre) {
  EXPECT_TRUE(files_.Sync().ok());
  for (int i = 0; i < 40; ++i) Write(absl::StrCat("tile/0/00", i), "x");
  EXPECT_TRUE(files_.Sync().ok());
  EXPECT_TRUE(files_.Sync().ok());
}

TEST_F(LogFilesTest, AFileThatVanishedBeforeItWasSyncedIsAnError) {
  Write("tile/0/000.p/1", "x");
  ASSERT_EQ(unlink((folder_ + "/tile/0/000.p/1").c_str()), 0);

  EXPECT_FALSE(files_.Sync().ok());
}

TEST_F(LogFilesTest, ACopyOfTheFolderWithoutItsEmptyFoldersCanBeWritten) {
  ASSERT_EQ(rmdir((folder_ + "/incoming").c_str()), 0);

  Write("tile/0/000.p/1", "x");

  EXPECT_EQ(Content("tile/0/000.p/1"), "x");
}

TEST_F(LogFilesTest, AFolderThatIsNotThereIsNotWrittenTo) {
  fs::remove_all(folder_);

  EXPECT_TRUE(absl::IsNotFound(files_.Write("tile/0/000.p/1", "x")));
  EXPECT_TRUE(absl::IsNotFound(files_.WriteNote("checkpoint", "x")));
}

TEST_F(LogFilesTest, AFileWhereAFolderShouldBeIsAnErrorAndLeavesNothing) {
  Damage("tile", "a file");

  const absl::Status status = files_.Write("tile/0/000.p/1", "x");

  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(absl::StrContains(status.message(), "tile/0/000.p/1")) << status;
  EXPECT_EQ(CountIncoming(), 0u);
}

TEST_F(LogFilesTest, PartialFormsGoWhenAFullOneHasReplacedThem) {
  for (const char* path : {"tile/0/000.p/1", "tile/0/000.p/200", "tile/0/000",
                           "tile/entries/000.p/1", "tile/entries/000",
                           "tile/0/001.p/1", "tile/1/000.p/1"}) {
    Write(path, "x");
  }

  files_.RemovePartials(0, 0);

  EXPECT_FALSE(fs::exists(folder_ + "/tile/0/000.p"));
  EXPECT_FALSE(fs::exists(folder_ + "/tile/entries/000.p"));
  EXPECT_EQ(Content("tile/0/000"), "x");
  EXPECT_EQ(Content("tile/entries/000"), "x");
  EXPECT_EQ(Content("tile/0/001.p/1"), "x");
  EXPECT_EQ(Content("tile/1/000.p/1"), "x");
}

TEST_F(LogFilesTest, PartialFormsOfAHigherLevelLeaveTheEntriesAlone) {
  Write("tile/1/000.p/1", "x");
  Write("tile/entries/000.p/1", "x");

  files_.RemovePartials(1, 0);

  EXPECT_FALSE(fs::exists(folder_ + "/tile/1/000.p"));
  EXPECT_EQ(Content("tile/entries/000.p/1"), "x");
}

TEST_F(LogFilesTest, WhatAKilledProcessLeftIsRemovedAndNotWhatAnotherIsAt) {
  Damage("incoming/left", "torn");

  files_.RemoveIncoming(absl::Now() - absl::Hours(1));
  EXPECT_EQ(CountIncoming(), 1u);
  files_.RemoveIncoming(absl::Now() + absl::Hours(1));
  EXPECT_EQ(CountIncoming(), 0u);
  Write("tile/0/000.p/1", "x");
}

TEST_F(LogFilesTest, ANoteIsReplacedAndReadWhole) {
  ASSERT_TRUE(files_.WriteNote("checkpoint", "first\n").ok());
  ASSERT_TRUE(files_.WriteNote("checkpoint", "second\n").ok());

  EXPECT_EQ(*files_.ReadNote("checkpoint"), "second\n");
}

TEST_F(LogFilesTest, TwoWritersOfOneFolderDoNotMeet) {
  LogFiles other(folder_);
  Write("tile/0/000.p/1", "mine");
  ASSERT_TRUE(other.Write("tile/0/000.p/1", "the other's").ok());
  Write("tile/0/000.p/2", "mine");

  EXPECT_EQ(Content("tile/0/000.p/1"), "the other's");
  EXPECT_EQ(Content("tile/0/000.p/2"), "mine");
}

}  // namespace
}  // namespace subrosa
