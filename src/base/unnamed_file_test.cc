#include "src/base/unnamed_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

TEST(UnnamedFileTest, NobodySeesItAndItsOwnerAloneMayReadIt) {
  const std::string folder = absl::StrCat(testing::TempDir(), "/unnamed");
  fs::create_directory(folder);

  const auto file = OpenUnnamedFile(folder);

  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(4, pwrite(file->get(), "rose", 4, 0));
  EXPECT_TRUE(fs::is_empty(folder));
  struct stat facts;
  ASSERT_EQ(0, fstat(file->get(), &facts));
  EXPECT_EQ(0u, facts.st_mode & 0077);
  EXPECT_EQ(0u, facts.st_nlink);
}

TEST(UnnamedFileTest, AFolderThatIsNotThereIsAnError) {
  EXPECT_TRUE(absl::IsNotFound(
      OpenUnnamedFile(absl::StrCat(testing::TempDir(), "/nowhere")).status()));
}

}  // namespace
}  // namespace subrosa
