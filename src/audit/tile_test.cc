#include "src/audit/tile.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/audit/reference_tree.h"

namespace subrosa {
namespace {

constexpr uint64_t kLargestTree = ~uint64_t{0};

std::vector<MerkleHash> LeavesOf(ReferenceTree& tree, uint64_t size) {
  std::vector<MerkleHash> leaves;
  for (uint64_t i = 0; i < size; ++i) leaves.push_back(tree.Leaf(i));
  return leaves;
}

// The specification's own example.
TEST(TileTest, ATreeOf70000LeavesHasTheTilesThatTheSpecificationCounts) {
  EXPECT_EQ(TileWidthIn(70000, 0, 0), 256);
  EXPECT_EQ(TileWidthIn(70000, 0, 272), 256);
  EXPECT_EQ(TileWidthIn(70000, 0, 273), 112);
  EXPECT_EQ(TileWidthIn(70000, 0, 274), 0);
  EXPECT_EQ(TileWidthIn(70000, 1, 0), 256);
  EXPECT_EQ(TileWidthIn(70000, 1, 1), 17);
  EXPECT_EQ(TileWidthIn(70000, 1, 2), 0);
  EXPECT_EQ(TileWidthIn(70000, 2, 0), 1);
  EXPECT_EQ(TileWidthIn(70000, 3, 0), 0);
}

TEST(TileTest, AFullTileStandsAloneUntilTheNextLeaf) {
  EXPECT_EQ(TileWidthIn(256, 0, 0), 256);
  EXPECT_EQ(TileWidthIn(256, 0, 1), 0);
  EXPECT_EQ(TileWidthIn(256, 1, 0), 1);
  EXPECT_EQ(TileWidthIn(255, 1, 0), 0);
  EXPECT_EQ(TileWidthIn(0, 0, 0), 0);
}

TEST(TileTest, TheLargestTreeHasEightLevels) {
  EXPECT_EQ(HashesAtLevel(0, kLargestTree), kLargestTree);
  EXPECT_EQ(HashesAtLevel(kMaxTileLevels - 1, kLargestTree), 255u);
  EXPECT_EQ(TileWidthIn(kLargestTree, 0, (uint64_t{1} << 56) - 1), 255);
  EXPECT_EQ(TileWidthIn(kLargestTree, 0, uint64_t{1} << 56), 0);
}

TEST(TileTest, ATilesPathIsReadAsItIsWritten) {
  const struct {
    TileId tile;
    const char* path;
  } kCases[] = {
      {{0, 0, 256}, "tile/0/000"},
      {{0, 7, 1}, "tile/0/007.p/1"},
      {{1, 999, 255}, "tile/1/999.p/255"},
      {{1, 1000, 256}, "tile/1/x001/000"},
      {{0, 1234067, 256}, "tile/0/x001/x234/067"},
      {{2, 1000000, 5}, "tile/2/x001/x000/000.p/5"},
      {{7, 0, 255}, "tile/7/000.p/255"},
      {{0, (uint64_t{1} << 56) - 1, 255},
       "tile/0/x072/x057/x594/x037/x927/935.p/255"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(TilePath(c.tile), c.path);
    const absl::StatusOr<ParsedTilePath> parsed = ParseTilePath(c.path);
    ASSERT_TRUE(parsed.ok()) << c.path;
    EXPECT_FALSE(parsed->is_bundle);
    EXPECT_EQ(parsed->tile.level, c.tile.level);
    EXPECT_EQ(parsed->tile.index, c.tile.index);
    EXPECT_EQ(parsed->tile.width, c.tile.width);
  }
}

TEST(TileTest, ABundlesPathIsReadAsItIsWritten) {
  const TileId bundle = {0, 1001067, 5};
  const char* path = "tile/entries/x001/x001/067.p/5";

  EXPECT_EQ(BundlePath(bundle), path);
  const absl::StatusOr<ParsedTilePath> parsed = ParseTilePath(path);
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed->is_bundle);
  EXPECT_EQ(parsed->tile.level, 0);
  EXPECT_EQ(parsed->tile.index, 1001067u);
  EXPECT_EQ(parsed->tile.width, 5);
}

TEST(TileTest, ATileIsNamedInOneWayOnly) {
  for (const char* path : {
           "",
           "tile",
           "tile/",
           "tile/0",
           "tile/0/",
           "/tile/0/000",
           "tile/0/000/",
           "tile//000",
           "tile/0//000",
           "tile/0/0",
           "tile/0/00",
           "tile/0/0000",
           "tile/0/1000",
           "tile/0/001/000",
           "tile/0/x001",
           "tile/0/x000/000",
           "tile/0/x000/x001/067",
           "tile/0/x1/067",
           "tile/0/x001/x067",
           "tile/0/X001/067",
           "tile/0/001x",
           "tile/0/-01",
           "tile/0/+01",
           "tile/0/ 01",
           "tile/0/0a1",
           "tile/0/../000",
           "tile/00/000",
           "tile/+0/000",
           "tile/-1/000",
           "tile/8/000",
           "tile/63/000",
           "tile/256/000",
           "tile/99999999999/000",
           "tile/entry/000",
           "tile/Entries/000",
           "tile/entries",
           "tile/entries/",
           "tile/entries/x000/000",
           "tile/data/000",
           "tile/0/000.p",
           "tile/0/000.p/",
           "tile/0/000.p/0",
           "tile/0/000.p/01",
           "tile/0/000.p/+1",
           "tile/0/000.p/-1",
           "tile/0/000.p/256",
           "tile/0/000.p/257",
           "tile/0/000.p/1/",
           "tile/0/000.p/1.p/1",
           "tile/0/.p/1",
           "tile/0/000.q/1",
           "tile/0/000\n",
           " tile/0/000",
       }) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseTilePath(path).status())) << path;
  }
  EXPECT_FALSE(ParseTilePath(absl::string_view("tile/0/000\0", 11)).ok());
  EXPECT_FALSE(ParseTilePath(std::string(100000, '0')).ok());
}

