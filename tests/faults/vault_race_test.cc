// One process erases consumers while others put and get records of theirs with
// warm caches of keys. Each of the others looks, before it asks the vault,
// whether the erasure was acknowledged by then.
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/put_item.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "tests/faults/vault_home.h"
#include "tests/faults/vault_model.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

constexpr int kConsumers = 70;
constexpr int kErased = 60;
constexpr int kUsers = 2;
constexpr int kRecordsPerPut = 6;
constexpr int kUsesPerErasure = 6;
const absl::Time kStart = absl::FromUnixSeconds(1782864000);
constexpr absl::Duration kBusy = absl::Seconds(60);

std::string NameOf(int consumer) { return absl::StrCat("c", consumer); }

// What the processes tell each other.
struct Shared {
  std::atomic<int> warm{0};      // Users who have opened every key.
  std::atomic<int64_t> uses{0};  // Gets and puts so far.
  std::atomic<bool> acknowledged[kErased] = {};
  std::atomic<int> erasures{0};       // Acknowledged.
  std::atomic<int64_t> opened{0};     // Wrong: after the acknowledgement.
  std::atomic<int64_t> taken{0};      // Wrong: likewise.
  std::atomic<int64_t> failed{0};     // Wrong: errors that have no place here.
  std::atomic<int64_t> refused{0};    // Gets and puts, as they should be.
  std::atomic<int64_t> overtaken{0};  // Puts that an erasure overtook.
};

class VaultRaceTest : public testing::Test {
 protected:
  VaultRaceTest() {
    const std::string memory = "/dev/shm";
    std::string path =
        (fs::exists(memory) ? memory : testing::TempDir()) + "/race-XXXXXX";
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    folder_ = path;
    void* const memory_shared =
        mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(memory_shared, MAP_FAILED);
    shared_ = new (memory_shared) Shared;
  }
  ~VaultRaceTest() override {
    munmap(shared_, sizeof(Shared));
    fs::remove_all(folder_);
  }

