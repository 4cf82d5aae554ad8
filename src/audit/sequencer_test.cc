#include "src/audit/sequencer.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/checkpoint.h"
#include "src/audit/leaf.h"
#include "src/audit/log_batch.h"
#include "src/audit/scratch_log.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

namespace fs = std::filesystem;

std::vector<std::string> Numbered(const std::string& name, int count) {
  std::vector<std::string> entries;
  for (int i = 1; i <= count; ++i) entries.push_back(absl::StrCat(name, i));
  return entries;
}

size_t SignaturesOn(const std::string& note) {
  return ParseNote(note)->signatures.size();
}

TEST(SequencerTest, ANewLogIsSignedAndEmpty) {
  ScratchLog log;

  EXPECT_THAT(log.Entries(), IsEmpty());
  EXPECT_EQ(OpenCheckpoint(log.Status().checkpoint, log.Keys())->size, 0u);
}

TEST(SequencerTest, MakingALogThatIsThereChangesNothing) {
  ScratchLog log;
  log.Commit("keys", {"k1"});
  log.TakeAll(*log.Open());
  const std::string checkpoint = log.Status().checkpoint;

  EXPECT_TRUE(Sequencer::CreateLog(log.Parts(), ScratchLog::kOrigin).ok());

  EXPECT_EQ(log.Status().checkpoint, checkpoint);
  EXPECT_THAT(log.Entries(), ElementsAre("k1"));
}

TEST(SequencerTest, AnOriginThatNoCheckpointCouldCarryIsRefused) {
  ScratchLog log;
  for (const std::string origin :
       {"", "two words", "a+b", "a\n", "caf\xc3\xa9"}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(Sequencer::CreateLog(log.Parts(), origin)));
  }
  EXPECT_TRUE(absl::IsInvalidArgument(
      Sequencer::CreateLog(log.Parts(), std::string(101, 'a'))));
}

TEST(SequencerTest, WhatIsCommittedIsTakenOnceAndInOrder) {
  ScratchLog log;
  log.Commit("keys", {"k1"});
  log.Commit("records", {"r1", "r2"}, 1);
  log.Commit("keys", {"k2"}, 2);
  const auto sequencer = log.Open();

  const SequencerStep step = *sequencer->Step();
  EXPECT_EQ(step.entries, 4u);
  EXPECT_EQ(step.log.size, 4u);
  log.TakeAll(*sequencer);
  log.Commit("records", {"r3"}, 2);
  log.TakeAll(*sequencer);

  EXPECT_THAT(log.Entries(), ElementsAre("k1", "r1", "r2", "k2", "r3"));
  EXPECT_EQ(*log.provider().ReadAnchor("log/scratch.example/audit"), 5u);
  EXPECT_EQ(*sequencer->ReadIssued(), (OutboxPosition{2, 3}));
}

TEST(SequencerTest, NothingWaitingSignsNothing) {
  ScratchLog log;
  const auto sequencer = log.Open();
  log.TakeAll(*sequencer);
  const std::string checkpoint = log.Status().checkpoint;

  const SequencerStep step = *sequencer->Step();

  EXPECT_TRUE(step.is_caught_up);
  EXPECT_EQ(step.entries, 0u);
  EXPECT_EQ(log.Status().checkpoint, checkpoint);
}

TEST(SequencerTest, ALogOfManyBatchesIsWhole) {
  ScratchLog log;
  const auto sequencer = log.Open();
  for (int i = 0; i < 40; ++i) {
    log.Commit("records", Numbered(absl::StrCat("r", i, "."), 1 + i % 20));
    log.TakeAll(*sequencer);
  }

  EXPECT_THAT(log.Entries(), SizeIs(420));
  // The partial forms of the full tile are gone.
  EXPECT_FALSE(fs::exists(log.log_folder() + "/tile/0/000.p"));
  EXPECT_FALSE(fs::exists(log.log_folder() + "/tile/entries/000.p"));
}

