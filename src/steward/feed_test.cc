#include "src/steward/feed.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/ingest/reader.h"
#include "src/steward/scratch_home.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;

// A reader of a script: each entry is a record, or says what else it is.
class ScriptedReader final : public RecordReader {
 public:
  struct Entry {
    ReadStep step;
    v1::HealthRecord record;
    std::string kept_whole_type;
    std::string reason = "x: want y, got z";
  };

  explicit ScriptedReader(std::vector<Entry> entries)
      : entries_(std::move(entries)) {}

  // Reading fails where the script ends.
  void FailAtEnd() { fails_ = true; }

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override {
    ReadOutcome outcome;
    if (next_ == entries_.size()) {
      if (fails_) return absl::UnavailableError("the disk is gone");
      return outcome;
    }
    const Entry& entry = entries_[next_++];
    outcome.step = entry.step;
    outcome.number = next_;
    outcome.byte_offset = 10 * (next_ - 1);
    if (entry.step == ReadStep::kReject) {
      outcome.reject = absl::InvalidArgumentError(entry.reason);
    }
    outcome.is_kept_whole = !entry.kept_whole_type.empty();
    outcome.type = "Organization";
    if (outcome.is_kept_whole) outcome.type = entry.kept_whole_type;
    *record = entry.record;
    return outcome;
  }
  absl::string_view unit() const override { return "line"; }
  uint64_t bytes_read() const override { return 10 * next_; }

 private:
  std::vector<Entry> entries_;
  size_t next_ = 0;
  bool fails_ = false;
};

ScriptedReader::Entry Record(const std::string& consumer, int id) {
  v1::MoodCheckIn check_in;
  check_in.set_score(5);
  ScriptedReader::Entry entry;
  entry.step = ReadStep::kRecord;
  entry.record = RecordOf(consumer, absl::StrCat(id), check_in);
  return entry;
}

ScriptedReader::Entry Reject() {
  ScriptedReader::Entry entry;
  entry.step = ReadStep::kReject;
  return entry;
}

ScriptedReader::Entry Nobody() {
  ScriptedReader::Entry entry;
  entry.step = ReadStep::kNotAboutConsumer;
  return entry;
}

struct Told {
  std::vector<uint64_t> rejects;
  uint64_t bytes_read = 0;
};

absl::Status FeedScript(ScriptedReader& reader, ScratchHome& home,
                        FeedSummary* summary, Told* told) {
  return Feed(reader, home.steward(),
              {[told](const RejectedEntry& entry) {
                 told->rejects.push_back(entry.number);
               },
               [told](const FeedSummary&, uint64_t bytes_read) {
                 told->bytes_read = bytes_read;
               }},
              summary);
}

TEST(FeedTest, EveryEntryIsCountedOnce) {
  ScratchHome home;
  ScriptedReader reader({Record("ada", 1), Nobody(), Record("ada", 1),
                         Record("bo", 1), Reject()});
  FeedSummary summary;
  Told told;

  ASSERT_TRUE(FeedScript(reader, home, &summary, &told).ok());

  EXPECT_EQ(summary.added, 2u);
  EXPECT_EQ(summary.unchanged, 1u);
  EXPECT_EQ(summary.rejected, 1u);
  EXPECT_EQ(summary.not_about_consumer, 1u);
  EXPECT_EQ(summary.not_about_consumer_types.at("Organization"), 1u);
  EXPECT_EQ(summary.entries(), 5u);
  EXPECT_EQ(summary.kept_whole, 0u);
  EXPECT_EQ(told.bytes_read, 50u);
}

TEST(FeedTest, WhatIsKeptWholeIsCountedByTypeAndOnlyIfItWasTaken) {
  ScratchHome home;
  ScriptedReader::Entry kept = Record("ada", 1);
  kept.kept_whole_type = "Basic";
  ScriptedReader::Entry nameless = Record("", 2);
  nameless.kept_whole_type = "Flag";
  ScriptedReader reader({kept, Record("ada", 3), nameless});
  FeedSummary summary;
  Told told;

  ASSERT_TRUE(FeedScript(reader, home, &summary, &told).ok());

  EXPECT_EQ(summary.added, 2u);
  EXPECT_EQ(summary.kept_whole, 1u);
  EXPECT_EQ(summary.kept_whole_types.size(), 1u);
  EXPECT_EQ(summary.kept_whole_types.at("Basic"), 1u);
}

TEST(FeedTest, RejectsAreCountedByReasonWithTheFirstPlaceOfEach) {
  ScratchHome home;
  ScriptedReader::Entry other = Reject();
  other.reason = "id: want a, got b";
  ScriptedReader reader({Record("ada", 1), Reject(), other, Reject()});
  FeedSummary summary;
  Told told;

  ASSERT_TRUE(FeedScript(reader, home, &summary, &told).ok());

  EXPECT_EQ(summary.rejects_by_reason.size(), 2u);
  EXPECT_EQ(summary.rejects_by_reason.at("x: want y, got z").count, 2u);
  EXPECT_EQ(summary.rejects_by_reason.at("x: want y, got z").first_number, 2u);
  EXPECT_EQ(summary.rejects_by_reason.at("id: want a, got b").count, 1u);
}

