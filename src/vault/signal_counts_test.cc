#include "src/vault/signal_counts.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/store/connection.h"
#include "src/vault/record_store.h"
#include "src/vault/scratch_vault.h"

namespace subrosa {
namespace {

int32_t DayIn(int year) {
  return static_cast<int32_t>(absl::CivilDay(year, 7, 1) -
                              absl::CivilDay(1970, 1, 1));
}

class SignalCountsTest : public testing::Test {
 protected:
  RecordStore& records() { return scratch_.vault().records(); }
  SignalCounts Counts() { return SignalCounts(records()); }

  void Add(const NewSignals& signals, int32_t today) {
    Transaction transaction = *records().Begin();
    ASSERT_TRUE(Counts().Add(signals, today).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }
  void MarkIncomplete(int32_t today) {
    Transaction transaction = *records().Begin();
    ASSERT_TRUE(Counts().MarkIncomplete(today).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }
  std::optional<SignalsOfYear> Read(int32_t year, int32_t today) {
    const auto read = Counts().Read(year, today);
    EXPECT_TRUE(read.ok()) << read.status();
    return read.value_or(std::nullopt);
  }
  // As a migration leaves a store that was there before.
  void MakeOlder() {
    scratch_.Execute("records", "INSERT INTO signal_count_from VALUES(1, 0)");
  }
  int64_t StartDay() {
    return scratch_.Number("records", "SELECT day FROM signal_count_from");
  }

  ScratchVault scratch_;
};

TEST_F(SignalCountsTest, SignalsAreCountedByYearAndPlace) {
  Add({{{2026, "US-CA"}, 2}, {{2026, "US-CO"}, 1}, {{2027, "US-CA"}, 5}},
      DayIn(2026));
  Add({{{2026, "US-CA"}, 3}}, DayIn(2026));

  const std::optional<SignalsOfYear> signals = Read(2026, DayIn(2027));

  ASSERT_TRUE(signals.has_value());
  EXPECT_EQ(signals->all, 6);
  EXPECT_EQ(signals->by_jurisdiction,
            (std::map<std::string, int64_t>{{"US-CA", 5}, {"US-CO", 1}}));
}

TEST_F(SignalCountsTest, ANewStoreHasNoneInAnyYear) {
  for (const int32_t year : {1970, 2026, 9998}) {
    const std::optional<SignalsOfYear> signals = Read(year, DayIn(2026));

    ASSERT_TRUE(signals.has_value()) << year;
    EXPECT_EQ(signals->all, 0);
  }
}

TEST_F(SignalCountsTest, WhatIsNotCommittedIsNotCounted) {
  {
    const Transaction undone = *records().Begin();
    ASSERT_TRUE(Counts().Add({{{2026, "US-CA"}, 2}}, DayIn(2026)).ok());
  }

  EXPECT_EQ(Read(2026, DayIn(2026))->all, 0);
}

TEST_F(SignalCountsTest, AnOlderStoreCountsFromTheYearAfterItsFirstSignal) {
  MakeOlder();

  Add({{{2026, "US-CA"}, 2}}, DayIn(2026));
  Add({{{2027, "US-CA"}, 3}}, DayIn(2027));

  EXPECT_EQ(StartDay(), DayIn(2026));
  EXPECT_FALSE(Read(2025, DayIn(2028)).has_value());
  EXPECT_FALSE(Read(2026, DayIn(2028)).has_value());
  ASSERT_TRUE(Read(2027, DayIn(2028)).has_value());
  EXPECT_EQ(Read(2027, DayIn(2028))->all, 3);
}

TEST_F(SignalCountsTest, AnOlderStoreThatIsReadFirstCountsFromTheYearAfter) {
  MakeOlder();

  EXPECT_FALSE(Read(2026, DayIn(2026)).has_value());

  EXPECT_EQ(StartDay(), DayIn(2026));
  EXPECT_TRUE(Read(2027, DayIn(2027)).has_value());
}

TEST_F(SignalCountsTest, ABatchWithoutSignalsSettlesNothing) {
  MakeOlder();

  Add({}, DayIn(2026));

  EXPECT_EQ(StartDay(), 0);
}

TEST_F(SignalCountsTest, AfterSomethingWasLostTheLastLossCounts) {
  Add({{{2026, "US-CA"}, 2}}, DayIn(2026));
  ASSERT_TRUE(Read(2026, DayIn(2026)).has_value());

  MarkIncomplete(DayIn(2027));
  MarkIncomplete(DayIn(2026));

  EXPECT_EQ(StartDay(), DayIn(2027));
  EXPECT_FALSE(Read(2026, DayIn(2028)).has_value());
  EXPECT_FALSE(Read(2027, DayIn(2028)).has_value());
  EXPECT_TRUE(Read(2028, DayIn(2028)).has_value());
}

TEST_F(SignalCountsTest, AnOlderStoreThatLostSomethingIsSettledByThat) {
  MakeOlder();

  MarkIncomplete(DayIn(2026));
  Add({{{2027, "US-CA"}, 1}}, DayIn(2027));

  EXPECT_EQ(StartDay(), DayIn(2026));
  EXPECT_TRUE(Read(2027, DayIn(2027)).has_value());
}

}  // namespace
}  // namespace subrosa