TEST(SequencerTest, TwoSequencersOfOneLogAlternate) {
  ScratchLog log;
  const auto first = log.Open();
  const auto second = log.Open();
  std::vector<std::string> expected;
  for (int i = 0; i < 30; ++i) {
    expected.push_back(absl::StrCat("r", i));
    log.Commit("records", {expected.back()});
    Sequencer& one = i % 3 == 0 ? *first : *second;
    log.TakeAll(one);
    ASSERT_TRUE(one.Release().ok());
  }

  EXPECT_EQ(log.Entries(), expected);
}

TEST(SequencerTest, WhileAnotherHoldsTheLeaseNothingIsDone) {
  ScratchLog log;
  const auto first = log.Open();
  const auto second = log.Open();
  log.Commit("records", {"r1"});
  log.TakeAll(*first);
  log.Commit("records", {"r2"});

  const SequencerStep step = *second->Step();
  EXPECT_EQ(step.entries, 0u);
  EXPECT_FALSE(step.is_caught_up);
  EXPECT_EQ(step.log.size, 1u);

  log.clock().Advance(kSequencerLease);
  EXPECT_EQ(second->Step()->entries, 1u);
  EXPECT_THAT(log.Entries(), ElementsAre("r1", "r2"));
}

// A process is stopped at a point of its step for longer than its lease, while
// another takes all over and goes on; then it wakes.
class StoppedAtTest : public testing::TestWithParam<StopPoint> {};

TEST_P(StoppedAtTest, WhoeverWakesAfterAnotherTookOverDoesNoHarm) {
  ScratchLog log;
  log.Commit("records", Numbered("r", 250));
  Stops stops;
  const auto stopped = log.OpenStopping(stops);
  log.TakeAll(*stopped);
  log.Commit("records", {"a", "b", "c"});
  log.Commit("keys", {"k"});
  const auto other = log.Open();
  stops.Set(GetParam(), [&] {
    log.clock().Advance(kSequencerLease);
    log.TakeAll(*other);
    log.Commit("records", Numbered("later", 20));
    log.Commit("keys", {"last"}, 273);
    log.TakeAll(*other);
    return absl::OkStatus();
  });

  const absl::StatusOr<SequencerStep> step = stopped->Step();

  EXPECT_TRUE(stops.AllMade());
  EXPECT_TRUE(step.ok()) << step.status();
  const std::string checkpoint = log.Status().checkpoint;
  std::vector<std::string> expected = Numbered("r", 250);
  for (const char* each : {"a", "b", "c", "k"}) expected.push_back(each);
  for (const std::string& each : Numbered("later", 20)) {
    expected.push_back(each);
  }
  expected.push_back("last");
  EXPECT_EQ(log.Entries(), expected);
  ASSERT_TRUE(other->Release().ok());
  log.TakeAll(*stopped);
  EXPECT_EQ(log.Status().checkpoint, checkpoint);
  // And it goes on.
  log.Commit("records", {"end"});
  EXPECT_EQ(stopped->Step()->entries, 1u);
  EXPECT_EQ(log.Entries().back(), "end");
}

// A process is killed at that point: the next one goes on.
TEST_P(StoppedAtTest, WhoeverComesAfterAKillGoesOn) {
  ScratchLog log;
  log.Commit("records", Numbered("r", 250));
  Stops stops;
  auto killed = log.OpenStopping(stops);
  log.TakeAll(*killed);
  log.Commit("keys", {"k1"});
  log.Commit("records", Numbered("s", 10), 1);
  stops.Set(GetParam(), [] { return absl::AbortedError("killed"); });
  const absl::Status status = killed->Step().status();
  EXPECT_TRUE(absl::IsAborted(status)) << status;
  killed.reset();
  log.provider().stops = nullptr;

  const auto next = log.Open();
  log.clock().Advance(kSequencerLease);
  log.Commit("records", {"end"}, 1);
  log.TakeAll(*next);

  std::vector<std::string> expected = Numbered("r", 250);
  expected.push_back("k1");
  for (const std::string& each : Numbered("s", 10)) expected.push_back(each);
  expected.push_back("end");
  EXPECT_EQ(log.Entries(), expected);
  EXPECT_EQ(*log.provider().ReadAnchor("log/scratch.example/audit"), 262u);
}

