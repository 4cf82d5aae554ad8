#include "src/steward/home.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

constexpr char kPolicy[] = R"(entity: "rosewater"
name: "Rosewater"
pack: "wa-mhmda"
residence_unless_known: "US-WA"
)";

class HomeTest : public testing::Test {
 protected:
  HomeTest()
      : folder_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    mkdir(folder_.c_str(), 0700);
  }

  SecretBuffer Passphrase(const std::string& text) {
    const std::string path = folder_ + "/passphrase";
    EXPECT_TRUE(ReplaceFile(path, text, 0600).ok());
    return std::move(ReadSecretFile(path)).value();
  }

  absl::Status Create(const std::string& name, const std::string& entity,
                      const std::string& log_origin = "") {
    NewHome home;
    home.entity = entity;
    home.cost = KeyringCost::kInteractive;
    home.log_origin = log_origin;
    return CreateHome(folder_ + "/" + name, home, Passphrase("rose garden"),
                      clock_);
  }

  absl::Status CreateWithPolicy(const std::string& entity) {
    NewHome home;
    home.entity = entity;
    home.cost = KeyringCost::kInteractive;
    home.policy = kPolicy;
    return CreateHome(folder_ + "/home", home, Passphrase("rose garden"),
                      clock_);
  }

  absl::StatusOr<OpenHome> Open() {
    return OpenHomeFolder(folder_ + "/home", Passphrase("rose garden"), clock_);
  }

  std::string Checkpoint() {
    return ReadFile(folder_ + "/home/log/checkpoint", 4096).value_or("");
  }

  int CountEntries() {
    int count = 0;
    DIR* entries = opendir(folder_.c_str());
    while (readdir(entries) != nullptr) ++count;
    closedir(entries);
    return count;
  }

  std::string folder_;
  SystemClock clock_;
};

