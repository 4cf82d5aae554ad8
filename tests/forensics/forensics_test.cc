// What is left of an erased consumer: in the files of the home, in the memory
// of the process that erased them, and in older copies of both databases once
// their epoch is retired. The test looks with all that an intruder could have:
// the files, the present keyring and its passphrase.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/crypto/envelope.h"
#include "src/crypto/keyring.h"
#include "src/crypto/random_bytes.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/unsafe_secret_access.h"
#include "src/steward/home.h"
#include "src/steward/home_backup.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_store.h"
#include "src/vault/part_erasure.h"
#include "src/vault/part_selection.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"
#include "tests/forensics/old_copies.h"
#include "tests/forensics/traces.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr absl::string_view kVictim = "canary-consumer-ada";
constexpr int kRecords = 40;
constexpr int kMany = 300;
constexpr size_t kJournalBytes = 9000;
// Long values lie on several pages: pieces of them are looked for.
constexpr size_t kPieceBytes = 48;
constexpr size_t kBetweenPieces = 700;

std::string Canary() {
  return absl::StrCat("canary ", absl::BytesToHexString(RandomBytes(12)));
}

absl::string_view View(const KeyId& id) {
  return absl::string_view(reinterpret_cast<const char*>(id.data()), id.size());
}

class ForensicsTest : public testing::Test {
 protected:
  // The victim has records, old revisions and long ones; so has somebody else.
  ForensicsTest() : backups_(home_.folder() + "-backups") {
    fs::create_directory(backups_);
    planted_.Add("account id", kVictim);
    PutRecords(std::string(kVictim));
    PutRecords("bea");
  }
  // So that the directory fills pages of its own.
  void PutManyOthers() {
    std::vector<v1::HealthRecord> records;
    for (int i = 0; i < 100; ++i) {
      v1::MoodCheckIn mood;
      mood.set_score(3);
      records.push_back(RecordOf(absl::StrCat("other-", i), "1", mood));
    }
    home_.Put(records);
  }
  ~ForensicsTest() override { fs::remove_all(backups_); }

  void PutRecords(const std::string& consumer) {
    std::vector<v1::HealthRecord> records;
    for (int i = 0; i < kRecords; ++i) {
      v1::MoodCheckIn mood;
      mood.set_note(Plant());
      // Twice the same ids: the first ones become old revisions.
      records.push_back(
          RecordOf(consumer, absl::StrCat(i % (kRecords / 2)), mood));
    }
    for (int i = 0; i < 4; ++i) {
      v1::JournalEntry journal;
      std::string text;
      while (text.size() < kJournalBytes) absl::StrAppend(&text, Plant(), ". ");
      journal.set_text(text);
      records.push_back(RecordOf(consumer, absl::StrCat("j", i), journal));
    }
    home_.Put(records);
  }

  std::string Plant() {
    std::string canary = Canary();
    planted_.Add("plaintext", canary);
    return canary;
  }

  // Adds what rests of the victim now. `key` alone: their key's bytes.
  void TakeTraces(const std::string& name, Traces* traces, bool key_alone) {
    const auto keyring =
        Keyring::Open(KeyringOf(home_.folder()), home_.passphrase());
    auto database = OpenKeyDatabase(home_.folder());
    ASSERT_TRUE(keyring.ok() && database.ok());
    const auto keys =
        KeyStore::Open(*std::move(database), **keyring, home_.clock());
    ASSERT_TRUE(keys.ok()) << keys.status();
    const auto handle = (*keys)->Find(kVictim);
    ASSERT_TRUE(handle.ok()) << handle.status();
    traces->Add(
        name + ": key",
        absl::string_view(reinterpret_cast<const char*>(
                              (*handle)->key->Bytes(UnsafeSecretAccess::Get())),
                          kSecretKeyBytes));
    if (key_alone) return;
    rested_.Add(name + ": key id", View((*handle)->key_ref.id));
    const auto wrapped = (*keys)->database().Prepare(
        "SELECT wrapped FROM consumer_key WHERE key_id = $1");
    (*wrapped)->BindBytes(1, View((*handle)->key_ref.id));
    while (*(*wrapped)->Step()) {
      rested_.Add(name + ": wrapped key", (*wrapped)->ColumnBytes(0));
    }
    const auto records = OpenRecordDatabase(home_.folder());
    const auto rows = (*records)->Prepare(
        "SELECT record_ref, digest, row_tag, envelope FROM record"
        " WHERE data_ref = $1");
    (*rows)->BindBytes(1, (*handle)->data_ref);
    while (*(*rows)->Step()) {
      rested_.Add(name + ": record ref", (*rows)->ColumnBytes(0));
      rested_.Add(name + ": digest", (*rows)->ColumnBytes(1));
      rested_.Add(name + ": row tag", (*rows)->ColumnBytes(2));
      const absl::string_view envelope = (*rows)->ColumnBytes(3);
      for (size_t at = 100; at + kPieceBytes <= envelope.size();
           at += kBetweenPieces) {
        rested_.Add(name + ": envelope", envelope.substr(at, kPieceBytes));
      }
    }
  }

