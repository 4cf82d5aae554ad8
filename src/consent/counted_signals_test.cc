// Signals are counted as they reach the ledger, as their leaves would be.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/base/clock.h"
#include "src/consent/consent_ledger.h"
#include "src/store/connection.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/signal_counts.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {
namespace {

using ByPlace = std::map<std::string, int64_t>;

constexpr int32_t kYear = 2026;  // Of the vault's clock.

v1::LedgerEntry ChoiceOf(const std::string& consumer, v1::ChoiceKind kind,
                         const std::string& jurisdiction) {
  v1::LedgerEntry entry;
  entry.set_consumer(consumer);
  entry.mutable_choice()->set_kind(kind);
  entry.mutable_choice()->set_jurisdiction(jurisdiction);
  return entry;
}

v1::LedgerEntry SignalOf(const std::string& consumer,
                         const std::string& jurisdiction) {
  return ChoiceOf(consumer, v1::CHOICE_KIND_SIGNAL, jurisdiction);
}

class CountedSignalsTest : public testing::Test {
 protected:
  // Refuses what is of "US-NV".
  absl::Status Append(const std::vector<v1::LedgerEntry>& entries) {
    std::vector<const v1::LedgerEntry*> pointers;
    for (const v1::LedgerEntry& entry : entries) pointers.push_back(&entry);
    return ledger_
        ->Append(pointers,
                 [](const v1::LedgerEntry& entry, const v1::Standing&) {
                   return entry.choice().jurisdiction() == "US-NV"
                              ? absl::InvalidArgumentError("refused")
                              : absl::OkStatus();
                 })
        .status();
  }

  ByPlace Counted(int32_t year) {
    const auto read = SignalCounts(scratch_.vault().records())
                          .Read(year, DayOf(scratch_.clock().Now()));
    EXPECT_TRUE(read.ok() && read->has_value()) << read.status();
    int64_t all = 0;
    for (const auto& [place, signals] : (*read)->by_jurisdiction) {
      all += signals;
    }
    EXPECT_EQ((*read)->all, all);
    return (*read)->by_jurisdiction;
  }

  // What the leaves say that the log is to be told.
  ByPlace InLeaves(int32_t year) {
    ByPlace signals;
    auto outbox = scratch_.vault().records().database().Prepare(
        "SELECT entry FROM outbox");
    while ((*outbox)->Step().value()) {
      const auto leaf = ParseLeaf((*outbox)->ColumnBytes(0));
      EXPECT_TRUE(leaf.ok()) << leaf.status();
      if (leaf->kind == LeafKind::kChoice &&
          leaf->numbers[0] == v1::CHOICE_KIND_SIGNAL &&
          CivilDayOf(static_cast<int32_t>(leaf->day)).year() == year) {
        ++signals[leaf->jurisdiction];
      }
    }
    return signals;
  }

  ScratchVault scratch_;
  std::unique_ptr<ConsentLedger> ledger_ =
      ConsentLedger::Open(scratch_.vault(), scratch_.clock()).value();
};

TEST_F(CountedSignalsTest, ABatchCountsWhatItsLeavesSay) {
  ASSERT_TRUE(Append({SignalOf("ada", "US-CA"), SignalOf("luz", "US-CO"),
                      ChoiceOf("luz", v1::CHOICE_KIND_CONSENT, "US-CA"),
                      SignalOf("ada", "US-CA"), SignalOf("eve", "US-NV"),
                      SignalOf("luz", "US-NV"), SignalOf("", "US-CA")})
                  .ok());

  EXPECT_EQ(Counted(kYear), (ByPlace{{"US-CA", 2}, {"US-CO", 1}}));
  EXPECT_EQ(Counted(kYear), InLeaves(kYear));
}

TEST_F(CountedSignalsTest, BatchesAddUpByTheYearOfTheirLeaves) {
  ASSERT_TRUE(Append({SignalOf("ada", "US-CA")}).ok());
  ASSERT_TRUE(Append({SignalOf("luz", "US-CA")}).ok());
  scratch_.clock().Advance(absl::Hours(24 * 365));
  ASSERT_TRUE(Append({SignalOf("ada", "US-CA")}).ok());

  for (const int32_t year : {kYear, kYear + 1}) {
    EXPECT_EQ(Counted(year), InLeaves(year));
  }
  EXPECT_EQ(Counted(kYear), (ByPlace{{"US-CA", 2}}));
  EXPECT_EQ(Counted(kYear + 1), (ByPlace{{"US-CA", 1}}));
}

// As a kill leaves it, or a full disk, once the signals were counted.
TEST_F(CountedSignalsTest, ABatchThatIsNotStoredCountsNothing) {
  ASSERT_TRUE(Append({SignalOf("ada", "US-CA")}).ok());
  scratch_.Execute("records",
                   "CREATE TRIGGER stop BEFORE INSERT ON outbox "
                   "BEGIN SELECT RAISE(ABORT, 'stopped'); END");

  ASSERT_FALSE(Append({SignalOf("ada", "US-CA")}).ok());

  EXPECT_EQ(Counted(kYear), (ByPlace{{"US-CA", 1}}));
  EXPECT_EQ(Counted(kYear), InLeaves(kYear));
}

TEST_F(CountedSignalsTest, WhoIsErasedStaysCounted) {
  ASSERT_TRUE(Append({SignalOf("ada", "US-CA")}).ok());

  ASSERT_TRUE(scratch_.vault().DestroyKeys("ada").ok());

  EXPECT_EQ(Counted(kYear), (ByPlace{{"US-CA", 1}}));
  EXPECT_EQ(Counted(kYear), InLeaves(kYear));
}

TEST_F(CountedSignalsTest, WithoutSignalsNothingThatIsCountedIsTouched) {
  scratch_.Execute("records", "DROP TABLE signal_count");
  scratch_.Execute("records", "DROP TABLE signal_count_from");

  EXPECT_TRUE(Append({ChoiceOf("ada", v1::CHOICE_KIND_CONSENT, "US-CA")}).ok());
  EXPECT_FALSE(Append({SignalOf("ada", "US-CA")}).ok());
}

}  // namespace
}  // namespace subrosa
