#include "src/exports/archive_writer.h"

#include <archive.h>
#include <archive_entry.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
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

class Written {
 public:
  explicit Written(ArchiveForm form) : pool_(2), sink_(&bytes_) {
    auto archive =
        ArchiveWriter::Create(form, kNow, &pool_, testing::TempDir(), &sink_);
    EXPECT_TRUE(archive.ok()) << archive.status();
    archive_ = *std::move(archive);
  }

  ArchiveWriter& archive() { return *archive_; }
  const std::string& Finish() {
    EXPECT_TRUE(archive_->Finish().ok());
    return bytes_;
  }

 private:
  TaskPool pool_;
  std::string bytes_;
  StringSink sink_;
  std::unique_ptr<ArchiveWriter> archive_;
};

std::string TwoFiles(ArchiveForm form) {
  Written written(form);
  EXPECT_TRUE(written.archive().AddText("a.txt", "under the rose\n").ok());
  EXPECT_TRUE(written.archive().AddText("below/b.txt", "").ok());
  return written.Finish();
}

// Lines that pack well, and do not begin again.
std::string Lines(size_t bytes) {
  std::string lines;
  for (int i = 0; lines.size() < bytes; ++i) {
    absl::StrAppend(&lines, "entry ", i, " of a long diary\n");
  }
  return lines;
}

TEST(ArchiveWriterTest, AZipAndATarHoldWhatWasAdded) {
  for (const ArchiveForm form : {ArchiveForm::kZip, ArchiveForm::kTar}) {
    EXPECT_THAT(Open(TwoFiles(form)),
                ElementsAre(Pair("a.txt", "under the rose\n"),
                            Pair("below/b.txt", "")));
  }
}

TEST(ArchiveWriterTest, MembersAreFilledSideBySideAndStandInTheOrderOfAdding) {
  const std::string lines = Lines(3 << 20);
  for (const ArchiveForm form : {ArchiveForm::kZip, ArchiveForm::kTar}) {
    Written written(form);
    const auto first = written.archive().Begin();
    const auto second = written.archive().Begin();
    for (size_t at = 0; at < lines.size(); at += 10'007) {
      const absl::string_view part =
          absl::string_view(lines).substr(at, 10'007);
      ASSERT_TRUE(first->Append(part).ok());
      ASSERT_TRUE(second->Append(absl::AsciiStrToUpper(part)).ok());
    }
    ASSERT_TRUE(written.archive().Add("upper", second.get()).ok());
    ASSERT_TRUE(written.archive().Add("lower", first.get()).ok());

    const std::string& bytes = written.Finish();
    EXPECT_LT(bytes.find("upper"), bytes.find("lower"));
    EXPECT_THAT(Open(bytes),
                ElementsAre(Pair("lower", lines),
                            Pair("upper", absl::AsciiStrToUpper(lines))));
    if (form == ArchiveForm::kZip) EXPECT_LT(bytes.size(), lines.size() / 2);
  }
}

TEST(ArchiveWriterTest, TheSameContentGivesTheSameBytes) {
  EXPECT_EQ(TwoFiles(ArchiveForm::kZip), TwoFiles(ArchiveForm::kZip));
  EXPECT_EQ(TwoFiles(ArchiveForm::kTar), TwoFiles(ArchiveForm::kTar));
}

TEST(ArchiveWriterTest, MembersAreCountedAndDigested) {
  Written written(ArchiveForm::kZip);
  ASSERT_TRUE(written.archive().AddText("abc", "abc").ok());

  ASSERT_EQ(1u, written.archive().members().size());
  EXPECT_EQ(3u, written.archive().members()[0].bytes);
  // FIPS 180-2, B.1.
  EXPECT_EQ("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            absl::BytesToHexString(written.archive().members()[0].sha256));
}

TEST(ArchiveWriterTest, AMemberThatIsNotAddedIsNotThere) {
  Written written(ArchiveForm::kZip);
  ASSERT_TRUE(written.archive().AddText("a", "abc").ok());
  {
    const auto dropped = written.archive().Begin();
    ASSERT_TRUE(dropped->Append(Lines(1 << 20)).ok());
  }

  EXPECT_THAT(Open(written.Finish()), ElementsAre(Pair("a", "abc")));
}

class FullSink final : public ByteSink {
 public:
  absl::Status Append(absl::string_view) override {
    return absl::UnavailableError("disk: want room, got none");
  }
};

TEST(ArchiveWriterTest, WhatTheSinkSaysIsWhatTheCallerHears) {
  for (const ArchiveForm form : {ArchiveForm::kZip, ArchiveForm::kTar}) {
    FullSink full;
    TaskPool pool(2);
    const auto archive =
        ArchiveWriter::Create(form, kNow, &pool, testing::TempDir(), &full);
    ASSERT_TRUE(archive.ok());

    absl::Status status = (*archive)->AddText("a", Lines(1 << 20));
    if (status.ok()) status = (*archive)->Finish();

    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("want room"));
  }
}

TEST(ArchiveWriterTest, WithoutAFolderForWhatWaitsThereIsNone) {
  std::string bytes;
  StringSink sink(&bytes);
  TaskPool pool(1);

  EXPECT_TRUE(absl::IsNotFound(
      ArchiveWriter::Create(ArchiveForm::kZip, kNow, &pool,
                            absl::StrCat(testing::TempDir(), "/nowhere"), &sink)
          .status()));
}

}  // namespace
}  // namespace subrosa
