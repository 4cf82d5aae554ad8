#include "src/crypto/keyring_file.h"

#include <sodium.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

// The least work that is accepted. No test here does it: the key is given.
KeyringKdf LeastWork() {
  KeyringKdf kdf;
  kdf.passes = 2;
  kdf.memory_kib = 65536;
  kdf.salt.fill(0x33);
  return kdf;
}

KeyringEntry Entry(uint64_t value) {
  KeyringEntry entry;
  entry.value = value;
  return entry;
}

KeyringEntry EntryWithSecret(uint64_t value) {
  KeyringEntry entry = Entry(value);
  entry.secret = *SecretKey::Random();
  return entry;
}

KeyringContent SmallContent() {
  KeyringContent content;
  content.generation = 5;
  content.entries[{KeyringEntryKind::kEpochObject, "acme", 1}] =
      EntryWithSecret(1700000000);
  content.entries[{KeyringEntryKind::kSigningKey, "log", 0}] =
      EntryWithSecret(0);
  content.entries[{KeyringEntryKind::kAnchor, "tree", 0}] = Entry(42);
  return content;
}

// `file` with a checksum that fits, as someone who tampers would leave it.
std::string WithChecksum(std::string file) {
  const size_t checked = file.size() - 32;
  auto* const bytes = reinterpret_cast<uint8_t*>(file.data());
  crypto_generichash_blake2b(bytes + checked, 32, bytes, checked, nullptr, 0);
  return file;
}

std::string WithNumber(std::string file, size_t at, uint32_t value) {
  StoreBigEndian(value, reinterpret_cast<uint8_t*>(file.data()) + at);
  return WithChecksum(std::move(file));
}

class KeyringFileTest : public testing::Test {
 protected:
  const SecretKey key_ = *SecretKey::Random();
  const KeyringContent content_ = SmallContent();
  const std::string file_ = *SealKeyring(key_, LeastWork(), content_);
};

TEST_F(KeyringFileTest, WhatIsSealedComesBack) {
  EXPECT_TRUE(*ParseKeyringKdf(file_) == LeastWork());

  const absl::StatusOr<KeyringContent> opened = OpenKeyring(key_, file_);

  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->generation, 5u);
  ASSERT_EQ(opened->entries.size(), 3u);
  auto want = content_.entries.begin();
  for (const auto& [name, entry] : opened->entries) {
    EXPECT_EQ(name.kind, want->first.kind);
    EXPECT_EQ(name.name, want->first.name);
    EXPECT_EQ(name.number, want->first.number);
    EXPECT_EQ(entry.value, want->second.value);
    ASSERT_EQ(entry.secret.has_value(), want->second.secret.has_value());
    if (entry.secret.has_value()) {
      EXPECT_TRUE(entry.secret->Equals(*want->second.secret));
    }
    ++want;
  }
}

TEST_F(KeyringFileTest, NamesAndSecretsDoNotShow) {
  EXPECT_FALSE(absl::StrContains(file_, "acme"));
  const uint8_t* const secret =
      content_.entries.begin()->second.secret->Bytes(UnsafeSecretAccess::Get());
  EXPECT_FALSE(absl::StrContains(
      file_, absl::string_view(reinterpret_cast<const char*>(secret), 8)));
}

TEST_F(KeyringFileTest, EveryFlippedBitIsDamageAndNotAWrongPassphrase) {
  for (size_t bit = 0; bit < file_.size() * 8; ++bit) {
    std::string bad = file_;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));

    const absl::Status status = ParseKeyringKdf(bad).status();

    EXPECT_EQ(status.code(), bit < 64 ? absl::StatusCode::kInvalidArgument
                                      : absl::StatusCode::kDataLoss)
        << bit;
    EXPECT_EQ(OpenKeyring(key_, bad).status(), status);
  }
}

TEST_F(KeyringFileTest, EveryBitFlippedBySomeoneWhoMendsTheChecksumIsNoticed) {
  for (size_t bit = 0; bit < (file_.size() - 32) * 8; ++bit) {
    std::string bad = file_;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));

    EXPECT_FALSE(OpenKeyring(key_, WithChecksum(bad)).ok()) << bit;
  }
}

TEST_F(KeyringFileTest, TruncatedOrExtendedItIsDamaged) {
  for (size_t size = 0; size < file_.size(); ++size) {
    const absl::Status status =
        OpenKeyring(key_, file_.substr(0, size)).status();
    EXPECT_EQ(status.code(), size < 8 ? absl::StatusCode::kInvalidArgument
                                      : absl::StatusCode::kDataLoss)
        << size;
  }
  EXPECT_TRUE(
      absl::IsDataLoss(OpenKeyring(key_, absl::StrCat(file_, "x")).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      OpenKeyring(key_, absl::StrCat(file_, std::string(3 << 20, 'x')))
          .status()));
  EXPECT_FALSE(OpenKeyring(key_, WithChecksum(absl::StrCat(file_, "x"))).ok());
}

