// Which leaves each change of a vault leaves in its outboxes, and what stands
// in them.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/audit/log_batch.h"
#include "src/base/clock.h"
#include "src/crypto/commitment.h"
#include "src/crypto/plain_blake2b.h"
#include "src/crypto/prf.h"
#include "src/crypto/sha256.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/key_store.h"
#include "src/vault/scratch_key_store.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// An entry of an outbox, taken apart.
struct Left {
  Leaf leaf;
  int64_t seen = 0;
  std::string bytes;
};

class VaultLeavesTest : public testing::Test {
 protected:
  std::unique_ptr<Connection> Connect(const std::string& store) {
    return std::move(OpenSqlite(home_.PathOf(store), SqliteOptions())).value();
  }

  // What `store` has left since the last call for it.
  std::vector<Left> NewLeaves(const std::string& store) {
    const std::unique_ptr<Connection> database = Connect(store);
    Outbox outbox = *Outbox::Open(*database);
    int64_t& last = store == "keys" ? last_.keys : last_.records;
    std::vector<Left> leaves;
    EXPECT_TRUE(outbox
                    .Visit(last,
                           [&](const OutboxEntry& entry) {
                             const auto leaf = ParseLeaf(entry.bytes);
                             EXPECT_TRUE(leaf.ok()) << leaf.status();
                             leaves.push_back(
                                 {*leaf, entry.seen, std::string(entry.bytes)});
                             last = entry.sequence;
                             return true;
                           })
                    .ok());
    for (const Left& each : leaves) {
      EXPECT_EQ(each.leaf.outcome, LeafOutcome::kDone);
      EXPECT_EQ(each.leaf.day,
                static_cast<uint32_t>(DayOf(home_.clock().Now())));
    }
    return leaves;
  }
  // Drops what was left so far.
  void Forget() {
    NewLeaves("keys");
    NewLeaves("records");
  }
  std::vector<LeafKind> NewKinds(const std::string& store) {
    std::vector<LeafKind> kinds;
    for (const Left& each : NewLeaves(store)) kinds.push_back(each.leaf.kind);
    return kinds;
  }

  std::unique_ptr<ConsumerHandle> HandleOf(const std::string& consumer) {
    const auto keys =
        KeyStore::Open(Connect("keys"), home_.provider(), home_.clock());
    return *(*keys)->Find(consumer);
  }

  ScratchVault home_;
  OutboxPosition last_;
};

TEST_F(VaultLeavesTest, ANewVaultTellsOfItsFirstEpoch) {
  const std::vector<Left> keys = NewLeaves("keys");

  ASSERT_THAT(keys, SizeIs(1));
  EXPECT_EQ(keys[0].leaf.kind, LeafKind::kEpochOpened);
  EXPECT_THAT(keys[0].leaf.numbers, ElementsAre(1));
  EXPECT_THAT(NewLeaves("records"), IsEmpty());
}

// A killed rotation leaves the object alone, and nothing in the log.
TEST_F(VaultLeavesTest, AnEpochThatWasFoundWithoutARowIsToldOfAsOthers) {
  ASSERT_TRUE(
      home_.provider().CreateEpoch("rosewater", 2, home_.clock().Now()).ok());
  Forget();

  const auto keys =
      KeyStore::Open(Connect("keys"), home_.provider(), home_.clock());
  ASSERT_TRUE((*keys)->Rotation().Rotate(nullptr).ok());

  const std::vector<Left> opened = NewLeaves("keys");
  ASSERT_THAT(opened, SizeIs(2));
  EXPECT_EQ(opened[0].leaf.kind, LeafKind::kEpochOpened);
  EXPECT_THAT(opened[0].leaf.numbers, ElementsAre(2));
  EXPECT_EQ(opened[1].leaf.kind, LeafKind::kEpochOpened);
  // 3 would go into the table of 1.
  EXPECT_THAT(opened[1].leaf.numbers, ElementsAre(4));
}

TEST_F(VaultLeavesTest, ABatchOfNewConsumersTellsOfTheirKeysAndThenOfThePuts) {
  Forget();
  home_.Put({"ada", "bo", "ada"}, "1", "calm");

  const std::vector<Left> keys = NewLeaves("keys");
  ASSERT_THAT(keys, SizeIs(1));
  EXPECT_EQ(keys[0].leaf.kind, LeafKind::kConsumerKeysMade);
  EXPECT_THAT(keys[0].leaf.numbers, ElementsAre(2));
  const std::vector<Left> records = NewLeaves("records");
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].leaf.kind, LeafKind::kRecordsPut);
  EXPECT_THAT(records[0].leaf.numbers, ElementsAre(2, 0));
  EXPECT_THAT(records[0].leaf.commitments, SizeIs(2));
  EXPECT_EQ(records[0].seen, last_.keys);
}

