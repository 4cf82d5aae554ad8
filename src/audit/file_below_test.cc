#include "src/audit/file_below.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "src/base/file.h"

namespace subrosa {
namespace {

class FileBelowTest : public testing::Test {
 protected:
  FileBelowTest() {
    std::filesystem::remove_all(base_);
    std::filesystem::create_directories(folder_ + "/a/b");
    Write(folder_ + "/file", "top");
    Write(folder_ + "/a/b/file", "deep");
    Write(base_ + "/outside", "planted");
  }

  static void Write(const std::string& path, absl::string_view content) {
    EXPECT_TRUE(ReplaceFile(path, content, 0600).ok());
  }

  absl::StatusOr<std::string> Read(absl::string_view path,
                                   size_t limit_bytes = 100) const {
    return ReadFileBelow(folder_, path, limit_bytes);
  }

  const std::string base_ = testing::TempDir() + "/file_below";
  const std::string folder_ = base_ + "/folder";
};

TEST_F(FileBelowTest, AFileBelowTheFolderIsRead) {
  EXPECT_EQ(Read("file").value(), "top");
  EXPECT_EQ(Read("a/b/file").value(), "deep");
  Write(folder_ + "/empty", "");
  EXPECT_EQ(Read("empty").value(), "");
}

TEST_F(FileBelowTest, TheFolderItselfMayBeALink) {
  ASSERT_EQ(symlink(folder_.c_str(), (base_ + "/link").c_str()), 0);

  EXPECT_EQ(ReadFileBelow(base_ + "/link", "a/b/file", 100).value(), "deep");
}

TEST_F(FileBelowTest, NoPathLeadsOutOfTheFolder) {
  for (const std::string& path :
       {std::string(), std::string("/"), std::string("../outside"),
        std::string("a/../../outside"), std::string("a/../file"),
        std::string("./file"), std::string("a//b/file"), std::string("/file"),
        std::string("file/"), base_ + "/outside", std::string("file\0", 5),
        std::string("a/\0b/file", 9), std::string(5000, 'f')}) {
    const absl::Status status = Read(path).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  }
}

TEST_F(FileBelowTest, NoLinkBelowTheFolderIsFollowed) {
  ASSERT_EQ(symlink("../outside", (folder_ + "/link").c_str()), 0);
  ASSERT_EQ(symlink("file", (folder_ + "/inward").c_str()), 0);
  ASSERT_EQ(symlink("a", (folder_ + "/way").c_str()), 0);
  ASSERT_EQ(symlink("nowhere", (folder_ + "/dangling").c_str()), 0);

  for (const char* path : {"link", "inward", "way/b/file", "dangling"}) {
    const absl::Status status = Read(path).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << path << " " << status;
    EXPECT_TRUE(absl::StrContains(status.message(), "want no link"));
  }
}

TEST_F(FileBelowTest, OnlyRegularFilesAreRead) {
  ASSERT_EQ(mkfifo((folder_ + "/pipe").c_str(), 0600), 0);

  EXPECT_TRUE(absl::IsInvalidArgument(Read("pipe").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Read("a").status()));
}

TEST_F(FileBelowTest, WhatIsNotThereIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(Read("nothing").status()));
  EXPECT_TRUE(absl::IsNotFound(Read("nothing/file").status()));
  EXPECT_TRUE(absl::IsNotFound(Read("file/file").status()));
  EXPECT_TRUE(absl::IsNotFound(
      ReadFileBelow(base_ + "/nowhere", "file", 100).status()));
}

TEST_F(FileBelowTest, AFileIsReadUpToTheLimitAndNoFurther) {
  Write(folder_ + "/ten", "0123456789");

  EXPECT_EQ(Read("ten", 10).value(), "0123456789");
  const absl::Status status = Read("ten", 9).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_TRUE(absl::StrContains(status.message(), "at most 9 bytes"));
}

}  // namespace
}  // namespace subrosa
