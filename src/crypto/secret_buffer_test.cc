#include "src/crypto/secret_buffer.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

std::string WrittenTo(const std::string& name, absl::string_view content,
                      mode_t mode = 0600) {
  std::string path = absl::StrCat(testing::TempDir(), "/", name);
  EXPECT_TRUE(ReplaceFile(path, content, mode).ok());
  return path;
}

std::string TextOf(const SecretBuffer& secret) {
  const absl::Span<const uint8_t> bytes =
      secret.Bytes(UnsafeSecretAccess::Get());
  return std::string(bytes.begin(), bytes.end());
}

TEST(SecretBufferTest, OneNewlineAtTheEndIsNotPartOfAPassphrase) {
  const struct {
    absl::string_view content;
    absl::string_view want;
  } kCases[] = {
      {"rose", "rose"},
      {"rose\n", "rose"},
      {"rose\r\n", "rose"},
      {"rose\n\n", "rose\n"},
      {"rose \t", "rose \t"},
      {"two words\nand a line", "two words\nand a line"},
  };
  for (const auto& test : kCases) {
    const absl::StatusOr<SecretBuffer> secret =
        ReadSecretFile(WrittenTo("passphrase", test.content));

    ASSERT_TRUE(secret.ok()) << secret.status();
    EXPECT_EQ(TextOf(*secret), test.want);
  }
}

TEST(SecretBufferTest, AnEmptyPassphraseIsRefused) {
  for (const absl::string_view content : {"", "\n", "\r\n"}) {
    const absl::Status status =
        ReadSecretFile(WrittenTo("passphrase", content)).status();

    EXPECT_TRUE(absl::IsInvalidArgument(status));
  }
}

TEST(SecretBufferTest, APassphraseOf4096BytesIsReadAndOneMoreIsRefused) {
  const std::string most(kMaxSecretFileBytes, 'x');

  const absl::StatusOr<SecretBuffer> secret =
      ReadSecretFile(WrittenTo("most", absl::StrCat(most, "\r\n")));
  ASSERT_TRUE(secret.ok());
  EXPECT_EQ(secret->size(), kMaxSecretFileBytes);

  for (const absl::string_view rest : {"x", "x\n", "xx\r\n"}) {
    const absl::Status status =
        ReadSecretFile(WrittenTo("more", absl::StrCat(most, rest))).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  }
}

TEST(SecretBufferTest, APassphraseFileThatEverybodyMayReadIsRefused) {
  for (const mode_t mode : {0604, 0602, 0644, 0666}) {
    const absl::Status status =
        ReadSecretFile(WrittenTo("open", "canary-7731", mode)).status();

    EXPECT_TRUE(absl::IsFailedPrecondition(status));
    EXPECT_NE(std::string(status.message()).find("chmod o-rwx"),
              std::string::npos);
    EXPECT_EQ(std::string(status.message()).find("canary"), std::string::npos);
  }
  EXPECT_TRUE(ReadSecretFile(WrittenTo("group", "rose", 0640)).ok());
}

TEST(SecretBufferTest, ADirectoryOrNothingIsNoPassphraseFile) {
  EXPECT_TRUE(
      absl::IsInvalidArgument(ReadSecretFile(testing::TempDir()).status()));
  EXPECT_TRUE(absl::IsNotFound(ReadSecretFile("/nowhere/at/all").status()));
}

TEST(SecretBufferTest, APassphraseIsReadFromAPipeInPieces) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "ro", 2), 2);
  ASSERT_EQ(write(ends[1], "se\n", 3), 3);
  close(ends[1]);

  const absl::StatusOr<SecretBuffer> secret = ReadSecretFd(ends[0]);
  close(ends[0]);

  ASSERT_TRUE(secret.ok());
  EXPECT_EQ(TextOf(*secret), "rose");
}

TEST(SecretBufferTest, AClosedDescriptorIsAnError) {
  EXPECT_TRUE(absl::IsUnavailable(ReadSecretFd(-1).status()));
}

TEST(SecretBufferTest, SizesOutOfBoundsAreRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(SecretBuffer::Allocate(0).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      SecretBuffer::Allocate((size_t{4} << 20) + 1).status()));
}

TEST(SecretBufferTest, WhatIsTruncatedIsWiped) {
  SecretBuffer secret = *SecretBuffer::Allocate(4);
  const absl::Span<uint8_t> bytes =
      secret.MutableBytes(UnsafeSecretAccess::Get());
  std::fill(bytes.begin(), bytes.end(), 0x55);

  secret.Truncate(1);

  EXPECT_EQ(secret.size(), 1u);
  EXPECT_EQ(bytes[0], 0x55);
  EXPECT_EQ(bytes[1] | bytes[2] | bytes[3], 0);
}

TEST(SecretBufferTest, AMovedFromBufferIsEmpty) {
  SecretBuffer secret = *SecretBuffer::Allocate(4);
  const SecretBuffer moved = std::move(secret);

  EXPECT_EQ(secret.size(), 0u);
  EXPECT_EQ(moved.size(), 4u);
}

}  // namespace
}  // namespace subrosa