INSTANTIATE_TEST_SUITE_P(Points, StoppedAtTest,
                         testing::Values(StopPoint::kLeaseTaken,
                                         StopPoint::kSigning,
                                         StopPoint::kGrowing, StopPoint::kGrown,
                                         StopPoint::kRecordsForgotten,
                                         StopPoint::kAnchoring));

TEST(SequencerTest, WhatIsSettledIsWrittenWhateverComesMeanwhile) {
  ScratchLog log;
  log.Commit("keys", {"k1", "k2"});
  log.Commit("records", {"r1"}, 2);
  Stops stops;
  const auto killed = log.OpenStopping(stops);
  stops.Set(StopPoint::kSigning, [] { return absl::AbortedError("killed"); });
  ASSERT_FALSE(killed->Step().ok());
  EXPECT_EQ(log.Status().assigned, (OutboxPosition{2, 1}));
  EXPECT_EQ(log.Status().size, 0u);
  // Would come first, had the places not been settled.
  log.Commit("records", {"r2"}, 0);

  const SequencerStep step = *log.Open()->Step();

  EXPECT_EQ(step.entries, 3u);
  log.clock().Advance(kSequencerLease);
  log.TakeAll(*killed);
  EXPECT_THAT(log.Entries(), ElementsAre("k1", "k2", "r1", "r2"));
}

TEST(SequencerTest, ADiskSlowerThanTheLeaseKeepsNobodyFromFinishing) {
  ScratchLog log;
  log.Commit("records", {"r1"});
  Stops stops;
  const auto slow = log.OpenStopping(stops);
  const auto other = log.Open();
  stops.Set(StopPoint::kSigning, [&] {
    // The other has taken the lease and is as slow.
    log.clock().Advance(kSequencerLease);
    stops.Set(StopPoint::kSigning, [] { return absl::AbortedError("slow"); });
    EXPECT_TRUE(absl::IsAborted(other->Step().status()));
    return absl::OkStatus();
  });

  EXPECT_EQ(slow->Step()->entries, 1u);
  EXPECT_THAT(log.Entries(), ElementsAre("r1"));
}

TEST(SequencerTest, WhoeverCannotSignLeavesTheLeaseToAnother) {
  ScratchLog log;
  log.Commit("records", {"r1"});
  Stops stops;
  const auto failing = log.OpenStopping(stops);
  const auto other = log.Open();
  stops.Set(StopPoint::kSigning,
            [] { return absl::UnavailableError("token: pulled out"); });

  EXPECT_TRUE(absl::IsUnavailable(failing->Step().status()));

  EXPECT_EQ(other->Step()->entries, 1u);
}

TEST(SequencerTest, AnAnchorThatCannotBeWrittenIsAnErrorAndTriedAgain) {
  ScratchLog log;
  log.Commit("records", {"r1"});
  Stops stops;
  const auto sequencer = log.OpenStopping(stops);
  for (const absl::Status& error :
       {absl::UnavailableError("no room"),
        absl::FailedPreconditionError("another passphrase")}) {
    stops.Set(StopPoint::kAnchoring, [&] { return error; });
    EXPECT_EQ(sequencer->Step().status(), error);
  }

  log.TakeAll(*sequencer);
  EXPECT_EQ(*log.provider().ReadAnchor("log/scratch.example/audit"), 1u);
}

TEST(SequencerTest, ADamagedOrMissingCheckpointFileIsWrittenAgain) {
  ScratchLog log;
  log.Commit("records", {"r1"});
  log.TakeAll(*log.Open());
  const std::string path = log.log_folder() + "/checkpoint";
  for (const uint64_t size : {0, 1, 40, 100}) {
    fs::resize_file(path, size);
    const auto sequencer = log.Open();
    log.clock().Advance(kSequencerLease);
    log.TakeAll(*sequencer);
    EXPECT_THAT(log.Entries(), ElementsAre("r1"));
  }
  fs::remove(path);
  const auto sequencer = log.Open();
  log.clock().Advance(kSequencerLease);
  log.TakeAll(*sequencer);
  EXPECT_THAT(log.Entries(), ElementsAre("r1"));
}