  // What stands in `column` of either directory now.
  std::vector<std::string> Directory(const std::string& column) {
    std::vector<std::string> values;
    const auto database = OpenKeyDatabase(home_.folder());
    for (const char* table : {"directory_odd", "directory_even"}) {
      const auto read = (*database)->Prepare(
          absl::StrCat("SELECT ", column, " FROM ", table));
      while (*(*read)->Step()) values.emplace_back((*read)->ColumnBytes(0));
    }
    return values;
  }

  void Rotate() { ASSERT_TRUE(home_.steward().Custody().Rotate(nullptr).ok()); }
  void Retire() {
    home_.clock().Advance(absl::Hours(24 * 60));
    const auto retired = home_.steward().Custody().Retire();
    ASSERT_TRUE(retired.ok()) << retired.status();
    ASSERT_EQ(retired->size(), 1u);
  }
  void EraseVictim() {
    const auto erased = home_.Erase(std::string(kVictim));
    ASSERT_TRUE(erased.ok()) << erased.status();
    EXPECT_EQ(home_.steward().FinishErasures(nullptr).value(), kRecords + 4);
  }

  void BackUp() {
    BackupOptions options;
    options.records_file = backups_ + "/records.db";
    options.keys_file = backups_ + "/keys.db";
    ASSERT_TRUE(BackUpHome(home_.folder(), options).ok());
  }

  // How many of the victim's rows open out of the copies.
  OldCopiesReport Attack() {
    const auto keyring =
        Keyring::Open(KeyringOf(home_.folder()), home_.passphrase());
    EXPECT_TRUE(keyring.ok()) << keyring.status();
    OldCopies copies;
    copies.keys_file = backups_ + "/keys.db";
    copies.records_file = backups_ + "/records.db";
    copies.present_keys_file = KeyStoreOf(home_.folder());
    copies.consumer = std::string(kVictim);
    auto report = OpenOldCopies(copies, **keyring, home_.clock());
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : OldCopiesReport();
  }

  ScratchHome home_;
  const std::string backups_;
  Traces planted_;  // What may rest nowhere, ever.
  Traces rested_;   // What rested of the victim, and has to be gone.
};

