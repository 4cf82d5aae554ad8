#include "src/base/new_file.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"

namespace {

// Whether syncing a folder fails, as on a disk that goes away.
bool fail_folders = false;

}  // namespace

// Takes the C library's place in this test.
extern "C" int fsync(int fd) {
  struct stat status;
  if (fail_folders && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fsync, fd));
}

namespace subrosa {
namespace {

// A folder of the test's own, and how many entries it holds.
std::string Folder() {
  std::string folder = absl::StrCat(
      testing::TempDir(), "/",
      testing::UnitTest::GetInstance()->current_test_info()->name());
  mkdir(folder.c_str(), 0700);
  return folder;
}

int CountEntries(const std::string& folder) {
  int count = 0;
  DIR* entries = opendir(folder.c_str());
  while (readdir(entries) != nullptr) ++count;
  closedir(entries);
  return count - 2;  // "." and ".."
}

TEST(NewFileTest, NothingIsSeenBeforeItIsComplete) {
  const std::string folder = Folder();
  {
    absl::StatusOr<NewFile> file = NewFile::Create(folder + "/copy");
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->Append(std::string(200000, 'x')).ok());
    EXPECT_TRUE(absl::IsNotFound(ReadFile(folder + "/copy", 1).status()));
  }

  EXPECT_EQ(CountEntries(folder), 0);
}

TEST(NewFileTest, APublishedFileIsWholeAndItsOwnersAlone) {
  const std::string path = Folder() + "/copy";
  absl::StatusOr<NewFile> file = NewFile::Create(path);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->Append(std::string(70000, 'x')).ok());
  ASSERT_TRUE(file->Append("end").ok());

  ASSERT_TRUE(file->Publish().ok());

  EXPECT_EQ(*ReadFile(path, 100000), std::string(70000, 'x') + "end");
  struct stat status;
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(NewFileTest, AFileThatStandsThereIsNotReplaced) {
  const std::string path = Folder() + "/copy";
  ASSERT_TRUE(ReplaceFile(path, "old", 0600).ok());

  EXPECT_TRUE(absl::IsAlreadyExists(NewFile::Create(path).status()));
  EXPECT_EQ(*ReadFile(path, 10), "old");
}

TEST(NewFileTest, ANameTakenMeanwhileIsNotReplacedEither) {
  const std::string path = Folder() + "/copy";
  absl::StatusOr<NewFile> file = NewFile::Create(path);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(ReplaceFile(path, "other", 0600).ok());

  EXPECT_TRUE(absl::IsAlreadyExists(file->Publish()));
  EXPECT_EQ(*ReadFile(path, 10), "other");
}

TEST(NewFileTest, AFolderThatIsNotThereIsTheCallersToMake) {
  const std::string file = Folder() + "/file";
  ASSERT_TRUE(ReplaceFile(file, "", 0600).ok());
  for (const std::string& path :
       {std::string("/nowhere/copy"), file + "/copy"}) {
    const absl::Status status = NewFile::Create(path).status();

    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_EQ(status.message(), path +
                                    ": want a folder that is there, got "
                                    "none: make it, or name another");
  }
}

TEST(NewFileTest, AFolderThatNobodyMayWriteToIsNoRefusalOfWhatWasAsked) {
  // Not even root's.
  const absl::Status status = NewFile::Create("/sys/copy").status();

  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
}

TEST(NewFileTest, AFileWhoseNameIsNotDurableHasNone) {
  const std::string folder = Folder();
  absl::StatusOr<NewFile> file = NewFile::Create(folder + "/copy");
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->Append("copy").ok());

  fail_folders = true;
  const absl::Status published = file->Publish();
  fail_folders = false;

  EXPECT_TRUE(absl::IsUnavailable(published)) << published;
  EXPECT_EQ(CountEntries(folder), 0);
}

}  // namespace
}  // namespace subrosa
