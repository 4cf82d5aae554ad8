#include "src/vault/evidence_store.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/scratch_key_store.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr char kSigned[] = "signed on paper by A., scanned";
constexpr char kClause[] = "us-wa/rcw-19.373.070";

class EvidenceStoreTest : public testing::Test {
 protected:
  // The clock stands at 2026-07-01.
  int32_t InYears(int years) {
    return DayOf(scratch_.clock().Now()) + years * 366;
  }
  void ToNextYear() { scratch_.clock().Advance(absl::Hours(24 * 184)); }

  EvidenceItem Item(const std::string& content, int years = 0) {
    return {{"authorization", kClause, InYears(years)}, content};
  }

  void Keep(const std::string& consumer, const std::string& content,
            int years = 0) {
    const absl::Status kept =
        scratch_.vault().Evidence().Keep(consumer, Item(content, years));
    ASSERT_TRUE(kept.ok()) << kept;
  }

  std::vector<std::string> KeptOf(const std::string& consumer) {
    std::vector<std::string> contents;
    const absl::Status visited = scratch_.vault().Evidence().Visit(
        consumer, [&](const EvidenceItem& item) {
          contents.push_back(item.content);
          return absl::OkStatus();
        });
    if (!visited.ok()) contents.push_back(visited.ToString());
    return contents;
  }

  int64_t ItemsHeld() {
    return scratch_.Number("records", "SELECT count(*) FROM evidence");
  }

  std::vector<DestroyedEvidence> DestroyDue() {
    auto destroyed = scratch_.vault().Evidence().DestroyDue();
    EXPECT_TRUE(destroyed.ok()) << destroyed.status();
    return *destroyed;
  }

  // The leaves of a kind in a store's outbox.
  std::vector<Leaf> LeavesOf(const std::string& store, LeafKind kind,
                             std::string* bytes = nullptr) {
    const auto database = OpenSqlite(scratch_.PathOf(store), {});
    Outbox outbox = std::move(Outbox::Open(**database)).value();
    std::vector<Leaf> leaves;
    EXPECT_TRUE(
        outbox
            .Visit(0,
                   [&](const OutboxEntry& entry) -> absl::StatusOr<bool> {
                     const auto leaf = ParseLeaf(entry.bytes);
                     EXPECT_TRUE(leaf.ok()) << leaf.status();
                     if (leaf->kind != kind) return true;
                     leaves.push_back(*leaf);
                     if (bytes != nullptr) {
                       absl::StrAppend(bytes, entry.bytes);
                     }
                     return true;
                   })
            .ok());
    return leaves;
  }

  // What stands in `store`'s files, its journal included.
  std::string FilesOf(const std::string& store) {
    std::string content;
    for (const char* suffix : {"", "-wal"}) {
      const auto read =
          ReadFile(scratch_.PathOf(store) + suffix, size_t{64} << 20);
      if (read.ok()) content += *read;
    }
    return content;
  }

  std::string Blob(const std::string& store, const std::string& sql) {
    const auto database = OpenSqlite(scratch_.PathOf(store), {});
    auto read = (*database)->Prepare(sql);
    EXPECT_TRUE((*read)->Step().value());
    return std::string((*read)->ColumnBytes(0));
  }

  ScratchVault scratch_;
};

TEST_F(EvidenceStoreTest, WhatIsKeptOutlivesTheErasure) {
  scratch_.Put({"ada"}, "1", "calm");
  Keep("ada", kSigned);

  ASSERT_TRUE(scratch_.vault().Erase("ada").ok());

  EXPECT_THAT(KeptOf("ada"), ElementsAre(kSigned));
  EXPECT_TRUE(absl::IsNotFound(scratch_.vault().CountRows("ada").status()));
}

TEST_F(EvidenceStoreTest, ItIsFoundByWhoKnowsTheIdAndByNobodyElse) {
  Keep("ada", kSigned);

  EXPECT_THAT(KeptOf("luz"), IsEmpty());
  EXPECT_THAT(KeptOf(""), IsEmpty());
}

TEST_F(EvidenceStoreTest, WhatIsKeptOfSomeoneComesInTheOrderOfYears) {
  Keep("ada", "of 2028", 2);
  Keep("ada", "of 2026");
  Keep("luz", "of hers", 2);
  Keep("ada", "of 2026 too");

  const std::vector<std::string> kept = KeptOf("ada");
  EXPECT_THAT(kept, UnorderedElementsAre("of 2026", "of 2026 too", "of 2028"));
  EXPECT_EQ(kept.back(), "of 2028");
}

