#include "src/audit/log_reader.h"

#include <filesystem>
#include <fstream>
#include <optional>
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
#include "src/audit/scratch_log.h"
#include "src/audit/sequencer.h"
#include "src/audit/tlog_proof.h"
#include "src/crypto/signed_note.h"
#include "src/crypto/token_provider.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kSize = 600;

// A log of the entries "0" to "599", which was published at 300 before.
class LogReaderTest : public testing::Test {
 protected:
  LogReaderTest() {
    const auto sequencer = log_.Open();
    std::vector<std::string> entries;
    for (uint64_t i = 0; i < kSize; ++i) {
      entries.push_back(absl::StrCat(i));
      if (i != 299 && i != kSize - 1) continue;
      log_.Commit("records", entries);
      log_.TakeAll(*sequencer);
      entries.clear();
      if (i == 299) old_note_ = log_.Status().checkpoint;
    }
  }

  LogReader Open() {
    absl::StatusOr<LogReader> reader =
        LogReader::Open(log_.log_folder(), kCheckpointFile, log_.Keys());
    EXPECT_TRUE(reader.ok()) << reader.status();
    return *std::move(reader);
  }
  LogReader OpenOld() {
    return *LogReader::AtCheckpoint(log_.log_folder(), old_note_);
  }
  std::string PathOf(const std::string& file) {
    return log_.log_folder() + "/" + file;
  }
  void FlipByte(const std::string& file, size_t at) {
    std::fstream stream(PathOf(file),
                        std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<int64_t>(at));
    const char byte = static_cast<char>(stream.get() ^ 1);
    stream.seekp(static_cast<int64_t>(at));
    stream.put(byte);
    ASSERT_TRUE(stream.good()) << file;
  }
  static absl::Status VisitAll(LogReader& reader) {
    return reader.VisitEntries(
        0, reader.checkpoint().size,
        [](uint64_t, absl::string_view) { return absl::OkStatus(); });
  }

  ScratchLog log_;
  std::string old_note_;
};

TEST_F(LogReaderTest, EntriesAreReadInOrderFromAnyPlace) {
  LogReader reader = Open();
  ASSERT_EQ(reader.checkpoint().size, kSize);
  for (const auto& [from, to] :
       {std::pair{0, 600}, {255, 257}, {256, 512}, {511, 600}, {300, 300}}) {
    uint64_t next = static_cast<uint64_t>(from);
    EXPECT_TRUE(reader
                    .VisitEntries(static_cast<uint64_t>(from),
                                  static_cast<uint64_t>(to),
                                  [&](uint64_t index, absl::string_view entry) {
                                    EXPECT_EQ(index, next);
                                    EXPECT_EQ(entry, absl::StrCat(next++));
                                    return absl::OkStatus();
                                  })
                    .ok());
    EXPECT_EQ(next, static_cast<uint64_t>(to));
  }
  EXPECT_EQ(*reader.ReadEntry(599), "599");
}