TEST_F(ForensicsTest, AfterAnErasureNoFileHoldsAnythingOfTheConsumer) {
  PutManyOthers();
  Traces key;
  TakeTraces("first epoch", &key, false);
  Traces old_directory;
  for (const std::string& pointer : Directory("pointer")) {
    old_directory.Add("pointer of the first epoch", pointer);
  }
  Rotate();
  EXPECT_EQ(old_directory.size(), 102u);
  EXPECT_THAT(old_directory.FindInFiles(home_.folder()), IsEmpty());
  TakeTraces("second epoch", &key, false);
  const std::vector<std::string> tokens = Directory("token");
  const std::vector<std::string> pointers = Directory("pointer");
  // So that the search can fail: most of it is found while it rests.
  const std::vector<std::string> before = rested_.FindInFiles(home_.folder());
  EXPECT_GT(before.size(), rested_.size() * 3 / 4);
  EXPECT_THAT(before, Contains(HasSubstr("second epoch: wrapped key")));
  EXPECT_THAT(before, Not(Contains(HasSubstr("first epoch: wrapped key"))));

  EraseVictim();

  for (const bool is_open : {true, false}) {
    if (!is_open) home_.Close();
    EXPECT_THAT(rested_.FindInFiles(home_.folder()), IsEmpty()) << is_open;
    EXPECT_THAT(planted_.FindInFiles(home_.folder()), IsEmpty()) << is_open;
    EXPECT_THAT(key.FindInFiles(home_.folder()), IsEmpty()) << is_open;
  }
  Traces entry;
  const std::vector<std::string> tokens_left = Directory("token");
  const std::vector<std::string> pointers_left = Directory("pointer");
  for (const std::string& token : tokens) {
    if (testing::Matches(Not(Contains(token)))(tokens_left)) {
      entry.Add("directory token", token);
    }
  }
  for (const std::string& pointer : pointers) {
    if (testing::Matches(Not(Contains(pointer)))(pointers_left)) {
      entry.Add("directory pointer", pointer);
    }
  }
  EXPECT_EQ(entry.size(), 2u);
  home_.Close();
  EXPECT_THAT(entry.FindInFiles(home_.folder()), IsEmpty());
}

TEST_F(ForensicsTest, ARemainderThatIsPlantedIsFoundInEachForm) {
  Traces key;
  TakeTraces("now", &key, true);
  const std::string secret = RandomBytes(kSecretKeyBytes);
  key.Add("planted", secret);
  fs::create_directory(home_.folder() + "/log/incoming/deep");

  for (const std::string& form :
       {secret, absl::BytesToHexString(secret), "x" + secret + "y"}) {
    const std::string path = home_.folder() + "/log/incoming/deep/left";
    std::FILE* const file = std::fopen(path.c_str(), "w");
    std::fwrite(form.data(), 1, form.size(), file);
    std::fclose(file);

    EXPECT_THAT(key.FindInFiles(home_.folder()),
                testing::ElementsAre("planted in log/incoming/deep/left"));
  }
}

TEST_F(ForensicsTest, AnErasedConsumersKeyIsInNoMemory) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  GTEST_SKIP() << "a sanitizer keeps freed memory";
#endif
#endif
  Traces key;
  TakeTraces("now", &key, true);
  // Reading makes the home keep the key for a while.
  EXPECT_TRUE(
      home_.steward().Get("mood-tracking", kVictim, "ios-app", "1").ok());
  EXPECT_THAT(key.FindInMemory(), testing::ElementsAre("now: key"));

  EraseVictim();

  EXPECT_THAT(key.FindInMemory(), IsEmpty());
}

TEST_F(ForensicsTest,
       OldCopiesOfBothStoresYieldNothingOnceTheirEpochIsRetired) {
  BackUp();
  EraseVictim();
  Rotate();
  // Until then they do, so that the intruder is known to know the way.
  const OldCopiesReport before = Attack();
  EXPECT_TRUE(before.home_opens);
  EXPECT_EQ(before.epochs_opened, 1);
  EXPECT_GE(before.keys_opened, 2);
  EXPECT_EQ(before.rows_opened, kRecords + 4);
  EXPECT_TRUE(before.consumer_found);

  Retire();

  const OldCopiesReport after = Attack();
  EXPECT_FALSE(after.home_opens);
  EXPECT_EQ(after.epochs_opened, 0);
  EXPECT_EQ(after.keys_opened, 0);
  EXPECT_EQ(after.rows_opened, 0);
  EXPECT_FALSE(after.consumer_found);
  EXPECT_GT(after.tries, kRecords);
}

