#include "src/crypto/age_file.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/age_x25519.h"

namespace subrosa {
namespace {

// An empty folder of its own for each test.
class AgeFileTest : public testing::Test {
 protected:
  AgeFileTest()
      : folder_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())),
        anna_(*X25519Identity::Generate()) {
    mkdir(folder_.c_str(), 0700);
  }

  std::string Path(const std::string& name) const {
    return absl::StrCat(folder_, "/", name);
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    DIR* entries = opendir(folder_.c_str());
    while (const dirent* entry = readdir(entries)) {
      if (entry->d_name[0] != '.') names.push_back(entry->d_name);
    }
    closedir(entries);
    return names;
  }

  // Encrypts `text` to Anna as the file `name`.
  void WriteAgeFile(const std::string& text, const std::string& name) {
    ASSERT_TRUE(ReplaceFile(Path("plain"), text, 0600).ok());
    ASSERT_TRUE(
        AgeEncryptFile(Path("plain"), {&anna_.recipient()}, {}, Path(name))
            .ok());
    unlink(Path("plain").c_str());
  }

  const std::string folder_;
  const X25519Identity anna_;
};

TEST_F(AgeFileTest, AFileComesBackWholeAndItsOwnersAlone) {
  WriteAgeFile(std::string(300000, 'r'), "copy.age");

  ASSERT_TRUE(
      AgeDecryptFile(Path("copy.age"), {&anna_}, {}, Path("copy")).ok());

  EXPECT_TRUE(*ReadFile(Path("copy"), 1 << 20) == std::string(300000, 'r'));
  for (const char* name : {"copy", "copy.age"}) {
    struct stat status;
    ASSERT_EQ(stat(Path(name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600u);
  }
}

TEST_F(AgeFileTest, OfATruncatedFileNoPlaintextIsEverPublished) {
  WriteAgeFile(std::string(300000, 'r'), "copy.age");
  std::string file = *ReadFile(Path("copy.age"), 1 << 20);
  file.resize(200000);
  ASSERT_TRUE(ReplaceFile(Path("copy.age"), file, 0600).ok());

  const absl::Status status =
      AgeDecryptFile(Path("copy.age"), {&anna_}, {}, Path("copy"));

  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_TRUE(absl::StartsWith(status.message(), Path("copy.age")));
  EXPECT_EQ(Names(), std::vector<std::string>{"copy.age"});
}

TEST_F(AgeFileTest, WhoeverIsNoRecipientGetsNoFile) {
  WriteAgeFile("under the rose", "copy.age");
  const X25519Identity eve = *X25519Identity::Generate();

  const absl::Status status =
      AgeDecryptFile(Path("copy.age"), {&eve}, {}, Path("copy"));

  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  EXPECT_EQ(Names(), std::vector<std::string>{"copy.age"});
}

TEST_F(AgeFileTest, AFileThatStandsThereIsNotReplaced) {
  WriteAgeFile("new", "copy.age");
  ASSERT_TRUE(ReplaceFile(Path("copy"), "old", 0600).ok());

  EXPECT_TRUE(absl::IsAlreadyExists(
      AgeDecryptFile(Path("copy.age"), {&anna_}, {}, Path("copy"))));
  EXPECT_TRUE(absl::IsAlreadyExists(AgeEncryptFile(
      Path("copy"), {&anna_.recipient()}, {}, Path("copy.age"))));
  EXPECT_EQ(*ReadFile(Path("copy"), 100), "old");
}

TEST_F(AgeFileTest, AMissingFileIsNamedAndNothingIsWritten) {
  const absl::Status encrypted =
      AgeEncryptFile(Path("none"), {&anna_.recipient()}, {}, Path("none.age"));
  const absl::Status decrypted =
      AgeDecryptFile(Path("none.age"), {&anna_}, {}, Path("none"));

  EXPECT_TRUE(absl::IsNotFound(encrypted)) << encrypted;
  EXPECT_TRUE(absl::IsNotFound(decrypted)) << decrypted;
  EXPECT_TRUE(Names().empty());
}

TEST_F(AgeFileTest, WithoutRecipientsNoFileIsWritten) {
  ASSERT_TRUE(ReplaceFile(Path("plain"), "x", 0600).ok());

  EXPECT_TRUE(absl::IsInvalidArgument(
      AgeEncryptFile(Path("plain"), {}, {}, Path("plain.age"))));
  EXPECT_EQ(Names(), std::vector<std::string>{"plain"});
}

}  // namespace
}  // namespace subrosa