TEST_F(LogReaderTest, AnEntryBeyondTheCheckpointIsRefused) {
  LogReader reader = OpenOld();

  EXPECT_TRUE(absl::IsInvalidArgument(reader.ReadEntry(300).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(reader.Prove(300, "").status()));
  const auto nothing = [](uint64_t, absl::string_view) {
    return absl::OkStatus();
  };
  EXPECT_TRUE(absl::IsInvalidArgument(reader.VisitEntries(0, 301, nothing)));
  EXPECT_TRUE(absl::IsInvalidArgument(reader.VisitEntries(5, 4, nothing)));
}

TEST_F(LogReaderTest, AVisitStopsAtTheFirstErrorAndReturnsIt) {
  LogReader reader = Open();
  int visited = 0;

  EXPECT_TRUE(absl::IsAborted(
      reader.VisitEntries(0, kSize, [&](uint64_t, absl::string_view) {
        return ++visited == 3 ? absl::AbortedError("enough") : absl::OkStatus();
      })));
  EXPECT_EQ(visited, 3);
}

TEST_F(LogReaderTest, AReceiptOfEachLeafProvesItToTheCheckpoint) {
  LogReader reader = Open();
  ReferenceTree tree = ReferenceTree::OfNumbers(kSize);
  ASSERT_EQ(reader.checkpoint().root, tree.Root(kSize));
  for (const uint64_t index : {0, 1, 255, 256, 299, 511, 512, 599}) {
    const absl::StatusOr<TlogProof> proof = reader.Prove(index, "extra");
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_EQ(proof->index, index);
    EXPECT_EQ(proof->extra, "extra");
    EXPECT_EQ(proof->checkpoint, log_.Status().checkpoint);
    EXPECT_EQ(proof->proof, tree.Path(index, kSize));
  }
}

TEST_F(LogReaderTest, AnOldCheckpointIsStillReadAndProvenFrom) {
  LogReader reader = OpenOld();
  ReferenceTree tree = ReferenceTree::OfNumbers(300);

  EXPECT_EQ(reader.checkpoint().size, 300u);
  EXPECT_TRUE(VisitAll(reader).ok());
  EXPECT_EQ(reader.Prove(299, "")->proof, tree.Path(299, 300));
}

TEST_F(LogReaderTest, TheLogIsProvenToContinueEveryEarlierOne) {
  LogReader reader = Open();
  ReferenceTree tree = ReferenceTree::OfNumbers(kSize);

  for (const uint64_t size : {1, 255, 256, 300, 512, 599}) {
    EXPECT_EQ(*reader.ProveConsistency(size), tree.Proof(size, kSize)) << size;
  }
  EXPECT_TRUE(reader.ProveConsistency(kSize)->empty());
  EXPECT_TRUE(
      absl::IsInvalidArgument(reader.ProveConsistency(kSize + 1).status()));
}

TEST_F(LogReaderTest, ALeafIsFoundByItsHashTheLastOneFirst) {
  LogReader reader = Open();
  MerkleHasher hasher;

  EXPECT_EQ(*reader.FindLastLeaf(hasher.Leaf("599")), 599u);
  EXPECT_EQ(*reader.FindLastLeaf(hasher.Leaf("0")), 0u);
  EXPECT_EQ(*reader.FindLastLeaf(hasher.Leaf("600")), std::nullopt);
  // Not one that came after the checkpoint.
  LogReader old = OpenOld();
  EXPECT_EQ(*old.FindLastLeaf(hasher.Leaf("300")), std::nullopt);

  log_.Commit("records", {"7"});
  log_.clock().Advance(kSequencerLease);
  log_.TakeAll(*log_.Open());
  LogReader grown = Open();
  EXPECT_EQ(*grown.FindLastLeaf(hasher.Leaf("7")), kSize);
}

TEST_F(LogReaderTest, ACheckpointByAStrangersKeyIsRefusedAndNamed) {
  TokenProvider stranger;
  const NoteKey key =
      *NoteKey::Create(ScratchLog::kOrigin, *stranger.CreateSigningKey("log"));

  const absl::Status status =
      LogReader::Open(log_.log_folder(), kCheckpointFile, {key}).status();

  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "log/checkpoint"));
}

TEST_F(LogReaderTest, AFileThatIsNoCheckpointIsRefused) {
  EXPECT_TRUE(absl::IsNotFound(
      LogReader::Open(log_.log_folder(), kCosignedFile, log_.Keys()).status()));
  fs::resize_file(PathOf("checkpoint"), 30);
  EXPECT_TRUE(absl::IsInvalidArgument(
      LogReader::Open(log_.log_folder(), kCheckpointFile, log_.Keys())
          .status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      LogReader::AtCheckpoint(log_.log_folder(), "no note").status()));
}

TEST_F(LogReaderTest, AChangedEntryIsLostDataAndItsBundleNamed) {
  LogReader reader = Open();
  FlipByte("tile/entries/001", 2);

  const absl::Status status = VisitAll(reader);
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "tile/entries/001"));
  EXPECT_TRUE(absl::IsDataLoss(reader.ReadEntry(256).status()));
  EXPECT_EQ(*reader.ReadEntry(0), "0");
}

TEST_F(LogReaderTest, ATornBundleIsLostDataAndNamed) {
  LogReader reader = Open();
  fs::resize_file(PathOf("tile/entries/002.p/88"), 9);

  const absl::Status status = VisitAll(reader);
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "tile/entries/002.p/88"));
}

TEST_F(LogReaderTest, NoReceiptIsMadeOfTilesThatDoNotLeadToTheRoot) {
  LogReader reader = Open();
  FlipByte("tile/0/001", 40);

  const absl::Status status = reader.Prove(300, "").status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "subrosa audit verify"));
  EXPECT_TRUE(reader.Prove(0, "").ok());
  fs::remove(PathOf("tile/0/000"));
  EXPECT_FALSE(reader.Prove(0, "").ok());
}

}  // namespace
}  // namespace subrosa