TEST_F(ForensicsTest, AfterAPartIsErasedWhatStoodUnderTheOldKeyIsGoneInSteps) {
  BackUp();
  Traces key;
  TakeTraces("first version", &key, false);
  PartSelection selection;
  selection.source = "ios-app";
  selection.id = "3";

  const auto erased = home_.steward().Parts().Begin(kVictim, selection);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(erased->erased, 2);
  ASSERT_TRUE(home_.steward().Parts().Continue(10000)->is_done);

  // What stays was resealed, and stands under other references. The version is
  // kept until its day, for a copy of the record store that may be put back.
  EXPECT_TRUE(absl::IsNotFound(
      home_.steward().Get("mood-tracking", kVictim, "ios-app", "3").status()));
  EXPECT_TRUE(
      home_.steward().Get("mood-tracking", kVictim, "ios-app", "4").ok());
  // A page's slack may keep a row that was sealed under it, as such a copy
  // does.
  EXPECT_LT(rested_.FindInFiles(home_.folder()).size(), rested_.size() / 5);
  EXPECT_EQ(Attack().rows_opened, kRecords + 4);

  home_.clock().Advance(absl::Hours(24 * 60));
  EXPECT_EQ(*home_.steward().Parts().DestroyDue(), 1);
  EXPECT_THAT(rested_.FindInFiles(home_.folder()),
              Not(Contains(HasSubstr("wrapped key"))));
  EXPECT_THAT(key.FindInFiles(home_.folder()), IsEmpty());
  EXPECT_THAT(planted_.FindInFiles(home_.folder()), IsEmpty());

  // In a backup of the key store until its epoch is retired; then nowhere,
  // though the consumer is held.
  EXPECT_EQ(Attack().rows_opened, kRecords + 4);
  Rotate();
  Retire();
  EXPECT_EQ(Attack().rows_opened, 0);
  EXPECT_TRUE(
      home_.steward().Get("mood-tracking", kVictim, "ios-app", "4").ok());
}

TEST_F(ForensicsTest, TheLivingOpenOutOfNoOldCopyOfTheKeyStoreEither) {
  BackUp();
  Rotate();
  Retire();

  // Their key is in the present key store, and opens the old record store.
  const OldCopiesReport after = Attack();
  EXPECT_EQ(after.keys_opened, 0);
  EXPECT_EQ(after.rows_opened, kRecords + 4);
}

// Pages are split and merged as rows come and go; what they leave in a page's
// slack would outlive its row.
TEST(ManyErasuresTest, NoPageKeepsAKeyOrAnEntryOfAnyOfThem) {
  ScratchVault scratch;
  std::vector<std::string> names;
  for (int i = 0; i < kMany; ++i) names.push_back(absl::StrCat("c-", i));
  scratch.Put(names, "1", "note");
  const auto read = [&](const std::string& sql) {
    std::set<std::string> values;
    const auto database = OpenSqlite(scratch.PathOf("keys"), {});
    const auto rows = (*database)->Prepare(sql);
    while (*(*rows)->Step()) values.emplace((*rows)->ColumnBytes(0));
    return values;
  };
  const char* const kWanted[] = {"SELECT wrapped FROM consumer_key",
                                 "SELECT pointer FROM directory_odd",
                                 "SELECT token FROM directory_odd"};
  std::vector<std::set<std::string>> before;
  for (const char* sql : kWanted) before.push_back(read(sql));
  std::mt19937 random(1);
  std::shuffle(names.begin(), names.end(), random);
  for (int i = 0; i < kMany * 9 / 10; ++i) {
    ASSERT_TRUE(scratch.vault().Erase(names[i]).ok());
    if (i % 10 == 0) scratch.Put({absl::StrCat("new-", i)}, "1", "note");
  }

  Traces gone;
  for (size_t i = 0; i < before.size(); ++i) {
    const std::set<std::string> after = read(kWanted[i]);
    for (const std::string& value : before[i]) {
      if (after.count(value) == 0) gone.Add(kWanted[i], value);
    }
  }
  EXPECT_EQ(gone.size(), before.size() * (kMany * 9 / 10));
  std::ifstream file(scratch.PathOf("keys"), std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
  EXPECT_THAT(gone.FindIn(content), IsEmpty());
}

}  // namespace
}  // namespace subrosa
