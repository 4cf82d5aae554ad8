#include "src/crypto/age_writer.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "src/crypto/age_reader.h"
#include "src/crypto/age_scrypt.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

SecretBuffer Secret(absl::string_view text) {
  return *SecretBuffer::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                          text.size()),
      UnsafeSecretAccess::Get());
}

AgeWriteOptions Threads(int threads) {
  AgeWriteOptions options;
  options.threads = threads;
  return options;
}

std::string Varied(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<char>(i * 151 + i / 65536);
  }
  return bytes;
}

absl::StatusOr<std::string> Decrypt(const std::string& file,
                                    const AgeIdentity& identity) {
  StringSource source(file);
  std::string plaintext;
  StringSink sink(&plaintext);
  const absl::Status status =
      AgeDecrypt(&source, {&identity}, AgeReadOptions(), &sink);
  if (!status.ok()) return status;
  return plaintext;
}

// Writes `plaintext` in parts of `part` bytes.
std::string Encrypt(const std::string& plaintext, size_t part,
                    const X25519Identity& to, const AgeWriteOptions& options) {
  std::string file;
  StringSink out(&file);
  auto writer = *AgeWriter::Create({&to.recipient()}, options, &out);
  for (size_t at = 0; at < plaintext.size(); at += part) {
    EXPECT_TRUE(writer->Append(plaintext.substr(at, part)).ok());
  }
  EXPECT_TRUE(writer->Finish().ok());
  return file;
}

TEST(AgeWriterTest, WhatIsWrittenOpensWhateverItsLengthAndPartsAndThreads) {
  const X25519Identity anna = *X25519Identity::Generate();
  for (const size_t size :
       {size_t{0}, size_t{1}, kAgeChunkBytes - 1, kAgeChunkBytes,
        kAgeChunkBytes + 1, 4 * kAgeChunkBytes, 4 * kAgeChunkBytes + 1,
        8 * kAgeChunkBytes, 30 * kAgeChunkBytes + 5}) {
    const std::string plaintext = Varied(size);
    for (const int threads : {1, 2, 5}) {
      for (const size_t part : {size_t{1000}, size_t{1} << 30}) {
        EXPECT_TRUE(
            Decrypt(Encrypt(plaintext, part, anna, Threads(threads)), anna)
                .value() == plaintext)
            << size;
      }
    }
  }
}

TEST(AgeWriterTest, EveryRecipientOpensTheFileAndNobodyElse) {
  const X25519Identity anna = *X25519Identity::Generate();
  const X25519Identity boris = *X25519Identity::Generate();
  const X25519Identity eve = *X25519Identity::Generate();
  const std::string text = "under the rose";
  StringSource source(text);
  std::string file;
  StringSink out(&file);

  ASSERT_TRUE(AgeEncrypt(&source, {&anna.recipient(), &boris.recipient()},
                         AgeWriteOptions(), &out)
                  .ok());

  EXPECT_EQ(Decrypt(file, anna).value(), text);
  EXPECT_EQ(Decrypt(file, boris).value(), text);
  EXPECT_TRUE(absl::IsPermissionDenied(Decrypt(file, eve).status()));
}

TEST(AgeWriterTest, APassphraseAndArmorWork) {
  const std::string text = "under the rose";
  StringSource source(text);
  std::string file;
  StringSink out(&file);
  const ScryptRecipient recipient = *ScryptRecipient::Create(Secret("rose"), 4);
  AgeWriteOptions options;
  options.armor = true;

  ASSERT_TRUE(AgeEncrypt(&source, {&recipient}, options, &out).ok());

  EXPECT_TRUE(absl::StartsWith(file, "-----BEGIN AGE ENCRYPTED FILE-----\n"));
  EXPECT_EQ(Decrypt(file, *ScryptIdentity::Create(Secret("rose"))).value(),
            text);
}

TEST(AgeWriterTest, AFileIsAsLongAsTheFormatSays) {
  const X25519Identity anna = *X25519Identity::Generate();
  const std::string file =
      Encrypt(Varied(2 * kAgeChunkBytes), 1 << 20, anna, Threads(2));
  const size_t header = file.find('\n', file.find("\n---") + 1) + 1;

  // Two full chunks and no empty third one.
  EXPECT_EQ(file.size(), header + 16 + 2 * kAgeSealedChunkBytes);
}

TEST(AgeWriterTest, ThePlaintextIsNowhereInTheFile) {
  const X25519Identity anna = *X25519Identity::Generate();

  const std::string file =
      Encrypt("PLANTED-VALUE", 1 << 20, anna, AgeWriteOptions());

  EXPECT_FALSE(absl::StrContains(file, "PLANTED"));
}