TEST(SequencerTest, TheLogsFolderWithoutLeavesMayBeLost) {
  ScratchLog log;
  fs::remove_all(log.log_folder());
  log.Commit("records", {"r1"});

  log.TakeAll(*log.Open());

  EXPECT_THAT(log.Entries(), ElementsAre("r1"));
}

std::string AnnouncedBy(const std::string& entry) {
  const absl::StatusOr<Leaf> leaf = ParseLeaf(entry);
  EXPECT_TRUE(leaf.ok()) << leaf.status();
  EXPECT_EQ(leaf->kind, LeafKind::kLogKeyAnnounced);
  return leaf->text;
}

TEST(SequencerTest, ANewKeySignsBesideTheOldOneOnceItIsAnnounced) {
  ScratchLog log;
  const std::vector<NoteKey> old_keys = log.Keys();
  const auto sequencer = log.Open();

  const std::string vkey = *sequencer->RotateKey();
  log.TakeAll(*sequencer);
  // The checkpoint that covers the announcement is the old key's alone.
  EXPECT_EQ(SignaturesOn(log.Status().checkpoint), 1u);
  EXPECT_TRUE(OpenCheckpoint(log.Status().checkpoint, old_keys).ok());
  EXPECT_EQ(AnnouncedBy(log.Entries().back()), vkey);
  log.Commit("records", {"r1"});
  log.TakeAll(*sequencer);

  const std::string both = log.Status().checkpoint;
  EXPECT_EQ(SignaturesOn(both), 2u);
  EXPECT_TRUE(OpenCheckpoint(both, old_keys).ok());
  EXPECT_TRUE(OpenCheckpoint(both, {*NoteKey::Parse(vkey)}).ok());
}

TEST(SequencerTest, ARetiredKeySignsNoMore) {
  ScratchLog log;
  const std::vector<NoteKey> old_keys = log.Keys();
  const auto sequencer = log.Open();
  const std::string vkey = *sequencer->RotateKey();
  log.TakeAll(*sequencer);

  ASSERT_TRUE(sequencer->RetireOldKeys().ok());
  log.Commit("records", {"r1"});
  log.TakeAll(*sequencer);

  const std::string checkpoint = log.Status().checkpoint;
  EXPECT_EQ(SignaturesOn(checkpoint), 1u);
  EXPECT_TRUE(OpenCheckpoint(checkpoint, {*NoteKey::Parse(vkey)}).ok());
  EXPECT_TRUE(
      absl::IsPermissionDenied(OpenCheckpoint(checkpoint, old_keys).status()));
  EXPECT_THAT(log.Entries(), SizeIs(2));
}

TEST(SequencerTest, NoKeyIsRetiredBeforeItsSuccessorIsAnnounced) {
  ScratchLog log;
  const auto sequencer = log.Open();
  ASSERT_TRUE(sequencer->RotateKey().ok());

  const absl::Status status = sequencer->RetireOldKeys();

  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("subrosa audit"));
  EXPECT_FALSE(log.LogKeys().front().retired);
}

TEST(SequencerTest, TwoRotationsMakeTwoKeysAndEachIsAnnounced) {
  ScratchLog log;
  const auto first = log.Open();
  const auto second = log.Open();
  const std::string one = *first->RotateKey();
  const std::string two = *second->RotateKey();
  log.TakeAll(*first);

  EXPECT_NE(one, two);
  EXPECT_THAT(log.LogKeys(), SizeIs(3));
  const std::vector<std::string> entries = log.Entries();
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(AnnouncedBy(entries[0]), one);
  EXPECT_EQ(AnnouncedBy(entries[1]), two);
}

}  // namespace
}  // namespace subrosa
