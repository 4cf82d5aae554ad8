// Plays the intruder who would say what an erased consumer held. He has copies
// of both databases of several days, the home as it is now, the log, the
// consumers' own certificates, the evidence that is kept, a list of everybody's
// account ids, and guesses of what somebody may have written; and, beyond what
// a thief has, the present keyring and its passphrase. The epoch of the copies
// is retired.
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/audit/log_reader.h"
#include "src/audit/sequencer.h"
#include "src/base/clock.h"
#include "src/crypto/keyring.h"
#include "src/crypto/plain_blake2b.h"
#include "src/crypto/prf.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/sha256.h"
#include "src/steward/home.h"
#include "src/steward/home_backup.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/entity_keys.h"
#include "src/vault/evidence_store.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_store.h"
#include "src/vault/key_tables.h"
#include "src/vault/stable_secret.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

using testing::IsEmpty;

constexpr int kKnownIds = 4000;
constexpr int kConsumers = 24;
constexpr int kErased = 8;
constexpr int kRecordsEach = 3;
constexpr size_t kReference = 16;

std::string IdOf(int number) { return absl::StrCat("c-", number); }
// The consumers among the known ids; the first kErased will be erased.
std::string ConsumerAt(int i) { return IdOf(i * 150 + 7); }

// What consumer `i` holds: one kind of record or another, of one length.
v1::HealthRecord RecordOfConsumer(int i, int number) {
  if (i % 2 == 0) {
    v1::MoodCheckIn mood;
    mood.set_score(1 + i % 9);
    return RecordOf(ConsumerAt(i), absl::StrCat(number), mood);
  }
  v1::JournalEntry journal;
  journal.set_text("x");
  return RecordOf(ConsumerAt(i), absl::StrCat(number), journal);
}

// Where a value of 16 bytes or more stands: "records-1.db record.digest". By
// its first 16 bytes, so that a digest that was cut is found too.
using Places = absl::flat_hash_map<std::string, std::set<std::string>>;

void AddBlobs(const std::string& path, Places* places) {
  SqliteOptions options;
  options.read_only = true;
  const auto database = OpenSqlite(path, options);
  ASSERT_TRUE(database.ok()) << database.status();
  const auto columns = (*database)->Prepare(
      "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c"
      " WHERE t.type = 'table' AND t.name NOT IN ('installation', 'log')");
  std::vector<std::pair<std::string, std::string>> names;
  while (*(*columns)->Step()) {
    names.emplace_back((*columns)->ColumnBytes(0), (*columns)->ColumnBytes(1));
  }
  for (const auto& [table, column] : names) {
    const auto rows = (*database)->Prepare(
        absl::StrCat("SELECT ", column, " FROM ", table, " WHERE typeof(",
                     column, ") = 'blob' AND length(", column, ") >= 16"));
    while (*(*rows)->Step()) {
      (*places)[std::string((*rows)->ColumnBytes(0).substr(0, kReference))]
          .insert(absl::StrCat(fs::path(path).filename().string(), " ", table,
                               ".", column));
    }
  }
}

class IntruderTest : public testing::Test {
 protected:
  IntruderTest() : backups_(home_.folder() + "-backups") {
    fs::create_directory(backups_);
    std::vector<v1::HealthRecord> records;
    for (int i = 0; i < kConsumers; ++i) {
      for (int number = 0; number < kRecordsEach; ++number) {
        records.push_back(RecordOfConsumer(i, number));
      }
    }
    home_.Put(records);
    pseudonym_ = *home_.steward().PseudonymOf(ConsumerAt(0), "lab", "2026");
    BackUp(1);
    home_.clock().Advance(absl::Hours(24));
    for (int i = 0; i < kErased; ++i) {
      EvidenceItem item;
      item.label.kind = "authorization";
      item.label.clause = "rcw-19.373.070";
      item.label.expires_day = DayOf(home_.clock().Now()) + 700;
      item.content = "signed authorization";
      EXPECT_TRUE(home_.steward().Evidence().Keep(ConsumerAt(i), item).ok());
    }
    LearnTruth();
  }
  ~IntruderTest() override { fs::remove_all(backups_); }

