#include "src/crypto/sealed_scratch.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/on_all_processors.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<SealedScratch> MakeScratch() {
  auto scratch = SealedScratch::Create(testing::TempDir());
  EXPECT_TRUE(scratch.ok()) << scratch.status();
  return *std::move(scratch);
}

// The file that this process has open and that nobody can find by a name.
std::string UnnamedFile() {
  for (const fs::directory_entry& entry :
       fs::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    const std::string target = fs::read_symlink(entry.path(), ignored);
    if (absl::EndsWith(target, " (deleted)")) return entry.path();
  }
  return "";
}

std::string TextOf(size_t size) {
  std::string text;
  while (text.size() < size) absl::StrAppend(&text, "rose ", text.size(), ",");
  text.resize(size);
  return text;
}

TEST(SealedScratchTest, WhatWasPutIsThereAgain) {
  const auto scratch = MakeScratch();
  std::vector<SealedScratch::Piece> pieces;
  const size_t sizes[] = {0, 1, 65535, 65536, 65537, 300'000};
  for (const size_t size : sizes) {
    const auto piece = scratch->Put(TextOf(size));
    ASSERT_TRUE(piece.ok()) << piece.status();
    pieces.push_back(*piece);
  }

  for (size_t i = pieces.size(); i-- > 0;) {
    std::string text = "what stood there before";
    ASSERT_TRUE(scratch->Get(pieces[i], &text).ok());
    EXPECT_EQ(TextOf(sizes[i]), text);
  }
}

TEST(SealedScratchTest, ManyThreadsMayPut) {
  const auto scratch = MakeScratch();
  std::vector<SealedScratch::Piece> pieces(64);
  OnProcessors(4, [&](size_t which, size_t of) {
    for (size_t i = which; i < pieces.size(); i += of) {
      pieces[i] = scratch->Put(TextOf(1000 * i)).value();
    }
  });

  for (size_t i = 0; i < pieces.size(); ++i) {
    std::string text;
    ASSERT_TRUE(scratch->Get(pieces[i], &text).ok());
    EXPECT_EQ(TextOf(1000 * i), text);
  }
}

TEST(SealedScratchTest, TheFileHoldsNothingThatCanBeRead) {
  const auto scratch = MakeScratch();
  ASSERT_TRUE(scratch->Put("canary canary canary").ok());

  const int file = open(UnnamedFile().c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(file, 0);
  std::string bytes(100, '\0');
  ASSERT_EQ(36, pread(file, &bytes[0], bytes.size(), 0));
  close(file);

  EXPECT_EQ(std::string::npos, bytes.find("canary"));
}

TEST(SealedScratchTest, WhatWasChangedOrMovedIsNotHandedOut) {
  const auto scratch = MakeScratch();
  const auto first = scratch->Put("one piece");
  const auto second = scratch->Put("two piece");
  ASSERT_TRUE(first.ok() && second.ok());
  std::string text;

  const int file = open(UnnamedFile().c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(file, 0);
  std::string sealed(25, '\0');
  ASSERT_EQ(25, pread(file, &sealed[0], 25, 0));
  ASSERT_EQ(25, pwrite(file, sealed.data(), 25, 25));

  EXPECT_TRUE(absl::IsDataLoss(scratch->Get(*second, &text)));
  ASSERT_EQ(1, pwrite(file, "x", 1, 3));
  EXPECT_TRUE(absl::IsDataLoss(scratch->Get(*first, &text)));
  ASSERT_EQ(0, ftruncate(file, 10));
  EXPECT_TRUE(absl::IsDataLoss(scratch->Get(*first, &text)));
  close(file);
}

TEST(SealedScratchTest, AFolderThatIsNotThereIsAnError) {
  EXPECT_TRUE(absl::IsNotFound(
      SealedScratch::Create(absl::StrCat(testing::TempDir(), "/nowhere"))
          .status()));
}

}  // namespace
}  // namespace subrosa
