// What was kept until a year's end, after copies of the stores are put back.
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/steward/home_restore.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/evidence_store.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kSigned[] = "signed on paper, scanned";

class EvidenceRestoreTest : public testing::Test {
 protected:
  // Proof is kept until the end of this year; copies are made; the year ends.
  EvidenceRestoreTest() {
    Keep("ada", kSigned, 0);
    home_.Close();
    for (const std::string name : {"keys.db", "records.db"}) {
      const auto database = OpenSqlite(Path(name), SqliteOptions());
      EXPECT_TRUE((*database)->FlushJournal(absl::Seconds(1)).ok());
      const auto content = ReadFile(Path(name), size_t{64} << 20);
      EXPECT_TRUE(ReplaceFile(Path(name + ".old"), *content, 0600).ok());
    }
    EXPECT_TRUE(home_.Open().ok());
    home_.clock().Advance(absl::Hours(24 * 366));
    const auto destroyed = home_.steward().Evidence().DestroyDue();
    EXPECT_TRUE(destroyed.ok() && destroyed->size() == 1);
    Keep("ada", "of the next year", 0);
    home_.Close();
  }

  std::string Path(const std::string& name) {
    return absl::StrCat(home_.folder(), "/", name);
  }

  void Keep(const std::string& consumer, const std::string& content, int days) {
    EvidenceItem item;
    item.label = {"authorization", "us-wa/rcw-19.373.070",
                  DayOf(home_.clock().Now()) + days};
    item.content = content;
    const absl::Status kept = home_.steward().Evidence().Keep(consumer, item);
    ASSERT_TRUE(kept.ok()) << kept;
  }

  RestoreReport Restore(bool keys, bool records, bool dry_run = false) {
    RestoreOptions options;
    options.dry_run = dry_run;
    if (keys) options.keys_file = Path("keys.db.old");
    if (records) options.records_file = Path("records.db.old");
    const auto report =
        RestoreHome(home_.folder(), home_.passphrase(), home_.clock(), options);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.value_or(RestoreReport());
  }

  std::vector<std::string> KeptOf(const std::string& consumer) {
    std::vector<std::string> contents;
    const absl::Status visited = home_.steward().Evidence().Visit(
        consumer, [&](const EvidenceItem& item) {
          contents.push_back(item.content);
          return absl::OkStatus();
        });
    EXPECT_TRUE(visited.ok()) << visited;
    return contents;
  }

  ScratchHome home_;
};

TEST_F(EvidenceRestoreTest, AnOlderKeyStoreDoesNotBringADestroyedYearBack) {
  EXPECT_EQ(Restore(true, false).evidence_years_again, 1);

  ASSERT_TRUE(home_.Open().ok());
  EXPECT_THAT(KeptOf("ada"), IsEmpty());
  EXPECT_THAT(*home_.steward().Evidence().ListDue(), IsEmpty());
}

TEST_F(EvidenceRestoreTest, NeitherDoOlderCopiesOfBothStores) {
  EXPECT_EQ(Restore(true, true).evidence_years_again, 1);

  ASSERT_TRUE(home_.Open().ok());
  EXPECT_THAT(KeptOf("ada"), IsEmpty());
}

TEST_F(EvidenceRestoreTest, AnOlderRecordStoreLosesOnlyWhatWasKeptSince) {
  EXPECT_EQ(Restore(false, true).evidence_years_again, 0);

  ASSERT_TRUE(home_.Open().ok());
  EXPECT_THAT(KeptOf("ada"), IsEmpty());
  Keep("ada", "kept again", 0);
  EXPECT_THAT(KeptOf("ada"), ElementsAre("kept again"));
}

TEST_F(EvidenceRestoreTest, ADryRunSaysHowManyYearsWouldGoAndDestroysNone) {
  const auto content = ReadFile(Path("keys.db.old"), size_t{64} << 20);
  ASSERT_TRUE(ReplaceFile(Path("keys.db"), *content, 0600).ok());

  EXPECT_EQ(Restore(false, false, true).evidence_years_again, 1);
  EXPECT_EQ(Restore(false, false, true).evidence_years_again, 1);
  EXPECT_FALSE(home_.Open().ok());
}

TEST_F(EvidenceRestoreTest, AHomeThatAgreesDestroysNothing) {
  EXPECT_EQ(Restore(false, false).evidence_years_again, 0);

  ASSERT_TRUE(home_.Open().ok());
  EXPECT_THAT(KeptOf("ada"), ElementsAre("of the next year"));
}

}  // namespace
}  // namespace subrosa
