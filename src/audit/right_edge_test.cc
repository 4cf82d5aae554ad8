#include "src/audit/right_edge.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/audit/log_files.h"
#include "src/audit/merkle.h"
#include "src/audit/reference_tree.h"
#include "src/audit/tile.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

class RightEdgeTest : public testing::Test {
 protected:
  RightEdgeTest()
      : folder_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())),
        files_(folder_) {
    EXPECT_TRUE(files_.MakeFolder().ok());
  }

  // Appends the entries "<size>", "<size + 1>" and so on up to `size`.
  void AppendUpTo(uint64_t size, RightEdge& edge) {
    while (edge.size() < size) {
      ASSERT_TRUE(edge.Append(absl::StrCat(edge.size()), files_).ok());
    }
    ASSERT_TRUE(edge.WritePartials(files_).ok());
  }

  RightEdge Load(uint64_t size) {
    absl::StatusOr<RightEdge> edge = RightEdge::Load(files_, size);
    EXPECT_TRUE(edge.ok()) << size << edge.status();
    return *std::move(edge);
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

  std::string folder_;
  LogFiles files_;
};

TEST_F(RightEdgeTest, TheEmptyTreeHasTheEmptyRootAndNoFiles) {
  EXPECT_EQ(Load(0).Root(), EmptyRoot());
  EXPECT_FALSE(fs::exists(folder_ + "/tile"));
}

TEST_F(RightEdgeTest, EverySmallTreeHasTheRootOfItsDefinition) {
  ReferenceTree tree = ReferenceTree::OfNumbers(600);
  RightEdge edge;
  for (uint64_t size = 1; size <= 600; ++size) {
    ASSERT_TRUE(edge.Append(absl::StrCat(size - 1), files_).ok());
    ASSERT_EQ(edge.Root(), tree.Root(size)) << size;
  }
}

TEST_F(RightEdgeTest, ATreeLoadedAtAnySizeGrowsIntoTheSameOne) {
  ReferenceTree tree = ReferenceTree::OfNumbers(1030);
  RightEdge edge;
  for (const uint64_t size :
       {1, 2, 3, 254, 255, 256, 257, 300, 511, 512, 513, 1024, 1030}) {
    AppendUpTo(size, edge);
    edge = Load(size);
    EXPECT_EQ(edge.size(), size);
    EXPECT_EQ(edge.Root(), tree.Root(size)) << size;
  }
}

TEST_F(RightEdgeTest, WhereALevelBeginsTheRootIsThatOfTheDefinition) {
  ReferenceTree tree = ReferenceTree::OfNumbers(65794);
  RightEdge edge;
  for (const uint64_t size :
       {65279, 65280, 65281, 65535, 65536, 65537, 65792, 65793, 65794}) {
    AppendUpTo(size, edge);
    EXPECT_EQ(edge.Root(), tree.Root(size)) << size;
    EXPECT_EQ(Load(size).Root(), tree.Root(size)) << size;
  }
  // What was written beyond does not change an earlier tree.
  for (const uint64_t size : {65280, 65535, 65536, 65537}) {
    EXPECT_EQ(Load(size).Root(), tree.Root(size)) << size;
  }
}

TEST_F(RightEdgeTest, WhatIsAppendedWithoutSigningCanBeAppendedAgain) {
  RightEdge edge;
  AppendUpTo(200, edge);
  AppendUpTo(700, edge);  // Stopped here; the signed tree has 200.

  edge = Load(200);
  AppendUpTo(700, edge);

  EXPECT_EQ(Load(700).Root(), ReferenceTree::OfNumbers(700).Root(700));
}

TEST_F(RightEdgeTest, FilledTilesAreToldOnceEach) {
  RightEdge edge;
  AppendUpTo(65536, edge);
  const std::vector<TileId> filled = edge.TakeFilled();

  ASSERT_EQ(filled.size(), 257u);
  EXPECT_EQ(filled[0].level, 0);
  EXPECT_EQ(filled[255].index, 255u);
  EXPECT_EQ(filled[256].level, 1);
  EXPECT_EQ(filled[256].index, 0u);
  EXPECT_TRUE(edge.TakeFilled().empty());
}

TEST_F(RightEdgeTest, PartialTilesAreWrittenOnlyWhereSomethingChanged) {
  RightEdge edge;
  AppendUpTo(256, edge);
  AppendUpTo(257, edge);
  ASSERT_TRUE(fs::remove(folder_ + "/tile/1/000.p/1"));
  ASSERT_TRUE(fs::remove(folder_ + "/tile/0/001.p/1"));

  AppendUpTo(258, edge);

  EXPECT_FALSE(fs::exists(folder_ + "/tile/1/000.p/1"));
  EXPECT_TRUE(fs::exists(folder_ + "/tile/0/001.p/2"));
}

TEST_F(RightEdgeTest, EachFileThatIsMissingIsNotFoundAndNamed) {
  RightEdge edge;
  AppendUpTo(65536 + 256 + 5, edge);
  for (const std::string path : {"tile/0/257.p/5", "tile/entries/257.p/5",
                                 "tile/1/001.p/1", "tile/2/000.p/1"}) {
    fs::rename(folder_ + "/" + path, folder_ + "/aside");
    const absl::Status status = RightEdge::Load(files_, edge.size()).status();
    EXPECT_TRUE(absl::IsNotFound(status)) << path << status;
    EXPECT_TRUE(absl::StrContains(status.message(), path)) << status;
    fs::rename(folder_ + "/aside", folder_ + "/" + path);
  }
  EXPECT_TRUE(RightEdge::Load(files_, edge.size()).ok());
}

TEST_F(RightEdgeTest, AFlippedByteOfTheLastBundleOrItsTileIsLostData) {
  RightEdge edge;
  AppendUpTo(256 + 5, edge);
  for (const std::string path : {"tile/0/001.p/5", "tile/entries/001.p/5"}) {
    for (size_t at = 0; at < fs::file_size(folder_ + "/" + path); ++at) {
      FlipByte(path, at);
      const absl::Status status = RightEdge::Load(files_, 261).status();
      EXPECT_TRUE(absl::IsDataLoss(status)) << path << " " << at << status;
      EXPECT_TRUE(absl::StrContains(status.message(), path)) << status;
      FlipByte(path, at);
    }
  }
}

TEST_F(RightEdgeTest, AFlippedByteAboveTheLeavesGivesAnotherRoot) {
  RightEdge edge;
  AppendUpTo(256 + 5, edge);
  const MerkleHash root = edge.Root();
  FlipByte("tile/1/000.p/1", 7);

  EXPECT_NE(Load(261).Root(), root);
}

TEST_F(RightEdgeTest, ATornLastBundleIsLostData) {
  RightEdge edge;
  AppendUpTo(5, edge);
  const std::string path = folder_ + "/tile/entries/000.p/5";
  for (size_t size = 0; size < 15; ++size) {
    fs::resize_file(path, size);
    const absl::Status status = RightEdge::Load(files_, 5).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << size << status;
  }
}

TEST_F(RightEdgeTest, WhereNothingCanBeWrittenAppendingSaysSo) {
  RightEdge edge;
  AppendUpTo(255, edge);
  fs::remove_all(folder_);

  EXPECT_FALSE(edge.Append("255", files_).ok());
}

}  // namespace
}  // namespace subrosa
