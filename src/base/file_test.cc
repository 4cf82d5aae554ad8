#include "src/base/file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

std::string Scratch(const std::string& name) {
  return absl::StrCat(testing::TempDir(), "/", name);
}

TEST(FileTest, AReplacedFileHoldsTheNewContentAndExactlyTheMode) {
  const std::string path = Scratch("replaced");
  ASSERT_TRUE(ReplaceFile(path, "old", 0644).ok());

  ASSERT_TRUE(ReplaceFile(path, "new", 0600).ok());

  EXPECT_EQ(*ReadFile(path, 100), "new");
  struct stat status;
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
}

TEST(FileTest, AFileAtItsLimitIsReadAndOneByteMoreIsRefused) {
  const std::string path = Scratch("bounded");
  ASSERT_TRUE(ReplaceFile(path, "12345", 0600).ok());

  EXPECT_TRUE(ReadFile(path, 5).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(ReadFile(path, 4).status()));
}

TEST(FileTest, ADirectoryIsNotAFile) {
  const absl::Status status = OpenForReading(testing::TempDir()).status();

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_NE(std::string(status.message()).find("want a file, got a directory"),
            std::string::npos);
}

TEST(FileTest, AMissingFileIsNotFoundAndIsNamed) {
  const absl::Status status = ReadFile("/nowhere/at/all", 1).status();

  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_EQ(status.message(), "/nowhere/at/all: No such file or directory");
}

TEST(FileTest, AFailedReplacementLeavesNoFileBehind) {
  EXPECT_FALSE(ReplaceFile("/proc/nothing/here", "x", 0600).ok());
}

TEST(FileTest, AFullDiskIsUnavailable) {
  EXPECT_TRUE(absl::IsUnavailable(ErrnoStatus(ENOSPC, "x")));
}

TEST(FileTest, AMovedDescriptorIsClosedOnce) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);

  UniqueFd moved(std::move(reader));
  writer.Close();

  char byte;
  EXPECT_EQ(reader.get(), -1);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(read(moved.get(), &byte, 1), 0);
}

}  // namespace
}  // namespace subrosa