TEST(FeedTest, AFileOfEverNewReasonsAndTypesTakesBoundedMemory) {
  ScratchHome home;
  std::vector<ScriptedReader::Entry> entries;
  for (size_t i = 0; i < kMaxSummaryReasons + 50; ++i) {
    entries.push_back(Reject());
    entries.back().reason = absl::StrCat("x: want ", i, ", got z");
    entries.push_back(Record("ada", static_cast<int>(i)));
    entries.back().kept_whole_type = absl::StrCat("Type", i);
  }
  ScriptedReader reader(std::move(entries));
  FeedSummary summary;
  Told told;

  ASSERT_TRUE(FeedScript(reader, home, &summary, &told).ok());

  EXPECT_EQ(summary.rejects_by_reason.size(), kMaxSummaryReasons);
  EXPECT_EQ(summary.other_rejects, 50u);
  EXPECT_EQ(summary.rejected, kMaxSummaryReasons + 50);
  EXPECT_EQ(summary.kept_whole_types.size(), kMaxSummaryTypes + 1);
  EXPECT_EQ(summary.kept_whole_types.at("other"), 50u);
}

// Large records, and what the largest that it was given to fill still held.
class LargeReader final : public RecordReader {
 public:
  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override {
    most_held_ = std::max(most_held_, record->payload().value().capacity());
    ReadOutcome outcome;
    if (count_ == 40) return outcome;
    v1::JournalEntry entry;
    entry.set_text(std::string(kBytes, 'x'));
    *record = RecordOf("ada", absl::StrCat(++count_), entry);
    outcome.step = ReadStep::kRecord;
    outcome.number = static_cast<uint64_t>(count_);
    return outcome;
  }
  absl::string_view unit() const override { return "line"; }
  // As if each were of 1 MiB, so that few of them fill a batch.
  uint64_t bytes_read() const override {
    return static_cast<uint64_t>(count_) << 20;
  }

  size_t most_held() const { return most_held_; }

  static constexpr size_t kBytes = 100000;

 private:
  int count_ = 0;
  size_t most_held_ = 0;
};

TEST(FeedTest, LargeRecordsGiveTheirMemoryBack) {
  ScratchHome home;
  LargeReader reader;
  FeedSummary summary;

  ASSERT_TRUE(Feed(reader, home.steward(),
                   {[](const RejectedEntry&) {},
                    [](const FeedSummary&, uint64_t /*bytes_read*/) {}},
                   &summary)
                  .ok());

  EXPECT_EQ(summary.added, 40u);
  EXPECT_LT(reader.most_held(), LargeReader::kBytes);
}

TEST(FeedTest, RejectsAreToldInTheOrderOfTheFile) {
  ScratchHome home;
  ScriptedReader::Entry nameless = Record("", 7);
  ScriptedReader reader(
      {Reject(), nameless, Record("ada", 1), Reject(), nameless, Reject()});
  FeedSummary summary;
  Told told;

  ASSERT_TRUE(FeedScript(reader, home, &summary, &told).ok());

  EXPECT_THAT(told.rejects, ElementsAre(1, 2, 4, 5, 6));
  EXPECT_EQ(summary.added, 1u);
}

TEST(FeedTest, ManyBatchesArriveWholeAndInOrder) {
  ScratchHome home;
  std::vector<ScriptedReader::Entry> entries;
  entries.reserve(5001);
  for (int i = 0; i < 5001; ++i) {
    entries.push_back(i % 1000 == 999 ? Reject() : Record("ada", i));
  }
  ScriptedReader reader(std::move(entries));
  FeedSummary summary;
  Told told;

  ASSERT_TRUE(FeedScript(reader, home, &summary, &told).ok());

  EXPECT_EQ(summary.added, 4996u);
  EXPECT_THAT(told.rejects, ElementsAre(1000, 2000, 3000, 4000, 5000));
  EXPECT_EQ(*home.steward().CountRows("ada"), 4996);
}

TEST(FeedTest, AFailingReaderKeepsWhatCameBefore) {
  ScratchHome home;
  ScriptedReader reader({Record("ada", 1), Record("ada", 2)});
  reader.FailAtEnd();
  FeedSummary summary;
  Told told;

  EXPECT_TRUE(absl::IsUnavailable(FeedScript(reader, home, &summary, &told)));

  EXPECT_EQ(summary.added, 2u);
  EXPECT_EQ(*home.steward().CountRows("ada"), 2);
}

TEST(FeedTest, AnEmptyFileIsNothing) {
  ScratchHome home;
  ScriptedReader reader({});
  FeedSummary summary;
  Told told;

  EXPECT_TRUE(FeedScript(reader, home, &summary, &told).ok());

  EXPECT_EQ(summary.entries(), 0u);
}

TEST(FeedTest, AnErasedConsumersRecordsAreRejectedWithTheirPlace) {
  ScratchHome home;
  ScriptedReader first({Record("ada", 1)});
  FeedSummary summary;
  Told told;
  ASSERT_TRUE(FeedScript(first, home, &summary, &told).ok());
  ASSERT_TRUE(home.Erase("ada").ok());
  ScriptedReader again({Record("bo", 1), Record("ada", 1)});

  ASSERT_TRUE(FeedScript(again, home, &summary, &told).ok());

  EXPECT_THAT(told.rejects, ElementsAre(2));
}

}  // namespace
}  // namespace subrosa