TEST_F(EvidenceStoreTest, AnOfficerSeesTheClausesWithoutOpeningAnything) {
  Keep("ada", kSigned, 2);
  scratch_.Execute("records", "UPDATE evidence SET sealed = x'00'");

  const auto labels = scratch_.vault().Evidence().ListKinds("ada");

  ASSERT_TRUE(labels.ok()) << labels.status();
  ASSERT_EQ(labels->size(), 1u);
  EXPECT_EQ(labels->front().kind, "authorization");
  EXPECT_EQ(labels->front().clause, kClause);
  EXPECT_EQ(labels->front().expires_day, InYears(2));
}

TEST_F(EvidenceStoreTest, NothingThatIsKeptStandsInClear) {
  Keep("ada@example.org", kSigned);

  for (const char* store : {"keys", "records"}) {
    EXPECT_THAT(FilesOf(store), Not(HasSubstr("ada@example.org")));
    EXPECT_THAT(FilesOf(store), Not(HasSubstr(kSigned)));
  }
}

TEST_F(EvidenceStoreTest, TheLogIsToldThatSomethingIsKeptAndOfNobody) {
  Keep("ada@example.org", kSigned);
  std::string bytes;

  const auto leaves = LeavesOf("records", LeafKind::kEvidenceKept, &bytes);

  ASSERT_EQ(leaves.size(), 1u);
  EXPECT_THAT(leaves[0].numbers, ElementsAre(2026));
  EXPECT_EQ(leaves[0].text, kClause);
  EXPECT_THAT(leaves[0].commitments, IsEmpty());
  EXPECT_THAT(bytes, Not(HasSubstr("ada@example.org")));
  EXPECT_THAT(
      bytes,
      Not(HasSubstr(Blob("records", "SELECT evidence_ref FROM evidence"))));
}

TEST_F(EvidenceStoreTest, AnItemLastsUntilTheEndOfItsYear) {
  Keep("ada", kSigned);
  // 2026-12-31.
  scratch_.clock().Advance(absl::Hours(24 * 183));

  EXPECT_THAT(DestroyDue(), IsEmpty());

  EXPECT_THAT(KeptOf("ada"), ElementsAre(kSigned));
}

TEST_F(EvidenceStoreTest, WhenTheYearIsOverNobodyOpensWhatWasKept) {
  Keep("ada", kSigned);
  Keep("luz", kSigned);
  Keep("ada", "of 2028", 2);
  ToNextYear();
  ASSERT_THAT(*scratch_.vault().Evidence().ListDue(), ElementsAre(2026));

  const auto destroyed = DestroyDue();

  ASSERT_EQ(destroyed.size(), 1u);
  EXPECT_EQ(destroyed[0].year, 2026);
  EXPECT_EQ(destroyed[0].items, 2);
  EXPECT_THAT(KeptOf("ada"), ElementsAre("of 2028"));
  EXPECT_THAT(KeptOf("luz"), IsEmpty());
  EXPECT_EQ(ItemsHeld(), 1);
  EXPECT_THAT(DestroyDue(), IsEmpty());
}

TEST_F(EvidenceStoreTest, TheKeyOfAYearStaysWhileSomethingIsOpenUnderIt) {
  for (const char* const open :
       {"INSERT INTO request VALUES(1, zeroblob(16), 1, 1, 0, 2026,"
        " zeroblob(16), x'')",
        "INSERT INTO erasure(entity, erasure_ref, year, state, sealed)"
        " VALUES(1, zeroblob(16), 2026, 2, x'')"}) {
    Keep("ada", kSigned);
    scratch_.Execute("records", open);
    scratch_.clock().Advance(absl::Hours(24 * 184));
    EXPECT_THAT(*scratch_.vault().Evidence().ListDue(), IsEmpty()) << open;
    EXPECT_THAT(DestroyDue(), IsEmpty()) << open;
    EXPECT_EQ(scratch_.Number("keys", "SELECT count(*) FROM evidence_key"), 1);

    scratch_.Execute("records",
                     "UPDATE request SET is_open = 0;"
                     "UPDATE erasure SET state = 3");
    EXPECT_EQ(DestroyDue().size(), 1u) << open;
    scratch_.clock().Advance(-absl::Hours(24 * 184));
  }
}

