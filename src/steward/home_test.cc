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

namespace subrosa {
namespace {

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

  absl::Status Create(const std::string& name, const std::string& entity) {
    return CreateHome(folder_ + "/" + name, entity, Passphrase("rose garden"),
                      KeyringCost::kInteractive, clock_);
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
