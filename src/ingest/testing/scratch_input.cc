#include "src/ingest/testing/scratch_input.h"

#include <unistd.h>

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"

namespace subrosa {

BufferedInput ScratchInput(absl::string_view content) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "/scratch-input-", getpid());
  EXPECT_TRUE(ReplaceFile(path, content, 0600).ok());
  absl::StatusOr<BufferedInput> input = BufferedInput::Open(path);
  unlink(path.c_str());
  return *std::move(input);
}

}  // namespace subrosa