TEST_F(VaultLeavesTest, PutsOfKnownConsumersTellOfNoKeys) {
  home_.Put({"ada"}, "1", "calm");
  Forget();
  home_.Put({"ada"}, "2", "calm");
  home_.Put({"ada"}, "1", "calmer");

  EXPECT_THAT(NewLeaves("keys"), IsEmpty());
  const std::vector<Left> records = NewLeaves("records");
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_THAT(records[0].leaf.numbers, ElementsAre(1, 0));
  EXPECT_THAT(records[1].leaf.numbers, ElementsAre(0, 1));
}

TEST_F(VaultLeavesTest, WhatChangesNothingLeavesNothing) {
  home_.Put({"ada"}, "1", "calm");
  Forget();
  home_.Put({"ada"}, "1", "calm");
  home_.Put({}, "1", "calm");
  EXPECT_TRUE(home_.vault().CountRows("ada").ok());
  EXPECT_TRUE(home_.vault()
                  .Scan("ada", [](const auto&,
                                  const auto&) { return absl::OkStatus(); })
                  .ok());
  EXPECT_TRUE(home_.vault().FinishErasures().ok());
  EXPECT_TRUE(absl::IsNotFound(home_.vault().Erase("bo").status()));
  EXPECT_TRUE(home_.OpenAnother().ok());

  EXPECT_THAT(NewLeaves("keys"), IsEmpty());
  EXPECT_THAT(NewLeaves("records"), IsEmpty());
}

TEST_F(VaultLeavesTest, AnErasureTellsOfTheKeyAndThenOfTheRows) {
  home_.Put({"ada"}, "1", "calm");
  home_.Put({"ada"}, "1", "calmer");
  Forget();
  const OutboxPosition before = last_;
  const std::unique_ptr<ConsumerHandle> ada = HandleOf("ada");

  const Erasure erasure = *home_.vault().Erase("ada");

  const std::vector<Left> keys = NewLeaves("keys");
  ASSERT_THAT(keys, SizeIs(1));
  EXPECT_EQ(keys[0].leaf.kind, LeafKind::kConsumerKeyDestroyed);
  EXPECT_EQ(keys[0].seen, before.records);
  EXPECT_EQ(keys[0].bytes, erasure.key.leaf);
  EXPECT_EQ(last_.keys, erasure.key.entry);
  ASSERT_THAT(keys[0].leaf.commitments, SizeIs(2));
  const auto secret = DeriveKey(*ada->key, "stable secret", {});
  EXPECT_EQ(keys[0].leaf.commitments[0], Prf(*secret, kTombstoneLabel, {}));
  EXPECT_TRUE(VerifyCommitment(keys[0].leaf.commitments[1], erasure.key.opening,
                               kLeafConsumerLabel, {"ada", ""})
                  .ok());
  EXPECT_FALSE(VerifyCommitment(keys[0].leaf.commitments[1],
                                erasure.key.opening, kLeafConsumerLabel,
                                {"bo", ""})
                   .ok());
  const std::vector<Left> records = NewLeaves("records");
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].leaf.kind, LeafKind::kRecordsDeleted);
  EXPECT_THAT(records[0].leaf.numbers, ElementsAre(2));
  EXPECT_EQ(records[0].seen, erasure.key.entry);
}

TEST_F(VaultLeavesTest, TheLogTellsAConsumersLifeInItsOrder) {
  Forget();
  const OutboxPosition after = last_;
  home_.Put({"ada"}, "1", "calm");
  home_.Put({"ada"}, "2", "calm");
  ASSERT_TRUE(home_.vault().Erase("ada").ok());

  const std::unique_ptr<Connection> keys = Connect("keys");
  const std::unique_ptr<Connection> records = Connect("records");
  Outbox key_outbox = *Outbox::Open(*keys);
  Outbox record_outbox = *Outbox::Open(*records);
  const LogBatch batch = *ReadBatch(key_outbox, record_outbox, after);
  std::vector<LeafKind> kinds;
  for (size_t i = 0; i < batch.size(); ++i) {
    kinds.push_back(ParseLeaf(batch.entry(i))->kind);
  }

  EXPECT_THAT(
      kinds, ElementsAre(LeafKind::kConsumerKeysMade, LeafKind::kRecordsPut,
                         LeafKind::kRecordsPut, LeafKind::kConsumerKeyDestroyed,
                         LeafKind::kRecordsDeleted));
}

TEST_F(VaultLeavesTest, APutOfAnErasedConsumerLeavesNothing) {
  home_.Put({"ada"}, "1", "calm");
  ASSERT_TRUE(home_.vault().Erase("ada").ok());
  Forget();
  home_.Put({"ada"}, "2", "calm");

  EXPECT_THAT(NewLeaves("keys"), IsEmpty());
  EXPECT_THAT(NewLeaves("records"), IsEmpty());
}

