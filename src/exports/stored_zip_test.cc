#include "src/exports/stored_zip.h"

#include <archive.h>
#include <archive_entry.h>

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/crypto/age_io.h"

namespace subrosa {
namespace {

// As libarchive reads it.
std::map<std::string, std::string> FilesIn(const std::string& zip) {
  std::map<std::string, std::string> files;
  struct archive* const archive = archive_read_new();
  archive_read_support_format_zip(archive);
  EXPECT_EQ(archive_read_open_memory(archive, zip.data(), zip.size()),
            ARCHIVE_OK);
  struct archive_entry* entry = nullptr;
  int code;
  while ((code = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
    std::string& content = files[archive_entry_pathname(entry)];
    char buffer[4096];
    la_ssize_t read;
    while ((read = archive_read_data(archive, buffer, sizeof(buffer))) > 0) {
      content.append(buffer, static_cast<size_t>(read));
    }
    EXPECT_EQ(read, 0) << archive_error_string(archive);
  }
  EXPECT_EQ(code, ARCHIVE_EOF);
  archive_read_free(archive);
  return files;
}

class StoredZipTest : public testing::Test {
 protected:
  std::string bytes_;
  StringSink sink_{&bytes_};
  StoredZip zip_{absl::FromUnixSeconds(1750000000), &sink_};
};

TEST_F(StoredZipTest, FilesComeBackAsTheyWereGiven) {
  const std::string lines(100000, 'a');
  ASSERT_TRUE(zip_.Add("records/a",
                       [&](ByteSink* out) {
                         const absl::Status first = out->Append(lines);
                         return first.ok() ? out->Append("b") : first;
                       })
                  .ok());
  ASSERT_TRUE(zip_.AddText("empty", "").ok());
  ASSERT_TRUE(zip_.Finish().ok());

  const auto files = FilesIn(bytes_);
  EXPECT_EQ(files.size(), 2u);
  EXPECT_EQ(files.at("records/a"), lines + "b");
  EXPECT_EQ(files.at("empty"), "");
  // As it is.
  EXPECT_THAT(bytes_, testing::HasSubstr(lines));
}

TEST_F(StoredZipTest, ItSaysWhatWasAddedAndItsDigest) {
  ASSERT_TRUE(zip_.AddText("a", "abc").ok());

  ASSERT_EQ(zip_.members().size(), 1u);
  EXPECT_EQ(zip_.members()[0].name, "a");
  EXPECT_EQ(zip_.members()[0].bytes, 3u);
  // FIPS 180-4's example.
  EXPECT_EQ(absl::BytesToHexString(zip_.members()[0].sha256),
            "ba7816bf8f01cfea414140de5dae2223"
            "b00361a396177a9cb410ff61f20015ad");
}

TEST_F(StoredZipTest, ContentThatIsAnotherTheSecondTimeIsAnError) {
  int calls = 0;
  const absl::Status status = zip_.Add("a", [&](ByteSink* out) {
    return out->Append(absl::StrCat("calm", ++calls));
  });

  EXPECT_TRUE(absl::IsInternal(status)) << status;
  EXPECT_EQ(calls, 2);
}

TEST_F(StoredZipTest, AnErrorOfTheContentIsReturned) {
  EXPECT_TRUE(absl::IsUnavailable(zip_.Add(
      "a", [](ByteSink*) { return absl::UnavailableError("disk full"); })));
}

}  // namespace
}  // namespace subrosa
