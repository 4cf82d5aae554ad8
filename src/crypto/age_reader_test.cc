#include "src/crypto/age_reader.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/age_scrypt.h"
#include "src/crypto/age_writer.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

// Written by a second implementation (tests/fuzz/age_seeds.py) to the key
// 00 01 ... 1f.
constexpr char kIdentity[] =
    "AGE-SECRET-KEY-"
    "1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG";
constexpr char kForeignFile[] =
    R"(-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBmWndrTVdVNWdsd1lsdVYv
S0JsM1Juazg1Z3krNDYxSDJwMEh1RitsWGlvClovbS90L25lMFc0MlE3OGg0b3Jp
WXRNblkxakl4Zitpa0duWFhERmx4cGMKLS0tIGpvTVh0SEFXWUlSZE40M25lYTJi
cnY4bElXaUJLWjJjQ3l1Y2VVcWZDejQKbm5ubm5ubm5ubm5ubm5ubn72s1k+qffl
QWrK5NwMA2mM8mea2OO6BdW1YPup0g==
-----END AGE ENCRYPTED FILE-----
)";

SecretBuffer Secret(absl::string_view text) {
  return *SecretBuffer::FromBytes(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()),
                          text.size()),
      UnsafeSecretAccess::Get());
}

AgeReadOptions Threads(int threads) {
  AgeReadOptions options;
  options.threads = threads;
  return options;
}

struct Opened {
  std::string plaintext;
  absl::Status status;
};

Opened Open(const std::string& file, const AgeIdentity& identity,
            int threads = 1) {
  Opened opened;
  StringSource source(file);
  StringSink sink(&opened.plaintext);
  opened.status = AgeDecrypt(&source, {&identity}, Threads(threads), &sink);
  return opened;
}

std::string FileTo(const X25519Identity& identity, const std::string& plaintext,
                   bool armor = false) {
  AgeWriteOptions options;
  options.armor = armor;
  StringSource source(plaintext);
  std::string file;
  StringSink sink(&file);
  EXPECT_TRUE(
      AgeEncrypt(&source, {&identity.recipient()}, options, &sink).ok());
  return file;
}

// Where the payload's chunks start.
size_t ChunksOf(const std::string& file) {
  return file.find('\n', file.find("\n---") + 1) + 1 + 16;
}

TEST(AgeReaderTest, AFileOfASecondImplementationIsRead) {
  const X25519Identity identity = *X25519Identity::Parse(Secret(kIdentity));

  const Opened opened = Open(kForeignFile, identity);

  EXPECT_TRUE(opened.status.ok()) << opened.status;
  EXPECT_EQ(opened.plaintext, "under the rose");
}

TEST(AgeReaderTest, SmallReadsGiveTheSameAndThenNoughtForEver) {
  const X25519Identity anna = *X25519Identity::Generate();
  const std::string text(150000, 'r');
  const std::string file = FileTo(anna, text);
  StringSource source(file);
  auto reader = *AgeReader::Open(&source, {&anna}, Threads(2));
  std::string read;
  char part[1000];
  for (;;) {
    const size_t got = *reader->Read(absl::MakeSpan(part));
    if (got == 0) break;
    read.append(part, got);
  }

  EXPECT_EQ(*reader->Read(absl::MakeSpan(part)), 0u);
  EXPECT_TRUE(read == text);
}

TEST(AgeReaderTest, AnyOfSeveralIdentitiesMayOpenTheFile) {
  const X25519Identity anna = *X25519Identity::Generate();
  const X25519Identity boris = *X25519Identity::Generate();
  const ScryptIdentity rose = *ScryptIdentity::Create(Secret("rose"));
  const std::string file = FileTo(boris, "x");
  StringSource source(file);

  EXPECT_TRUE(
      AgeReader::Open(&source, {&rose, &anna, &boris}, Threads(1)).ok());
}

TEST(AgeReaderTest, WithoutTheRightIdentityTheFileIsDenied) {
  const X25519Identity anna = *X25519Identity::Generate();
  const X25519Identity eve = *X25519Identity::Generate();
  const std::string file = FileTo(anna, "x");

  const absl::Status denied = Open(file, eve).status;
  StringSource source(file);
  const absl::Status none = AgeReader::Open(&source, {}, Threads(1)).status();

  EXPECT_TRUE(absl::IsPermissionDenied(denied));
  EXPECT_EQ(denied.message(),
            "age.identities: want the key of a recipient, got 1 that do not "
            "open the file");
  EXPECT_TRUE(absl::IsPermissionDenied(none));
}