TEST_F(HomeTest, AMadeHomeOpensAndIsItsOwnersAlone) {
  ASSERT_TRUE(Create("home", "rosewater").ok());

  const auto home =
      OpenHomeFolder(folder_ + "/home", Passphrase("rose garden"), clock_);

  ASSERT_TRUE(home.ok()) << home.status();
  EXPECT_EQ(home->vault->entity(), "rosewater");
  struct stat status;
  ASSERT_EQ(stat((folder_ + "/home").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(HomeTest, AHomeIsClosedByAnotherInItsPlace) {
  ASSERT_TRUE(Create("home", "rosewater").ok());
  OpenHome home = *Open();

  // Its sequencer gives the lease back, for which it needs the provider.
  home = OpenHome();

  EXPECT_EQ(home.vault, nullptr);
  EXPECT_TRUE(Open().ok());
}

TEST_F(HomeTest, AnEmptyFolderBecomesAHome) {
  ASSERT_EQ(mkdir((folder_ + "/home").c_str(), 0755), 0);

  EXPECT_TRUE(Create("home/", "rosewater").ok());
}

TEST_F(HomeTest, AFolderInUseIsLeftAlone) {
  ASSERT_TRUE(Create("home", "rosewater").ok());

  EXPECT_TRUE(absl::IsAlreadyExists(Create("home", "other")));

  const auto home =
      OpenHomeFolder(folder_ + "/home", Passphrase("rose garden"), clock_);
  EXPECT_EQ(home->vault->entity(), "rosewater");
}

TEST_F(HomeTest, AWrongEntityIsRefusedAndLeavesNothing) {
  const int before = CountEntries();

  for (const char* entity : {"", "Rose Water", "rose_water"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Create("home", entity))) << entity;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(Create("home", std::string(65, 'a'))));

  EXPECT_LE(CountEntries(), before + 1);  // The passphrase's file.
}

TEST_F(HomeTest, AHomeIsMadeWithAPolicyThatAllowsNothingYet) {
  ASSERT_TRUE(Create("home", "rosewater").ok());

  const std::string policy =
      ReadFile(folder_ + "/home/policy.textproto", 1 << 20).value_or("");
  EXPECT_NE(policy.find("entity: \"rosewater\""), std::string::npos);
  EXPECT_EQ(policy.find("\npurpose"), std::string::npos);
}

TEST_F(HomeTest, AHomeKeepsThePolicyThatItIsMadeWith) {
  ASSERT_TRUE(CreateWithPolicy("rosewater").ok());

  EXPECT_EQ(ReadFile(folder_ + "/home/policy.textproto", 1 << 20).value_or(""),
            kPolicy);
}

TEST_F(HomeTest, APolicyOfAnotherEntityMakesNoHome) {
  EXPECT_TRUE(absl::IsInvalidArgument(CreateWithPolicy("thornfield")));

  EXPECT_TRUE(absl::IsNotFound(Open().status()));
}

TEST_F(HomeTest, AWrongNameOfTheLogIsRefusedAndLeavesNothing) {
  const int before = CountEntries();

  for (const std::string origin : {"two words", "a+b", "caf\xc3\xa9"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Create("home", "rosewater", origin)))
        << origin;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(
      Create("home", "rosewater", std::string(101, 'a'))));

  EXPECT_LE(CountEntries(), before + 1);  // The passphrase's file.
}

TEST_F(HomeTest, TheLogIsCalledWhatItWasMadeAs) {
  ASSERT_TRUE(Create("home", "rosewater", "rosewater.example/audit").ok());

  EXPECT_EQ(Checkpoint().substr(0, 26), "rosewater.example/audit\n0\n");
}

TEST_F(HomeTest, TheLogOfAHomeThatWasOpenHoldsItsFirstEpoch) {
  ASSERT_TRUE(Create("home", "rosewater").ok());
  ASSERT_TRUE(Open().ok());

  EXPECT_EQ(Checkpoint().find("rosewater/audit/"), 0u);
  EXPECT_EQ(Checkpoint().substr(24, 3), "\n1\n") << Checkpoint();
}

TEST_F(HomeTest, AHomeFromBeforeThereWasALogGetsOne) {
  ASSERT_TRUE(Create("home", "rosewater").ok());
  {
    const auto keys = OpenSqlite(folder_ + "/home/keys.db", SqliteOptions());
    ASSERT_TRUE((*keys)->Execute("DELETE FROM log; DELETE FROM log_key").ok());
  }
  unlink((folder_ + "/home/log/checkpoint").c_str());

  ASSERT_TRUE(Open().ok());
  EXPECT_NE(Checkpoint(), "");
}

TEST_F(HomeTest, AHomeWithAnOlderLogDoesNotOpenAndSaysWhatHelps) {
  ASSERT_TRUE(Create("home", "rosewater").ok());
  ASSERT_TRUE(Open().ok());
  const std::string tile = folder_ + "/home/log/tile/0/000.p/1";
  ASSERT_EQ(unlink(tile.c_str()), 0);

  const absl::Status status = Open().status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_NE(std::string(status.message()).find("tile/0/000"),
            std::string::npos);
  EXPECT_NE(std::string(status.message()).find("subrosa audit status"),
            std::string::npos);
}

TEST_F(HomeTest, AFolderWhoseParentIsMissingIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(Create("no/such/home", "rosewater")));
}

TEST_F(HomeTest, AWrongPassphraseOpensNothing) {
  ASSERT_TRUE(Create("home", "rosewater").ok());

  EXPECT_TRUE(absl::IsPermissionDenied(
      OpenHomeFolder(folder_ + "/home", Passphrase("thorns"), clock_)
          .status()));
}

TEST_F(HomeTest, AHomeWithoutItsRecordStoreIsNotFoundAndNamesTheFile) {
  ASSERT_TRUE(Create("home", "rosewater").ok());
  for (const char* suffix : {"", "-wal", "-shm"}) {
    unlink(absl::StrCat(folder_, "/home/records.db", suffix).c_str());
  }

  const absl::Status status =
      OpenHomeFolder(folder_ + "/home", Passphrase("rose garden"), clock_)
          .status();

  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_NE(std::string(status.message()).find("records.db"),
            std::string::npos);
}

}  // namespace
}  // namespace subrosa
