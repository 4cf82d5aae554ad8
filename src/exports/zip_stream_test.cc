#include "src/exports/zip_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/exports/deflate_pieces.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::Pair;

const absl::Time kNow = absl::FromUnixSeconds(1'780'000'001);
constexpr uint64_t kFiveGiB = uint64_t{5} << 30;

// A file, with holes where nobody writes.
class HoledFile final : public ByteSink {
 public:
  explicit HoledFile(const std::string& name)
      : path_(absl::StrCat(testing::TempDir(), "/", name)),
        file_(open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600)) {}
  ~HoledFile() override { unlink(path_.c_str()); }

  absl::Status Append(absl::string_view bytes) override {
    const ssize_t wrote = pwrite(file_.get(), bytes.data(), bytes.size(), at_);
    at_ += wrote;
    return wrote == static_cast<ssize_t>(bytes.size())
               ? absl::OkStatus()
               : absl::UnavailableError("want room");
  }
  void Skip(uint64_t bytes) { at_ += static_cast<off_t>(bytes); }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
  const UniqueFd file_;
  off_t at_ = 0;
};

// Lengths by name, by libarchive, which reads the list at the end; empty
// unless it is whole.
std::map<std::string, int64_t> ListOf(const std::string& path,
                                      int64_t* changed_at = nullptr) {
  std::map<std::string, int64_t> list;
  struct archive* const archive = archive_read_new();
  archive_read_support_format_zip_seekable(archive);
  EXPECT_EQ(ARCHIVE_OK,
            archive_read_open_filename(archive, path.c_str(), 1 << 16));
  struct archive_entry* entry = nullptr;
  int result;
  while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
    list[archive_entry_pathname(entry)] = archive_entry_size(entry);
    EXPECT_EQ(static_cast<unsigned>(AE_IFREG | 0600),
              archive_entry_mode(entry));
    if (changed_at != nullptr) *changed_at = archive_entry_mtime(entry);
  }
  archive_read_free(archive);
  if (result != ARCHIVE_EOF) list.clear();
  return list;
}

absl::Status AddEmpty(ZipStream& zip, absl::string_view name, ByteSink* out) {
  const absl::Status begun = zip.Begin({name, 0, 0, kDeflateEnd.size()});
  return begun.ok() ? out->Append(kDeflateEnd) : begun;
}

TEST(ZipStreamTest, MembersAreDatedToTheSecond) {
  HoledFile file("dated.zip");
  ZipStream zip(kNow, &file);
  ASSERT_TRUE(AddEmpty(zip, "a", &file).ok());
  ASSERT_TRUE(zip.Finish().ok());

  int64_t changed_at = 0;
  EXPECT_THAT(ListOf(file.path(), &changed_at), ElementsAre(Pair("a", 0)));
  EXPECT_EQ(1'780'000'001, changed_at);
}

TEST(ZipStreamTest, WhatIsLongAndWhatComesAfterItIsFound) {
  HoledFile file("long.zip");
  ZipStream zip(kNow, &file);
  ASSERT_TRUE(AddEmpty(zip, "before", &file).ok());
  // As if it had been written.
  ASSERT_TRUE(zip.Begin({"long", 1, 4 * kFiveGiB, kFiveGiB}).ok());
  file.Skip(kFiveGiB);
  ASSERT_TRUE(AddEmpty(zip, "past", &file).ok());
  ASSERT_TRUE(zip.Finish().ok());

  EXPECT_THAT(ListOf(file.path()),
              ElementsAre(Pair("before", 0), Pair("long", 4 * kFiveGiB),
                          Pair("past", 0)));
}

TEST(ZipStreamTest, MoreMembersThanSixteenBitsCountAreAllThere) {
  HoledFile file("many.zip");
  ZipStream zip(kNow, &file);
  for (int i = 0; i < 70'000; ++i) {
    ASSERT_TRUE(AddEmpty(zip, absl::StrCat(i), &file).ok());
  }
  ASSERT_TRUE(zip.Finish().ok());

  EXPECT_EQ(70'000u, ListOf(file.path()).size());
}

TEST(ZipStreamTest, WithoutItsListAZipIsNotWhole) {
  HoledFile file("cut.zip");
  ZipStream zip(kNow, &file);
  ASSERT_TRUE(AddEmpty(zip, "a", &file).ok());

  struct archive* const archive = archive_read_new();
  archive_read_support_format_zip_seekable(archive);
  EXPECT_NE(ARCHIVE_OK,
            archive_read_open_filename(archive, file.path().c_str(), 1 << 16));
  archive_read_free(archive);
}

}  // namespace
}  // namespace subrosa
