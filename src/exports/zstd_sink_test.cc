#include "src/exports/zstd_sink.h"

#include <archive.h>
#include <archive_entry.h>

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "src/crypto/age_io.h"

namespace subrosa {
namespace {

// What libarchive's reader makes of it; "broken" if it takes it for none.
std::string Decompressed(const std::string& bytes) {
  struct archive* const archive = archive_read_new();
  archive_read_support_filter_zstd(archive);
  archive_read_support_format_raw(archive);
  archive_read_open_memory(archive, bytes.data(), bytes.size());
  struct archive_entry* entry = nullptr;
  std::string text;
  if (archive_read_next_header(archive, &entry) != ARCHIVE_OK) text = "broken";
  char buffer[4096];
  la_ssize_t read = 0;
  while (text != "broken" &&
         (read = archive_read_data(archive, buffer, sizeof(buffer))) > 0) {
    text.append(buffer, static_cast<size_t>(read));
  }
  if (read < 0) text = "broken";
  archive_read_free(archive);
  return text;
}

TEST(ZstdSinkTest, WhatWasWrittenIsReadAgain) {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += "under the rose ";
  std::string bytes;
  StringSink out(&bytes);

  auto sink = ZstdSink::Create(&out);
  ASSERT_TRUE(sink.ok()) << sink.status();
  ASSERT_TRUE((*sink)->Append(text).ok());
  ASSERT_TRUE((*sink)->Finish().ok());

  EXPECT_LT(bytes.size(), text.size() / 20);
  EXPECT_EQ(bytes.substr(0, 4), "\x28\xb5\x2f\xfd");  // RFC 8878, 3.1.1.
  EXPECT_EQ(Decompressed(bytes), text);
  EXPECT_EQ(Decompressed(bytes.substr(0, bytes.size() - 4)), "broken");
}

class FullSink final : public ByteSink {
 public:
  absl::Status Append(absl::string_view) override {
    return absl::UnavailableError("disk: want room, got none");
  }
};

TEST(ZstdSinkTest, AFullDiskIsSaid) {
  FullSink out;
  auto sink = ZstdSink::Create(&out);
  ASSERT_TRUE(sink.ok()) << sink.status();

  absl::Status status = (*sink)->Append("under the rose");
  status.Update((*sink)->Finish());

  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

}  // namespace
}  // namespace subrosa