TEST_F(EvidenceStoreTest, TheLogIsToldOfTheYearAndOfNobody) {
  Keep("ada", kSigned);
  Keep("luz", kSigned);
  ToNextYear();
  DestroyDue();
  std::string bytes;

  const auto leaves =
      LeavesOf("keys", LeafKind::kEvidenceKeysDestroyed, &bytes);

  ASSERT_EQ(leaves.size(), 1u);
  EXPECT_THAT(leaves[0].numbers, ElementsAre(2026, 2));
  EXPECT_THAT(leaves[0].commitments, IsEmpty());
  EXPECT_THAT(leaves[0].text, IsEmpty());
}

TEST_F(EvidenceStoreTest, NeitherKeyNorItemStandsInAFreedPage) {
  Keep("ada", std::string(20000, 'x'));
  const std::string wrapped = Blob("keys", "SELECT wrapped FROM evidence_key");
  const std::string sealed =
      Blob("records", "SELECT sealed FROM evidence").substr(0, 64);
  ASSERT_THAT(FilesOf("keys"), HasSubstr(wrapped));
  ASSERT_THAT(FilesOf("records"), HasSubstr(sealed));
  ToNextYear();

  DestroyDue();

  EXPECT_THAT(FilesOf("keys"), Not(HasSubstr(wrapped)));
  EXPECT_THAT(FilesOf("records"), Not(HasSubstr(sealed)));
}

TEST_F(EvidenceStoreTest, AnOlderRecordStoreBringsBackWhatNobodyOpens) {
  Keep("ada", kSigned);
  const std::string backup = scratch_.PathOf("backup");
  scratch_.CopyStore("records", backup);
  ToNextYear();
  DestroyDue();

  scratch_.PutBack(backup, "records");

  EXPECT_EQ(ItemsHeld(), 1);
  EXPECT_THAT(KeptOf("ada"), IsEmpty());
  // Nothing is destroyed once more, and what came back goes again.
  EXPECT_THAT(DestroyDue(), IsEmpty());
  EXPECT_EQ(ItemsHeld(), 0);
}

TEST_F(EvidenceStoreTest, WhatAStoppedDestructionLeftIsDeletedByTheNext) {
  Keep("ada", kSigned);
  ToNextYear();
  scratch_.Execute("keys", "DELETE FROM evidence_key");

  EXPECT_THAT(DestroyDue(), IsEmpty());

  EXPECT_EQ(ItemsHeld(), 0);
}

TEST_F(EvidenceStoreTest, AnItemThatWasMovedOrChangedDoesNotOpen) {
  const std::string changes[] = {
      "kind = 'consent'",
      "clause = 'us-ca/11-ccr-7101'",
      "expires_day = expires_day + 1",
      "item_ref = randomblob(16)",
      "sealed = (SELECT sealed FROM evidence WHERE kind = 'request')",
      "evidence_ref = (SELECT evidence_ref FROM evidence"
      " WHERE kind = 'request')",
  };
  Keep("ada", kSigned);
  EvidenceItem other = Item("another");
  other.label.kind = "request";
  ASSERT_TRUE(scratch_.vault().Evidence().Keep("luz", other).ok());
  scratch_.Execute("records", "CREATE TABLE good AS SELECT * FROM evidence");

  for (const std::string& change : changes) {
    scratch_.Execute("records", absl::StrCat("UPDATE evidence SET ", change,
                                             " WHERE kind = 'authorization'"));

    const std::string all = absl::StrCat(testing::PrintToString(KeptOf("ada")),
                                         testing::PrintToString(KeptOf("luz")));

    EXPECT_THAT(all, HasSubstr("DATA_LOSS")) << change;
    EXPECT_THAT(all, Not(HasSubstr(kSigned))) << change;
    scratch_.Execute("records",
                     "DELETE FROM evidence;"
                     "INSERT INTO evidence SELECT * FROM good");
  }
}

TEST_F(EvidenceStoreTest, AnItemThatWasMovedToAnotherYearIsNotFound) {
  Keep("ada", kSigned);
  Keep("luz", "another", 2);

  scratch_.Execute("records", "UPDATE evidence SET year = 2028");

  EXPECT_THAT(KeptOf("ada"), IsEmpty());
}