TEST_F(VaultLeavesTest, AnInterruptedErasureTellsOfTheRowsOnceItIsFinished) {
  home_.Put({"ada"}, "1", "calm");
  Forget();
  ASSERT_TRUE(
      (*KeyStore::Open(Connect("keys"), home_.provider(), home_.clock()))
          ->Erase("ada", 0)
          .ok());
  EXPECT_THAT(NewKinds("keys"), ElementsAre(LeafKind::kConsumerKeyDestroyed));
  EXPECT_THAT(NewKinds("records"), IsEmpty());

  ASSERT_TRUE(home_.vault().FinishErasures().ok());

  EXPECT_THAT(NewKinds("keys"), IsEmpty());
  EXPECT_THAT(NewKinds("records"), ElementsAre(LeafKind::kRecordsDeleted));
}

TEST_F(VaultLeavesTest, RowsThatAnErasureOvertookAreToldOfTwice) {
  home_.Put({"ada"}, "1", "calm");
  ASSERT_TRUE(home_.vault().Erase("ada").ok());
  home_.Put({"bo"}, "1", "calm");
  Forget();
  bool is_first = true;
  const auto slow = *Vault::Open(
      Connect("keys"),
      std::make_unique<WatchedConnection>(
          Connect("records"),
          [&](const std::string& sql) {
            // The put is about to commit; the key goes first.
            if (sql == "COMMIT" && std::exchange(is_first, false)) {
              EXPECT_TRUE((*KeyStore::Open(Connect("keys"), home_.provider(),
                                           home_.clock()))
                              ->Erase("bo", 0)
                              .ok());
            }
            return absl::OkStatus();
          }),
      home_.provider(), home_.clock());
  EXPECT_TRUE(ScratchVault::PutInto(*slow, {"bo"}, "2", "calm").ok());

  EXPECT_FALSE(is_first);
  EXPECT_THAT(NewKinds("keys"), ElementsAre(LeafKind::kConsumerKeyDestroyed));
  EXPECT_THAT(NewKinds("records"),
              ElementsAre(LeafKind::kRecordsPut, LeafKind::kRecordsDeleted));
}

TEST_F(VaultLeavesTest, ADatabaseThatFailsToCommitLeavesNeitherRowNorLeaf) {
  home_.Put({"ada"}, "1", "calm");
  Forget();
  const auto failing = *Vault::Open(
      Connect("keys"),
      std::make_unique<WatchedConnection>(
          Connect("records"),
          [](const std::string& sql) {
            return sql == "COMMIT" ? absl::UnavailableError("disk full")
                                   : absl::OkStatus();
          }),
      home_.provider(), home_.clock());
  const int64_t rows = home_.RowsHeld();

  EXPECT_TRUE(absl::IsUnavailable(
      ScratchVault::PutInto(*failing, {"ada"}, "2", "calm").status()));

  EXPECT_EQ(home_.RowsHeld(), rows);
  EXPECT_THAT(NewLeaves("records"), IsEmpty());
}

// What leads to a consumer, and what a careless leaf might hold of it.
TEST_F(VaultLeavesTest, NoLeafHoldsAReferenceAKeyIdOrADigestOfOne) {
  std::vector<std::string> secrets;
  for (const std::string consumer : {"canary-ada", "canary-bo"}) {
    home_.Put({consumer}, "canary-record", "canary-note");
    const std::unique_ptr<ConsumerHandle> handle = HandleOf(consumer);
    secrets.push_back(handle->data_ref);
    secrets.push_back(handle->consumer_ref);
    secrets.emplace_back(
        reinterpret_cast<const char*>(handle->key_ref.id.data()),
        handle->key_ref.id.size());
    secrets.push_back(consumer);
  }
  ASSERT_TRUE(home_.vault().Erase("canary-bo").ok());
  last_ = {};
  std::string leaves;
  std::string a_tag;
  for (const char* store : {"keys", "records"}) {
    for (const Left& each : NewLeaves(store)) {
      leaves += each.bytes;
      a_tag = each.leaf.tag;
    }
  }

  EXPECT_FALSE(absl::StrContains(leaves, "canary"));
  const auto is_found = [&leaves](absl::string_view bytes) {
    return absl::StrContains(leaves, bytes.substr(0, 16));
  };
  Sha256 sha256;
  for (const std::string& secret : secrets) {
    const auto digest = sha256.Digest({secret});
    EXPECT_FALSE(is_found(secret));
    EXPECT_FALSE(is_found(absl::string_view(
        reinterpret_cast<const char*>(digest.data()), digest.size())));
    for (const size_t size : {16, 32}) {
      EXPECT_FALSE(is_found(PlainBlake2b(size, "", {secret})));
    }
  }
  // The search does find what is there.
  EXPECT_TRUE(is_found(a_tag));
}

}  // namespace
}  // namespace subrosa
