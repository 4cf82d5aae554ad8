#include "src/exports/archive_writer.h"

#include <archive.h>
#include <archive_entry.h>

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

const absl::Time kNow = absl::FromUnixSeconds(1'780'000'000);

// What an archive holds, by libarchive's reader; empty if it does not open to
// its end.
std::map<std::string, std::string> Open(const std::string& bytes) {
  std::map<std::string, std::string> files;
  struct archive* const archive = archive_read_new();
  archive_read_support_format_all(archive);
  EXPECT_EQ(ARCHIVE_OK,
            archive_read_open_memory(archive, bytes.data(), bytes.size()));
  struct archive_entry* entry = nullptr;
  int result;
  while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
    std::string content;
    char buffer[4096];
    la_ssize_t read;
    while ((read = archive_read_data(archive, buffer, sizeof(buffer))) > 0) {
      content.append(buffer, static_cast<size_t>(read));
    }
    files[archive_entry_pathname(entry)] = content;
  }
  archive_read_free(archive);
  if (result != ARCHIVE_EOF) files.clear();
  return files;
}

absl::Status AddText(ArchiveWriter& archive, absl::string_view name,
                     absl::string_view text) {
  return archive.Add(name, [text](ByteSink* out) { return out->Append(text); });
}

std::string TwoFiles(ArchiveForm form) {
  std::string bytes;
  StringSink sink(&bytes);
  const auto archive = ArchiveWriter::Create(form, kNow, &sink);
  EXPECT_TRUE(archive.ok()) << archive.status();
  EXPECT_TRUE(AddText(**archive, "a.txt", "under the rose\n").ok());
  EXPECT_TRUE(AddText(**archive, "below/b.txt", "").ok());
  EXPECT_TRUE((*archive)->Finish().ok());
  return bytes;
}

TEST(ArchiveWriterTest, AZipAndATarHoldWhatWasAdded) {
  for (const ArchiveForm form : {ArchiveForm::kZip, ArchiveForm::kTar}) {
    EXPECT_THAT(Open(TwoFiles(form)),
                ElementsAre(Pair("a.txt", "under the rose\n"),
                            Pair("below/b.txt", "")));
  }
}

TEST(ArchiveWriterTest, TheSameContentGivesTheSameBytes) {
  EXPECT_EQ(TwoFiles(ArchiveForm::kZip), TwoFiles(ArchiveForm::kZip));
  EXPECT_EQ(TwoFiles(ArchiveForm::kTar), TwoFiles(ArchiveForm::kTar));
}

TEST(ArchiveWriterTest, MembersAreCountedAndDigested) {
  std::string bytes;
  StringSink sink(&bytes);
  const auto archive = ArchiveWriter::Create(ArchiveForm::kZip, kNow, &sink);
  ASSERT_TRUE(AddText(**archive, "abc", "abc").ok());

  ASSERT_EQ(1u, (*archive)->members().size());
  EXPECT_EQ(3u, (*archive)->members()[0].bytes);
  // FIPS 180-2, B.1.
  EXPECT_EQ("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            absl::BytesToHexString((*archive)->members()[0].sha256));
}

TEST(ArchiveWriterTest, AContentThatChangesBetweenTwoLooksEndsATar) {
  for (const int growth : {1, -1}) {
    std::string bytes;
    StringSink sink(&bytes);
    const auto archive = ArchiveWriter::Create(ArchiveForm::kTar, kNow, &sink);
    size_t length = 10;

    const absl::Status added =
        (*archive)->Add("a", [&](ByteSink* out) -> absl::Status {
          const std::string text(length, 'x');
          length += growth;
          return out->Append(text);
        });

    EXPECT_TRUE(absl::IsAborted(added)) << added;
  }
}

class FullSink final : public ByteSink {
 public:
  absl::Status Append(absl::string_view) override {
    return absl::UnavailableError("disk: want room, got none");
  }
};

TEST(ArchiveWriterTest, WhatTheSinkSaysIsWhatTheCallerHears) {
  FullSink full;
  const auto archive = ArchiveWriter::Create(ArchiveForm::kZip, kNow, &full);
  ASSERT_TRUE(archive.ok());

  absl::Status status = AddText(**archive, "a", std::string(1 << 20, 'x'));
  if (status.ok()) status = (*archive)->Finish();

  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("want room"));
}

TEST(ArchiveWriterTest, WhatTheContentSaysIsWhatTheCallerHears) {
  std::string bytes;
  StringSink sink(&bytes);
  const auto archive = ArchiveWriter::Create(ArchiveForm::kZip, kNow, &sink);

  EXPECT_TRUE(absl::IsDataLoss((*archive)->Add("a", [](ByteSink*) {
    return absl::DataLossError("record: want one that opens, got none");
  })));
}

}  // namespace
}  // namespace subrosa