  std::string CopyOf(const std::string& store, int number) const {
    return absl::StrCat(backups_, "/", store, "-", number, ".db");
  }
  void BackUp(int number) {
    ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());
    BackupOptions options;
    options.records_file = CopyOf("records", number);
    options.keys_file = CopyOf("keys", number);
    ASSERT_TRUE(BackUpHome(home_.folder(), options).ok());
  }

  // Calls `use` with the present key store.
  template <typename Use>
  void WithKeys(Use use) {
    const auto keyring =
        Keyring::Open(KeyringOf(home_.folder()), home_.passphrase());
    ASSERT_TRUE(keyring.ok()) << keyring.status();
    auto keys = KeyStore::Open(*OpenKeyDatabase(home_.folder()), **keyring,
                               home_.clock());
    ASSERT_TRUE(keys.ok()) << keys.status();
    use(**keys);
  }

  // Of whom each data_ref is, which no intruder knows.
  void LearnTruth() {
    WithKeys([&](KeyStore& keys) {
      for (int i = 0; i < kConsumers; ++i) {
        truth_[(*keys.Find(ConsumerAt(i)))->data_ref] = i;
      }
    });
  }

  void Erase(int i) {
    const auto leaf = home_.Erase(ConsumerAt(i));
    ASSERT_TRUE(leaf.ok()) << leaf.status();
    ASSERT_TRUE(home_.steward().FinishErasures(nullptr).ok());
    order_.push_back(i);
    leaf_of_[i] = *leaf;
  }
  // In an order of the test's own; then a copy of that day.
  void EraseAll() {
    for (int i = 0; i < kErased; ++i) Erase(i * 3 % kErased);
    BackUp(2);
  }
  void RotateAndRetire() {
    ASSERT_TRUE(home_.steward().Custody().Rotate(nullptr).ok());
    home_.clock().Advance(absl::Hours(24 * 60));
    ASSERT_EQ(home_.steward().Custody().Retire()->size(), 1u);
    ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());
  }

  // All blobs of all copies and of the home.
  Places AllPlaces() {
    Places places;
    for (const int number : {1, 2}) {
      AddBlobs(CopyOf("keys", number), &places);
      AddBlobs(CopyOf("records", number), &places);
    }
    AddBlobs(KeyStoreOf(home_.folder()), &places);
    AddBlobs(RecordStoreOf(home_.folder()), &places);
    return places;
  }

  std::vector<std::pair<uint64_t, Leaf>> Leaves() {
    std::vector<std::pair<uint64_t, Leaf>> leaves;
    const auto log = ReadHomeLog(home_.folder());
    auto reader = LogReader::Open(LogFolderOf(home_.folder()), kCheckpointFile,
                                  log->keys);
    EXPECT_TRUE(reader.ok()) << reader.status();
    EXPECT_TRUE(reader
                    ->VisitEntries(0, reader->checkpoint().size,
                                   [&](uint64_t index, absl::string_view leaf) {
                                     leaves.emplace_back(index,
                                                         *ParseLeaf(leaf));
                                     return absl::OkStatus();
                                   })
                    .ok());
    return leaves;
  }

  // Where anything stands that he can compute of consumer `i`: with digests of
  // their id and their records, without a key, with every consumer's key that
  // is left, and with the present keys of the entity.
  std::set<std::string> Computed(int i, const Places& places) {
    std::set<std::string> found;
    const auto look = [&](absl::string_view value) {
      const auto at = places.find(std::string(value.substr(0, kReference)));
      if (at != places.end())
        found.insert(at->second.begin(), at->second.end());
    };
    const std::string id = ConsumerAt(i);
    Sha256 sha256;
    const auto look_unkeyed = [&](absl::string_view text) {
      const std::array<uint8_t, 32> digest = sha256.Digest({text});
      look({reinterpret_cast<const char*>(digest.data()), digest.size()});
      look(PlainBlake2b(32, "", {text}));
      look(PlainBlake2b(16, "", {text}));
    };
    const auto look_prf = [&](const std::array<uint8_t, kPrfBytes>& prf) {
      look({reinterpret_cast<const char*>(prf.data()), prf.size()});
    };
    std::vector<std::string> answers;
    for (int number = 0; number < kRecordsEach; ++number) {
      answers.push_back(RecordOfConsumer(i, number).SerializeAsString());
    }
    look_unkeyed(id);
    for (const std::string& answer : answers) {
      look_unkeyed(answer);
      look_unkeyed(id + answer);
    }
    WithKeys([&](KeyStore& keys) {
      EXPECT_TRUE(
          VisitConsumerKeys(keys.Tables(), [&](const KeyRef& ref,
                                               const SecretKey& key,
                                               absl::string_view carried) {
            for (int number = 0; number < kRecordsEach; ++number) {
              look_prf(
                  Prf(key, "record ref", {"ios-app", absl::StrCat(number)}));
              look_prf(Prf(key, "content", {answers[number]}));
            }
            look_prf(Prf(*StableSecretOf(keys.entity(), ref, key, carried),
                         "pseudonym", {"lab", "2026"}));
            return absl::OkStatus();
          }).ok());
      for (const EntityKeys* entity : keys.Tables().epochs.NewestFirst()) {
        const std::string inner = entity->InnerToken(id);
        look(inner);
        look(entity->DirectoryToken(inner));
        look(entity->SuppressionToken(inner));
      }
    });
    return found;
  }

  // The data_refs that the consumer with the certificate for leaf `index` may
  // have had, by all that is counted and dated: those who are in the first copy
  // and in the second no more, whose rows are as many as the log says were
  // deleted next, and who were due for deletion on the leaf's day.
  std::set<std::string> Candidates(uint64_t index) {
    uint64_t rows = 0;
    uint32_t day = 0;
    for (const auto& [at, leaf] : Leaves()) {
      if (at == index) day = leaf.day;
      if (at > index && leaf.kind == LeafKind::kRecordsDeleted && rows == 0) {
        rows = leaf.numbers[0];
      }
    }
    SqliteOptions options;
    options.read_only = true;
    const auto before = OpenSqlite(CopyOf("records", 1), options);
    const auto after = OpenSqlite(CopyOf("records", 2), options);
    const auto keys = OpenSqlite(CopyOf("keys", 2), options);
    const auto held = (*before)->Prepare(
        "SELECT data_ref, count(*) FROM record GROUP BY data_ref");
    const auto left =
        (*after)->Prepare("SELECT 1 FROM record WHERE data_ref = $1");
    const auto due = (*keys)->Prepare(
        "SELECT 1 FROM due_deletion WHERE data_ref = $1 AND day = $2");
    std::set<std::string> candidates;
    while (*(*held)->Step()) {
      const std::string data_ref((*held)->ColumnBytes(0));
      if (static_cast<uint64_t>((*held)->ColumnInt(1)) != rows) continue;
      (*left)->BindBytes(1, data_ref);
      (*due)->BindBytes(1, data_ref);
      (*due)->BindInt(2, day);
      const bool stays = *(*left)->Step();
      const bool is_due = *(*due)->Step();
      (*left)->Reset();
      (*due)->Reset();
      if (!stays && is_due) candidates.insert(data_ref);
    }
    return candidates;
  }

  ScratchHome home_;
  const std::string backups_;
  std::string pseudonym_;
  std::map<std::string, int> truth_;
  std::vector<int> order_;  // In which they were erased.
  std::map<int, uint64_t> leaf_of_;
};