TEST(AgeWriterTest, AFileWithoutRecipientsIsRefused) {
  std::string file;
  StringSink out(&file);

  const absl::Status status =
      AgeWriter::Create({}, AgeWriteOptions(), &out).status();

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "age.recipients: want at least 1, got 0");
  EXPECT_EQ(file, "");
}

TEST(AgeWriterTest, APassphraseBesideAKeyIsRefused) {
  const X25519Identity anna = *X25519Identity::Generate();
  const ScryptRecipient rose = *ScryptRecipient::Create(Secret("rose"), 4);
  std::string file;
  StringSink out(&file);

  const absl::Status status =
      AgeWriter::Create({&anna.recipient(), &rose}, AgeWriteOptions(), &out)
          .status();

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(file, "");
}

TEST(AgeWriterTest, ThreadsOutOfBoundsAreRefused) {
  const X25519Identity anna = *X25519Identity::Generate();
  std::string file;
  StringSink out(&file);
  for (const int threads : {-1, 0, 17}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        AgeWriter::Create({&anna.recipient()}, Threads(threads), &out)
            .status()));
  }
}

TEST(AgeWriterTest, AFileThatWasNotFinishedDoesNotOpen) {
  const X25519Identity anna = *X25519Identity::Generate();
  std::string file;
  {
    StringSink out(&file);
    auto writer = *AgeWriter::Create({&anna.recipient()}, Threads(1), &out);
    ASSERT_TRUE(writer->Append(Varied(600000)).ok());
  }

  EXPECT_TRUE(absl::IsInvalidArgument(Decrypt(file, anna).status()));
}

TEST(AgeWriterTest, NothingCanBeAddedAfterTheEnd) {
  const X25519Identity anna = *X25519Identity::Generate();
  std::string file;
  StringSink out(&file);
  auto writer =
      *AgeWriter::Create({&anna.recipient()}, AgeWriteOptions(), &out);
  ASSERT_TRUE(writer->Finish().ok());
  const std::string finished = file;

  EXPECT_TRUE(absl::IsFailedPrecondition(writer->Append("x")));
  EXPECT_TRUE(absl::IsFailedPrecondition(writer->Finish()));
  EXPECT_EQ(file, finished);
}

// Takes `room` bytes and then fails.
class SmallDisk : public ByteSink {
 public:
  explicit SmallDisk(size_t room) : room_(room) {}
  absl::Status Append(absl::string_view bytes) override {
    if (bytes.size() > room_) return absl::UnavailableError("disk: full");
    room_ -= bytes.size();
    return absl::OkStatus();
  }

 private:
  size_t room_;
};

TEST(AgeWriterTest, AFullDiskIsReportedWhereverItFillsAndStaysTheAnswer) {
  const X25519Identity anna = *X25519Identity::Generate();
  const std::string plaintext = Varied(3000000);
  for (const size_t room : {size_t{0}, size_t{500}, size_t{1000000}}) {
    SmallDisk disk(room);
    StringSource source(plaintext);
    EXPECT_TRUE(absl::IsUnavailable(
        AgeEncrypt(&source, {&anna.recipient()}, Threads(2), &disk)))
        << room;
  }
  SmallDisk disk(500);
  auto writer = *AgeWriter::Create({&anna.recipient()}, Threads(2), &disk);
  EXPECT_TRUE(absl::IsUnavailable(writer->Append(plaintext)));
  EXPECT_TRUE(absl::IsUnavailable(writer->Append("x")));
  EXPECT_TRUE(absl::IsUnavailable(writer->Finish()));
}

class BrokenSource : public ByteSource {
 public:
  absl::StatusOr<size_t> Read(absl::Span<char> out) override {
    if (left_-- == 0) return absl::UnavailableError("disk: I/O error");
    out[0] = 'x';
    return 1;
  }

 private:
  int left_ = 100;
};

TEST(AgeWriterTest, AFailureToReadThePlaintextLeavesNoFileThatOpens) {
  const X25519Identity anna = *X25519Identity::Generate();
  BrokenSource source;
  std::string file;
  StringSink out(&file);

  EXPECT_TRUE(absl::IsUnavailable(
      AgeEncrypt(&source, {&anna.recipient()}, AgeWriteOptions(), &out)));
  EXPECT_FALSE(Decrypt(file, anna).ok());
}

}  // namespace
}  // namespace subrosa