TEST(AgeReaderTest, EveryBitFlippedInASmallFileIsNoticed) {
  const X25519Identity anna = *X25519Identity::Generate();
  std::string file = FileTo(anna, "under the rose");
  for (size_t bit = 0; bit < 8 * file.size(); ++bit) {
    file[bit / 8] ^= 1 << (bit % 8);
    const Opened opened = Open(file, anna);
    EXPECT_FALSE(opened.status.ok()) << bit;
    EXPECT_TRUE(absl::IsInvalidArgument(opened.status) ||
                absl::IsPermissionDenied(opened.status))
        << opened.status;
    EXPECT_EQ(opened.plaintext, "");
    file[bit / 8] ^= 1 << (bit % 8);
  }
  EXPECT_TRUE(Open(file, anna).status.ok());
}

TEST(AgeReaderTest, EveryTruncationOfASmallFileIsNoticed) {
  const X25519Identity anna = *X25519Identity::Generate();
  for (const bool armor : {false, true}) {
    const std::string file = FileTo(anna, "under the rose", armor);
    // The newline behind the armor may be missing.
    const size_t whole = file.size() - (armor ? 1 : 0);
    for (size_t size = 0; size < whole; ++size) {
      const Opened opened = Open(file.substr(0, size), anna);
      EXPECT_TRUE(absl::IsInvalidArgument(opened.status)) << size;
    }
    EXPECT_FALSE(Open(file + "x", anna).status.ok());
  }
}

TEST(AgeReaderTest, ChunksCannotBeDroppedMovedRepeatedOrAdded) {
  const X25519Identity anna = *X25519Identity::Generate();
  const std::string text(10 * kAgeChunkBytes, 'r');
  const std::string file = FileTo(anna, text);
  const size_t start = ChunksOf(file);
  const auto chunk = [&](size_t i) {
    return file.substr(start + i * kAgeSealedChunkBytes, kAgeSealedChunkBytes);
  };
  const std::string front = file.substr(0, start);
  std::string dropped_last;
  std::string dropped_first;
  std::string swapped = front + chunk(1) + chunk(0);
  for (size_t i = 0; i < 10; ++i) {
    if (i < 9) dropped_last += chunk(i);
    if (i > 0) dropped_first += chunk(i);
    if (i > 1) swapped += chunk(i);
  }
  const struct {
    std::string file;
    size_t released_chunks;
    const char* wanted;
  } kCases[] = {
      {front + dropped_last, 9, "chunk[8]: want more chunks, got the end"},
      {front + dropped_first, 0, "chunk[0]: does not open"},
      {swapped, 0, "chunk[0]: does not open"},
      {file + chunk(9), 10, "chunk[9]: want the end of the file, got more"},
      {file + "x", 10, "chunk[9]: want the end of the file, got more"},
      {file.substr(0, file.size() - 1), 9, "chunk[9]: does not open"},
      {file.substr(0, start + 9 * kAgeSealedChunkBytes + 16), 9,
       "chunk[9]: want a last chunk that is not empty"},
      {file.substr(0, start + 9 * kAgeSealedChunkBytes + 15), 9,
       "chunk[9]: want at least 16 bytes, got 15"},
      {front, 0, "chunk[0]: want at least 16 bytes, got 0"},
  };
  for (const auto& c : kCases) {
    for (const int threads : {1, 2, 4}) {
      const Opened opened = Open(c.file, anna, threads);
      EXPECT_TRUE(absl::IsInvalidArgument(opened.status));
      EXPECT_TRUE(absl::StrContains(opened.status.message(), c.wanted))
          << opened.status;
      EXPECT_EQ(opened.plaintext.size(), c.released_chunks * kAgeChunkBytes);
    }
  }
}

TEST(AgeReaderTest, AnErrorStaysTheAnswer) {
  const X25519Identity anna = *X25519Identity::Generate();
  std::string file = FileTo(anna, "x");
  file.pop_back();
  StringSource source(file);
  auto reader = *AgeReader::Open(&source, {&anna}, Threads(1));
  char byte;

  EXPECT_FALSE(reader->Read(absl::MakeSpan(&byte, 1)).ok());
  EXPECT_FALSE(reader->Read(absl::MakeSpan(&byte, 1)).ok());
}

TEST(AgeReaderTest, WhatIsNoAgeFileIsNamedAsSuch) {
  const X25519Identity anna = *X25519Identity::Generate();
  for (const char* file : {"", "x", "age-encryption.org/v2\n", "PK\x03\x04"}) {
    const absl::Status status = Open(file, anna).status;
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_TRUE(absl::StartsWith(status.message(), "age.header")) << status;
  }
  const absl::Status text = Open("-- \nhello\n", anna).status;
  EXPECT_TRUE(absl::StartsWith(text.message(), "age.armor: line 1")) << text;
}