TEST(TileTest, ATileThatNoTreeCanHaveIsRefused) {
  for (const char* path : {"tile/0/x072/x057/x594/x037/x927/935",
                           "tile/0/x072/x057/x594/x037/x927/936.p/1",
                           "tile/7/000", "tile/7/001.p/1", "tile/6/x001/000",
                           "tile/0/x999/x999/x999/x999/x999/999",
                           "tile/0/x018/x446/x744/x073/x709/x551/616",
                           "tile/entries/x072/x057/x594/x037/x927/936"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseTilePath(path).status())) << path;
  }
}

TEST(TileTest, ASubtreesRootIsThatOfItsDefinition) {
  ReferenceTree tree = ReferenceTree::OfNumbers(kTileWidth);
  const std::vector<MerkleHash> leaves = LeavesOf(tree, kTileWidth);
  MerkleHasher hasher;
  for (size_t size = 1; size <= kTileWidth; ++size) {
    EXPECT_EQ(SubtreeRoot(absl::MakeConstSpan(leaves).first(size), hasher),
              tree.Root(size))
        << size;
  }
}

TEST(TileTest, ATileIsReadAsItIsWritten) {
  ReferenceTree tree = ReferenceTree::OfNumbers(kTileWidth);
  for (const uint64_t size : {1, 2, 255, 256}) {
    const std::vector<MerkleHash> hashes = LeavesOf(tree, size);
    const std::string bytes = SerializeTile(hashes);

    EXPECT_EQ(bytes.size(), 32 * size);
    EXPECT_EQ(ParseTile(bytes, static_cast<int>(size)).value(), hashes);
  }
}

TEST(TileTest, AFullTileHoldsTheNarrowerOnes) {
  ReferenceTree tree = ReferenceTree::OfNumbers(256);

  const std::string bytes = SerializeTile(LeavesOf(tree, 256));

  EXPECT_EQ(ParseTile(bytes, 3).value(), LeavesOf(tree, 256));
}

TEST(TileTest, ATileOfTheWrongLengthIsRefused) {
  const struct {
    size_t bytes;
    int width;
  } kCases[] = {{0, 1},        {31, 1},     {33, 1},     {32, 2},
                {63, 1},       {64, 3},     {64, 1},     {8160, 254},
                {8191, 255},   {8160, 256}, {8193, 256}, {8224, 256},
                {1000000, 256}};
  for (const auto& c : kCases) {
    const absl::Status status =
        ParseTile(std::string(c.bytes, 'h'), c.width).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.bytes;
    EXPECT_TRUE(absl::EndsWith(status.message(),
                               absl::StrCat(", got ", c.bytes, " bytes")));
  }
}

TEST(TileTest, ABundleIsReadAsItIsWritten) {
  const std::vector<std::string> entries = {
      "first", "", std::string(kMaxEntryBytes, 'e'), std::string("\0\1", 2)};
  std::string bundle;
  for (const std::string& entry : entries) AppendToBundle(entry, &bundle);

  const absl::StatusOr<std::vector<absl::string_view>> read =
      ParseBundle(bundle, 4);

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(std::vector<std::string>(read->begin(), read->end()), entries);
  EXPECT_TRUE(absl::StartsWith(bundle, absl::string_view("\0\5first\0\0", 9)));
}

TEST(TileTest, TheLongestBundleHasItsBound) {
  std::string bundle;
  const std::string entry(kMaxEntryBytes, 'e');
  for (uint64_t i = 0; i < kTileWidth; ++i) AppendToBundle(entry, &bundle);

  EXPECT_EQ(bundle.size(), kMaxBundleBytes);
  EXPECT_EQ(ParseBundle(bundle, 256)->size(), kTileWidth);
}

TEST(TileTest, ABundleCutShortIsRefused) {
  std::string bundle;
  AppendToBundle("one", &bundle);
  AppendToBundle("two", &bundle);
  for (size_t size = 0; size < bundle.size(); ++size) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        ParseBundle(bundle.substr(0, size), 2).status()))
        << size;
  }
  EXPECT_EQ(ParseBundle(bundle.substr(0, 9), 2).status().message(),
            "bundle.entries[1]: want 5 bytes, got 4");
  EXPECT_EQ(ParseBundle(bundle.substr(0, 6), 1).status().message(),
            "bundle.entries[1]: want 2 bytes, got 1");
}

TEST(TileTest, ABundleOfTooFewOrTooManyEntriesIsRefused) {
  std::string bundle;
  for (int i = 0; i < 256; ++i) AppendToBundle("e", &bundle);
  EXPECT_TRUE(ParseBundle(bundle, 256).ok());
  EXPECT_TRUE(ParseBundle(bundle, 1).ok());

  EXPECT_EQ(ParseBundle("", 1).status().message(),
            "bundle.entries: want 1 or 256, got 0");
  EXPECT_EQ(ParseBundle(bundle.substr(0, 3 * 255), 256).status().message(),
            "bundle.entries: want 256, got 255");
  EXPECT_EQ(ParseBundle(bundle.substr(0, 3 * 2), 1).status().message(),
            "bundle.entries: want 1 or 256, got 2");
  AppendToBundle("e", &bundle);
  EXPECT_EQ(ParseBundle(bundle, 256).status().message(),
            "bundle.entries: want at most 256, got more");
}

}  // namespace
}  // namespace subrosa