TEST_F(IntruderTest, NothingThatHeCanComputeOfAnErasedConsumerStandsInACopy) {
  EraseAll();
  RotateAndRetire();
  const Places places = AllPlaces();

  for (int i = 0; i < kErased; ++i) {
    for (const std::string& place : Computed(i, places)) {
      // That they were erased is what suppression is for. What the living hold
      // is found with their own keys, whomever he asks about.
      EXPECT_TRUE(absl::EndsWith(place, "suppression.token") ||
                  absl::EndsWith(place, "record.record_ref"))
          << i << ": " << place;
    }
  }
}

TEST_F(IntruderTest, OfSomebodyWhoIsHeldHeFindsWhereTheyStand) {
  EraseAll();
  RotateAndRetire();

  const std::set<std::string> found = Computed(kErased, AllPlaces());

  EXPECT_THAT(found, testing::Contains("keys.db directory_even.token"));
  EXPECT_THAT(found, testing::Contains("records.db record.digest"));
  EXPECT_THAT(found, testing::Contains("records-1.db record.digest"));
}

TEST_F(IntruderTest, AStrangerLooksNoDifferentFromAnErasedConsumer) {
  EraseAll();
  RotateAndRetire();
  const Places places = AllPlaces();

  std::set<std::string> of_strangers;
  for (int i = kConsumers; i < kConsumers + 20; ++i) {
    const std::set<std::string> found = Computed(i, places);
    of_strangers.insert(found.begin(), found.end());
  }
  for (int i = 0; i < kErased; ++i) {
    std::set<std::string> found = Computed(i, places);
    for (auto at = found.begin(); at != found.end();) {
      at = absl::EndsWith(*at, "suppression.token") ? found.erase(at)
                                                    : std::next(at);
    }
    EXPECT_EQ(found, of_strangers) << i;
  }
}

TEST_F(IntruderTest, OfAllKnownIdsTheErasedShowAsErasedAndInNoOldDirectory) {
  EraseAll();
  RotateAndRetire();
  const Places places = AllPlaces();
  std::set<std::string> suppressed;
  std::set<std::string> directories;
  WithKeys([&](KeyStore& keys) {
    const EntityKeys& entity = *keys.Tables().epochs.NewestFirst().front();
    for (int number = 0; number < kKnownIds; ++number) {
      const std::string inner = entity.InnerToken(IdOf(number));
      if (places.contains(
              entity.SuppressionToken(inner).substr(0, kReference))) {
        suppressed.insert(IdOf(number));
      }
      const auto entry =
          places.find(entity.DirectoryToken(inner).substr(0, kReference));
      if (entry == places.end()) continue;
      directories.insert(entry->second.begin(), entry->second.end());
    }
  });

  std::set<std::string> erased;
  for (int i = 0; i < kErased; ++i) erased.insert(ConsumerAt(i));
  EXPECT_EQ(suppressed, erased);
  EXPECT_THAT(directories,
              testing::ElementsAre("keys.db directory_even.token"));
}