  // In a process of its own, which opens the home itself: SQLite's connections
  // are no child's.
  pid_t Start(const std::function<bool(VaultHome&)>& act) {
    const pid_t child = fork();
    if (child != 0) return child;
    bool is_done = false;
    {
      VaultHome home(folder_, kStart, kBusy);
      is_done = act(home);
    }
    _exit(is_done ? 0 : 1);
  }
  static void Await(pid_t child) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }

  static bool Make(VaultHome& home) {
    if (!home.Create().ok() || !home.Open().ok()) return false;
    std::vector<v1::HealthRecord> records;
    for (int i = 0; i < kConsumers; ++i) {
      records.push_back(NumberedRecord(NameOf(i), "1", 1));
    }
    return home.Put(records).ok();
  }

  bool Use(VaultHome& home, uint32_t seed) {
    std::mt19937 random(seed);
    if (!home.Open().ok()) return false;
    for (int i = 0; i < kConsumers; ++i) {
      if (!home.vault().Get(NameOf(i), "ios-app", "1").ok()) return false;
    }
    ++shared_->warm;
    while (shared_->erasures < kErased) {
      const int consumer = static_cast<int>(random() % kConsumers);
      if (random() % 2 == 0) {
        Get(home.vault(), consumer);
      } else {
        Put(home, consumer, 2 + random() % 1000000);
      }
      ++shared_->uses;
    }
    for (int i = 0; i < kErased; ++i) {
      Get(home.vault(), i);
      Put(home, i, 1);
    }
    return true;
  }

  bool IsAcknowledged(int consumer) {
    return consumer < kErased && shared_->acknowledged[consumer];
  }

  void Get(Vault& vault, int consumer) {
    const bool was_erased = IsAcknowledged(consumer);
    const absl::Status got =
        vault.Get(NameOf(consumer), "ios-app", "1").status();
    if (got.ok()) {
      if (was_erased) ++shared_->opened;
    } else if (absl::IsNotFound(got) && consumer < kErased) {
      ++shared_->refused;
    } else {
      std::fprintf(stderr, "get: %s\n", got.ToString().c_str());
      ++shared_->failed;
    }
  }

  void Put(VaultHome& home, int consumer, int64_t number) {
    const bool was_erased = IsAcknowledged(consumer);
    // With somebody who stays, so that half of a batch is taken back.
    std::vector<v1::HealthRecord> records;
    for (int i = 0; i < kRecordsPerPut; ++i) {
      records.push_back(
          NumberedRecord(NameOf(consumer), absl::StrCat(i + 1), number));
    }
    records.push_back(NumberedRecord(NameOf(kErased), "1", number));
    const auto outcomes = home.Put(records);
    if (!outcomes.ok()) {
      std::fprintf(stderr, "put: %s\n", outcomes.status().ToString().c_str());
      ++shared_->failed;
      return;
    }
    for (int i = 0; i < kRecordsPerPut; ++i) {
      const PutOutcome outcome = (*outcomes)[i];
      if (outcome == PutOutcome::kSuppressed) {
        ++shared_->refused;
      } else if (outcome == PutOutcome::kErased) {
        ++shared_->overtaken;
      } else if (was_erased) {
        ++shared_->taken;
      }
    }
    const PutOutcome other = outcomes->back();
    if (other == PutOutcome::kSuppressed || other == PutOutcome::kErased) {
      ++shared_->failed;
    }
  }

  // Rows of those who were erased, whom the key store remembers for a while.
  // The home is closed, and was not opened since: opening it would delete them.
  int64_t CountRowsLeft() {
    const auto keys = OpenSqlite(folder_ + "/keys.db", {});
    const auto records = OpenSqlite(folder_ + "/records.db", {});
    const auto due = (*keys)->Prepare("SELECT data_ref FROM due_deletion");
    const auto count =
        (*records)->Prepare("SELECT count(*) FROM record WHERE data_ref = $1");
    int64_t rows = 0;
    int refs = 0;
    for (; *(*due)->Step(); ++refs) {
      (*count)->BindBytes(1, (*due)->ColumnBytes(0));
      EXPECT_TRUE(*(*count)->Step());
      rows += (*count)->ColumnInt(0);
      (*count)->Reset();
    }
    // Of each, the data_ref and the consumer_ref.
    EXPECT_EQ(refs, 2 * kErased);
    return rows;
  }

  bool Erase(VaultHome& home) {
    if (!home.Open().ok()) return false;
    while (shared_->warm < kUsers) sched_yield();
    for (int i = 0; i < kErased; ++i) {
      const int64_t until = shared_->uses + kUsesPerErasure;
      while (shared_->uses < until) sched_yield();
      const absl::Status erased = home.vault().Erase(NameOf(i)).status();
      if (!erased.ok()) {
        std::fprintf(stderr, "erase: %s\n", erased.ToString().c_str());
        shared_->erasures = kErased;  // So that the others end.
        return false;
      }
      shared_->acknowledged[i] = true;
      ++shared_->erasures;
    }
    return true;
  }

  std::string folder_;
  Shared* shared_ = nullptr;
};

TEST_F(VaultRaceTest, AfterAnErasureIsAcknowledgedNobodyOpensOrPutsARecord) {
  Await(Start(Make));
  std::vector<pid_t> children;
  for (uint32_t seed = 1; seed <= kUsers; ++seed) {
    children.push_back(Start([&](VaultHome& home) { return Use(home, seed); }));
  }
  children.push_back(Start([&](VaultHome& home) { return Erase(home); }));
  for (const pid_t child : children) Await(child);

  EXPECT_EQ(shared_->erasures, kErased);
  EXPECT_EQ(shared_->opened, 0);
  EXPECT_EQ(shared_->taken, 0);
  EXPECT_EQ(shared_->failed, 0);
  EXPECT_GE(shared_->refused, kUsers * kErased * (1 + kRecordsPerPut));
  std::printf("%lld gets and puts beside %d erasures; %lld puts overtaken\n",
              static_cast<long long>(shared_->uses), kErased,
              static_cast<long long>(shared_->overtaken));

  // Nothing is left behind, and nobody else is harmed.
  EXPECT_EQ(CountRowsLeft(), 0);
  VaultModel model;
  for (int i = 0; i < kErased; ++i) {
    EXPECT_TRUE(model.Apply(absl::StrCat("begin erase ", NameOf(i))));
    EXPECT_TRUE(model.Apply("done erase"));
  }
  VaultHome home(folder_, kStart + absl::Hours(1));
  EXPECT_THAT(home.Judge(&model), testing::IsEmpty());
  ASSERT_TRUE(home.Open().ok());
  for (int i = kErased; i < kConsumers; ++i) {
    EXPECT_TRUE(home.vault().Get(NameOf(i), "ios-app", "1").ok()) << i;
  }
}

}  // namespace
}  // namespace subrosa