TEST_F(EvidenceStoreTest, ARotationInTheMidstChangesNothing) {
  Keep("ada", kSigned);
  ASSERT_TRUE(scratch_.vault().Custody().Rotate(nullptr).ok());
  Keep("ada", "later");

  EXPECT_THAT(KeptOf("ada"), UnorderedElementsAre(kSigned, "later"));
}

TEST_F(EvidenceStoreTest, AnItemKeptAsItsYearEndsIsTakenBack) {
  bool is_over = false;
  auto records = std::make_unique<WatchedConnection>(
      *OpenSqlite(scratch_.PathOf("records"), {}), [&](const std::string& sql) {
        if (sql == "COMMIT" && !std::exchange(is_over, true)) {
          scratch_.Execute("keys", "DELETE FROM evidence_key");
        }
        return absl::OkStatus();
      });
  const auto vault =
      Vault::Open(*OpenSqlite(scratch_.PathOf("keys"), {}), std::move(records),
                  scratch_.provider(), scratch_.clock());
  ASSERT_TRUE(vault.ok()) << vault.status();

  const absl::Status kept = (*vault)->Evidence().Keep("ada", Item(kSigned));

  EXPECT_TRUE(absl::IsFailedPrecondition(kept)) << kept;
  EXPECT_EQ(ItemsHeld(), 0);
}

TEST_F(EvidenceStoreTest, AVisitEndsWithTheFirstError) {
  Keep("ada", "one");
  Keep("ada", "two");
  int visited = 0;

  const absl::Status status =
      scratch_.vault().Evidence().Visit("ada", [&](const EvidenceItem&) {
        ++visited;
        return absl::CancelledError("enough");
      });

  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_EQ(visited, 1);
}

TEST_F(EvidenceStoreTest, WhatCannotBeKeptIsRefusedWithoutAValue) {
  struct Case {
    std::string consumer;
    std::function<void(EvidenceItem&)> change;
    std::string field;
  };
  const Case cases[] = {
      {"", [](EvidenceItem&) {}, "evidence.consumer"},
      {std::string(257, 'a'), [](EvidenceItem&) {}, "evidence.consumer"},
      {"ada", [](EvidenceItem& item) { item.label.kind = ""; },
       "evidence.kind"},
      {"ada", [](EvidenceItem& item) { item.label.kind = "PLANTED"; },
       "evidence.kind"},
      {"ada", [](EvidenceItem& item) { item.label.clause = ""; },
       "evidence.clause"},
      {"ada", [](EvidenceItem& item) { item.label.clause = "PLANTED"; },
       "evidence.clause"},
      {"ada",
       [](EvidenceItem& item) { item.label.clause = std::string(65, 'a'); },
       "evidence.clause"},
      {"ada",
       [](EvidenceItem& item) {
         item.content = std::string(kMaxEvidenceBytes + 1, 'x');
       },
       "evidence.content"},
      {"ada", [](EvidenceItem& item) { --item.label.expires_day; },
       "evidence.expires_day"},
      {"ada",
       [this](EvidenceItem& item) { item.label.expires_day = InYears(11); },
       "evidence.expires_day"},
  };

  for (const Case& each : cases) {
    EvidenceItem item = Item("PLANTED");
    each.change(item);

    const absl::Status refused =
        scratch_.vault().Evidence().Keep(each.consumer, item);

    EXPECT_TRUE(absl::IsInvalidArgument(refused)) << refused;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(each.field));
    EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("PLANTED")));
  }
  EXPECT_EQ(ItemsHeld(), 0);
  EXPECT_EQ(scratch_.Number("keys", "SELECT count(*) FROM evidence_key"), 0);
}

TEST_F(EvidenceStoreTest, TheFurthestYearAndTheLargestItemAreKept) {
  // The last day of 2036.
  EvidenceItem item = Item(std::string(kMaxEvidenceBytes, 'x'));
  item.label.expires_day = static_cast<int32_t>(absl::CivilDay(2036, 12, 31) -
                                                absl::CivilDay(1970, 1, 1));

  const absl::Status kept = scratch_.vault().Evidence().Keep("ada", item);

  EXPECT_TRUE(kept.ok()) << kept;
  EXPECT_THAT(KeptOf("ada"), ElementsAre(item.content));
}

}  // namespace
}  // namespace subrosa