TEST_F(IntruderTest, WhatIsKnownOfTheErasedLeadsToNoRowOfAnOldCopy) {
  EraseAll();
  RotateAndRetire();
  // By equal values: what stands in the log, and what is kept or remembered
  // after an erasure, against the rows of the first day.
  Places old;
  AddBlobs(CopyOf("keys", 1), &old);
  AddBlobs(CopyOf("records", 1), &old);
  std::vector<std::string> shared;
  for (const auto& [index, leaf] : Leaves()) {
    if (leaf.kind != LeafKind::kConsumerKeyDestroyed) continue;
    for (const Commitment& commitment : leaf.commitments) {
      const std::string value(reinterpret_cast<const char*>(commitment.data()),
                              kReference);
      if (old.contains(value)) shared.push_back(absl::StrCat("leaf ", index));
    }
    if (old.contains(leaf.tag)) shared.push_back(absl::StrCat("tag ", index));
  }
  Places later;
  AddBlobs(CopyOf("keys", 2), &later);
  AddBlobs(CopyOf("records", 2), &later);
  AddBlobs(KeyStoreOf(home_.folder()), &later);
  AddBlobs(RecordStoreOf(home_.folder()), &later);
  std::set<std::string> remembered;
  for (const auto& [value, places] : later) {
    if (!old.contains(value)) continue;
    for (const std::string& place : places) {
      if (absl::StrContains(place, " evidence.") ||
          absl::StrContains(place, " suppression.")) {
        shared.push_back(place);
      }
      if (absl::StrContains(place, " due_deletion.")) remembered.insert(value);
    }
  }
  EXPECT_THAT(shared, IsEmpty());
  // The data_refs of the erased, for 30 days: that somebody with these rows was
  // erased, and not who.
  EXPECT_EQ(remembered.size(), static_cast<size_t>(kErased));
  EXPECT_FALSE(old.contains(pseudonym_.substr(0, kReference)));
}

TEST_F(IntruderTest, NoOrderLeadsFromACertificateToADataRef) {
  EraseAll();
  SqliteOptions options;
  options.read_only = true;
  const auto keys = OpenSqlite(CopyOf("keys", 2), options);
  // The certificates are in the order of the erasures.
  std::vector<int> by_leaf = order_;
  std::sort(by_leaf.begin(), by_leaf.end(), [&](int one, int other) {
    return leaf_of_[one] < leaf_of_[other];
  });
  ASSERT_EQ(by_leaf, order_);

  const auto due = (*keys)->Prepare("SELECT data_ref FROM due_deletion");
  // Data_refs, and consumer_refs among them, of which nothing tells which.
  size_t data_refs = 0;
  std::vector<std::string> refs;
  while (*(*due)->Step()) {
    refs.emplace_back((*due)->ColumnBytes(0));
    data_refs += truth_.count(refs.back());
  }

  ASSERT_EQ(data_refs, static_cast<size_t>(kErased));
  ASSERT_EQ(refs.size(), 2 * data_refs);
  EXPECT_TRUE(std::is_sorted(refs.begin(), refs.end()));
  for (const char* table : {"due_deletion", "suppression"}) {
    EXPECT_FALSE(
        (*keys)->Prepare(absl::StrCat("SELECT rowid FROM ", table)).ok())
        << table;
  }
}

TEST_F(IntruderTest, CountsAndDaysLeadToAllWhoWereErasedAlikeAndToNoOneOfThem) {
  EraseAll();
  std::set<std::string> erased;
  for (const auto& [data_ref, consumer] : truth_) {
    if (consumer < kErased) erased.insert(data_ref);
  }

  for (const auto& [consumer, index] : leaf_of_) {
    EXPECT_EQ(Candidates(index), erased) << consumer;
  }
}

// What is left, and said so in the threat model.
TEST_F(IntruderTest, ANumberOfRowsThatOnlyOneHasIsFoundByWhoHasTheCertificate) {
  const int rare = kErased;
  for (int number = 0; number < 5; ++number) {
    home_.Put({RecordOfConsumer(rare, 10 + number)});
  }
  fs::remove(CopyOf("records", 1));
  fs::remove(CopyOf("keys", 1));
  BackUp(1);
  Erase(rare);
  EraseAll();

  const std::set<std::string> found = Candidates(leaf_of_[rare]);

  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(truth_[*found.begin()], rare);
}

}  // namespace
}  // namespace subrosa