TEST_F(KeyringFileTest, AnotherPassphrasesKeyIsRefusedWithWhatToDo) {
  const absl::Status status = OpenKeyring(*SecretKey::Random(), file_).status();

  EXPECT_TRUE(absl::IsPermissionDenied(status));
  EXPECT_TRUE(absl::StrContains(status.message(), "check the passphrase file"));
}

TEST_F(KeyringFileTest, ParametersThatAskForTooMuchOrTooLittleAreRefused) {
  const struct {
    size_t at;
    uint32_t value;
    absl::string_view want;
  } kCases[] = {
      {12, 1, "keyring.passes: want 2 to 16, got 1"},
      {12, 0, "keyring.passes: want 2 to 16, got 0"},
      {12, 17, "keyring.passes: want 2 to 16, got 17"},
      {12, 0xFFFFFFFF, "keyring.passes: want 2 to 16, got 4294967295"},
      {16, 65535, "keyring.memory: want 65536 to 1048576 KiB, got 65535"},
      {16, 1048577, "keyring.memory: want 65536 to 1048576 KiB, got 1048577"},
      {16, 0xFFFFFFFF,
       "keyring.memory: want 65536 to 1048576 KiB, got 4294967295"},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(ParseKeyringKdf(WithNumber(file_, test.at, test.value)).status(),
              absl::InvalidArgumentError(test.want));
  }
}

TEST_F(KeyringFileTest, AnUnknownDerivationIsRefused) {
  for (const size_t at : {8, 9, 10, 11}) {
    std::string bad = file_;
    bad[at] = 2;
    EXPECT_TRUE(
        absl::IsInvalidArgument(ParseKeyringKdf(WithChecksum(bad)).status()));
  }
}

TEST_F(KeyringFileTest, CheaperParametersThatAreAllowedDoNotOpenTheFile) {
  const std::string cheaper = WithNumber(file_, 12, 3);

  EXPECT_TRUE(ParseKeyringKdf(cheaper).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(OpenKeyring(key_, cheaper).status()));
}

TEST_F(KeyringFileTest, TooManyEntriesAreRefused) {
  KeyringContent content;
  for (uint32_t i = 0; i <= kMaxKeyringEntries; ++i) {
    content.entries[{KeyringEntryKind::kAnchor, absl::StrCat("a", i), 0}] =
        Entry(i);
  }
  EXPECT_TRUE(absl::IsResourceExhausted(
      SealKeyring(key_, LeastWork(), content).status()));

  content.entries.erase(content.entries.begin());
  const absl::StatusOr<std::string> most =
      SealKeyring(key_, LeastWork(), content);
  ASSERT_TRUE(most.ok());
  EXPECT_EQ(OpenKeyring(key_, *most)->entries.size(), kMaxKeyringEntries);
}

TEST_F(KeyringFileTest, TheLargestKeyringFitsTheLimitOnReading) {
  KeyringContent content;
  for (uint32_t i = 0; i < kMaxKeyringEntries; ++i) {
    KeyringEntryName name{KeyringEntryKind::kEpochObject, std::string(128, 'e'),
                          i};
    content.entries.emplace(std::move(name), EntryWithSecret(0));
  }
  const absl::StatusOr<std::string> file =
      SealKeyring(key_, LeastWork(), content);

  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_LE(file->size(), kMaxKeyringFileBytes);
  EXPECT_TRUE(OpenKeyring(key_, *file).ok());
}

TEST(ProviderNameTest, NamesAreShortPrintableAscii) {
  EXPECT_TRUE(CheckProviderName("entity", "acme/eu:2026~").ok());
  EXPECT_TRUE(CheckProviderName("entity", std::string(128, 'x')).ok());
  for (const std::string& bad :
       {std::string(), std::string("a b"), std::string("a\n"),
        std::string("\xC3\xA9"), std::string(1, '\0'), std::string(129, 'x')}) {
    const absl::Status status = CheckProviderName("entity", bad);
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_TRUE(absl::StartsWith(status.message(), "entity: want 1 to 128"));
  }
}

TEST(KeyringKeyTest, WorkOutOfBoundsIsRefusedBeforeItIsDone) {
  const SecretBuffer passphrase = *SecretBuffer::Allocate(4);
  KeyringKdf kdf = LeastWork();
  kdf.memory_kib = 4u << 20;

  EXPECT_TRUE(absl::IsInvalidArgument(KeyringKeyOf(passphrase, kdf).status()));
}

}  // namespace
}  // namespace subrosa