TEST(AgeReaderTest, AChangedHeaderIsNamedWhoeverChangedIt) {
  const X25519Identity anna = *X25519Identity::Generate();
  std::string file = FileTo(anna, "x");
  file.insert(file.find("---"), "-> grease\n\n");

  const absl::Status status = Open(file, anna).status;

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_TRUE(absl::StartsWith(status.message(), "age.header.mac: want"));
}

TEST(AgeReaderTest, APassphraseBesideAKeyIsRefusedForEverybody) {
  const X25519Identity anna = *X25519Identity::Generate();
  std::string file = FileTo(anna, "x");
  file.insert(file.find("---"),
              absl::StrCat("-> scrypt ", std::string(22, 'A'), " 1\n",
                           std::string(43, 'A'), "\n"));

  const absl::Status status = Open(file, anna).status;

  EXPECT_EQ(status.message(),
            "age.header.stanza[1]: want a passphrase to be the only recipient, "
            "got 2");
}

// Gives `file` a little at a time, then fails.
class FailingSource : public ByteSource {
 public:
  explicit FailingSource(absl::string_view file) : file_(file) {}
  absl::StatusOr<size_t> Read(absl::Span<char> out) override {
    absl::StatusOr<size_t> got = file_.Read(out.subspan(0, 1000));
    if (*got == 0) return absl::UnavailableError("disk: I/O error");
    return got;
  }

 private:
  StringSource file_;
};

TEST(AgeReaderTest, AFailureToReadIsTheFilesAnswerAfterItsGoodChunks) {
  const X25519Identity anna = *X25519Identity::Generate();
  const std::string file = FileTo(anna, std::string(700000, 'r'));
  const size_t good = 5;
  FailingSource source(absl::string_view(file).substr(
      0, ChunksOf(file) + good * kAgeSealedChunkBytes + 100));
  std::string plaintext;
  StringSink sink(&plaintext);

  const absl::Status status = AgeDecrypt(&source, {&anna}, Threads(2), &sink);

  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_EQ(plaintext.size(), good * kAgeChunkBytes);
}

// Gives `size` zeros.
class ZeroSource : public ByteSource {
 public:
  explicit ZeroSource(size_t size) : left_(size) {}
  absl::StatusOr<size_t> Read(absl::Span<char> out) override {
    const size_t size = std::min(left_, out.size());
    std::memset(out.data(), 0, size);
    left_ -= size;
    return size;
  }

 private:
  size_t left_;
};

class CountingSink : public ByteSink {
 public:
  absl::Status Append(absl::string_view bytes) override {
    count_ += bytes.size();
    return absl::OkStatus();
  }
  size_t count() const { return count_; }

 private:
  size_t count_ = 0;
};

// Encrypts and decrypts `size` bytes through a pipe, both at once. Returns how
// many came out.
size_t Stream(const X25519Identity& identity, size_t size) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const UniqueFd reader(ends[0]);
  std::thread writer([&identity, size, end = ends[1]] {
    const UniqueFd fd(end);
    ZeroSource source(size);
    FdSink sink(end, "pipe");
    AgeWriteOptions options;
    options.armor = true;
    EXPECT_TRUE(
        AgeEncrypt(&source, {&identity.recipient()}, options, &sink).ok());
  });
  FdSource source(reader.get(), "pipe");
  CountingSink sink;
  EXPECT_TRUE(AgeDecrypt(&source, {&identity}, Threads(2), &sink).ok());
  writer.join();
  return sink.count();
}

int64_t PeakKibibytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(AgeReaderTest, ALongFileTakesNoMoreMemoryThanAShortOne) {
  const X25519Identity anna = *X25519Identity::Generate();
  ASSERT_EQ(Stream(anna, 32 << 20), size_t{32} << 20);
  const int64_t before = PeakKibibytes();

  ASSERT_EQ(Stream(anna, 256 << 20), size_t{256} << 20);

  // Sanitizers hold some freed memory back; 224 MiB more would be the file.
  EXPECT_LT(PeakKibibytes() - before, 64 * 1024);
}

TEST(AgeReaderTest, ThreadsOutOfBoundsAreRefused) {
  const X25519Identity anna = *X25519Identity::Generate();
  for (const int threads : {-1, 0, 17}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Open("", anna, threads).status));
  }
}

}  // namespace
}  // namespace subrosa
