#include "src/crypto/envelope.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr absl::string_view kCanary = "canary-9026: slept badly";
constexpr absl::string_view kDataRef = "data-ref-16bytes";
constexpr absl::string_view kRecordRef = "record-16-bytes!";

EnvelopeContext Journal() {
  EnvelopeContext context;
  context.entity = "acme";
  context.data_ref = kDataRef;
  context.record_ref = kRecordRef;
  context.revision = 3;
  context.schema = "subrosa.v1.JournalEntry";
  context.purpose = "sleep-coaching";
  return context;
}

KeyRef SomeKey() {
  KeyRef ref;
  ref.id.fill(0xA5);
  ref.version = 7;
  return ref;
}

struct Form {
  Suite suite;
  Padding padding;
};

class EnvelopeTest : public testing::TestWithParam<Form> {
 protected:
  SealOptions Options() const {
    SealOptions options;
    options.suite = GetParam().suite;
    options.padding = GetParam().padding;
    return options;
  }

  std::string Sealed(absl::string_view plaintext) {
    std::string envelope;
    const absl::Status status =
        Seal(key_, SomeKey(), Journal(), plaintext, Options(), &envelope);
    EXPECT_TRUE(status.ok()) << status;
    return envelope;
  }

  // Why it does not open; OK if it does, and then what it said is in opened_.
  absl::Status Opening(absl::string_view envelope,
                       const EnvelopeContext& context = Journal()) {
    return Open(key_, context, envelope, &opened_);
  }

  void ExpectDoesNotOpen(absl::string_view envelope,
                         const EnvelopeContext& context = Journal()) {
    opened_ = "before";
    EXPECT_EQ(Opening(envelope, context),
              absl::InvalidArgumentError("envelope: does not open"));
    EXPECT_EQ(opened_, "");
  }

  const SecretKey key_ = *SecretKey::Random();
  std::string opened_;
};

INSTANTIATE_TEST_SUITE_P(
    Forms, EnvelopeTest,
    testing::Values(Form{Suite::kChaCha20Poly1305, Padding::kNone},
                    Form{Suite::kChaCha20Poly1305, Padding::kBuckets},
                    Form{Suite::kAes256Gcm, Padding::kNone},
                    Form{Suite::kAes256Gcm, Padding::kBuckets}));

TEST_P(EnvelopeTest, WhatIsSealedComesBackAtEveryLength) {
  for (const size_t size : {0, 1, 15, 16, 63, 64, 255, 256, 257, 1000, 2047,
                            2048, 2049, 4096, 65536, 1000001}) {
    const std::string plaintext(size, 'p');

    const std::string envelope = Sealed(plaintext);

    EXPECT_EQ(envelope.size(), SealedSize(size, Options()));
    ASSERT_TRUE(Opening(envelope).ok()) << size;
    EXPECT_EQ(opened_, plaintext) << size;
  }
}

TEST_P(EnvelopeTest, TheEnvelopeShowsNothingOfItsContent) {
  const std::string envelope = Sealed(kCanary);

  EXPECT_FALSE(absl::StrContains(envelope, "canary"));
  for (const absl::string_view hidden :
       {absl::string_view("acme"), kDataRef, kRecordRef,
        absl::string_view("JournalEntry"), absl::string_view("coaching")}) {
    EXPECT_FALSE(absl::StrContains(envelope, hidden)) << hidden;
  }
}

TEST_P(EnvelopeTest, TheHeaderNamesTheKeyAndTheForm) {
  const absl::StatusOr<EnvelopeHeader> header =
      ParseEnvelopeHeader(Sealed(kCanary));

  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->suite, GetParam().suite);
  EXPECT_EQ(header->padding, GetParam().padding);
  EXPECT_EQ(header->key.id, SomeKey().id);
  EXPECT_EQ(header->key.version, 7u);
}

TEST_P(EnvelopeTest, TwoEnvelopesOfOneRecordLookUnrelated) {
  EXPECT_NE(Sealed(kCanary).substr(28), Sealed(kCanary).substr(28));
}

TEST_P(EnvelopeTest, EveryFlippedBitIsNoticedAndReadsAlike) {
  const std::string envelope = Sealed(kCanary);

  for (size_t bit = 0; bit < envelope.size() * 8; ++bit) {
    std::string bad = envelope;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    ExpectDoesNotOpen(bad);
  }
}

TEST_P(EnvelopeTest, EverySuiteAndFlagByteButTheRightOneFails) {
  const std::string envelope = Sealed(kCanary);

  for (const size_t at : {4, 5}) {
    for (int value = 0; value < 256; ++value) {
      std::string bad = envelope;
      if (bad[at] == static_cast<char>(value)) continue;
      bad[at] = static_cast<char>(value);
      ExpectDoesNotOpen(bad);
    }
  }
}

TEST_P(EnvelopeTest, TruncatedOrExtendedItDoesNotOpen) {
  const std::string envelope = Sealed(kCanary);

  for (size_t size = 0; size < envelope.size(); ++size) {
    ExpectDoesNotOpen(envelope.substr(0, size));
  }
  ExpectDoesNotOpen(absl::StrCat(envelope, "x"));
  ExpectDoesNotOpen(absl::StrCat(envelope, std::string(4096, '\0')));
}

TEST_P(EnvelopeTest, AnEnvelopeInAnotherPlaceDoesNotOpen) {
  const std::string envelope = Sealed(kCanary);
  const std::function<void(EnvelopeContext*)> kMoves[] = {
      [](EnvelopeContext* to) { to->entity = "acmf"; },
      [](EnvelopeContext* to) { to->data_ref = "data-ref-16byteS"; },
      [](EnvelopeContext* to) { to->record_ref = "record-16-bytes?"; },
      [](EnvelopeContext* to) { to->revision = 2; },
      [](EnvelopeContext* to) { to->schema = "subrosa.v1.JournalEntr"; },
      [](EnvelopeContext* to) { to->purpose = "advertising"; },
      [](EnvelopeContext* to) { to->purpose = ""; },
      [](EnvelopeContext* to) { std::swap(to->data_ref, to->record_ref); },
      [](EnvelopeContext* to) {
        to->schema = "subrosa.v1.JournalEntrys";
        to->purpose = "leep-coaching";
      },
  };

  for (const auto& move : kMoves) {
    EnvelopeContext elsewhere = Journal();
    move(&elsewhere);
    ExpectDoesNotOpen(envelope, elsewhere);
  }
}

TEST_P(EnvelopeTest, AnotherConsumersKeyDoesNotOpenIt) {
  const SecretKey other = *SecretKey::Random();

  EXPECT_EQ(Open(other, Journal(), Sealed(kCanary), &opened_),
            absl::InvalidArgumentError("envelope: does not open"));
}

TEST_P(EnvelopeTest, ABufferTooSmallForThePayloadIsRefusedAndNamed) {
  const std::string envelope = Sealed(kCanary);
  std::vector<uint8_t> buffer(envelope.size() - kEnvelopeOverheadBytes - 1,
                              0x55);

  const absl::Status status =
      OpenTo(key_, Journal(), envelope, absl::MakeSpan(buffer)).status();

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_TRUE(absl::StartsWith(status.message(), "plaintext: want a buffer"));
  EXPECT_EQ(buffer, std::vector<uint8_t>(buffer.size(), 0));
}

TEST_P(EnvelopeTest, ALargerBufferHoldsThePlaintextAndThenZeros) {
  const std::string envelope = Sealed(kCanary);
  std::vector<uint8_t> buffer(envelope.size(), 0x55);

  const absl::StatusOr<size_t> size =
      OpenTo(key_, Journal(), envelope, absl::MakeSpan(buffer));

  ASSERT_TRUE(size.ok());
  EXPECT_EQ(std::string(buffer.begin(), buffer.begin() + *size), kCanary);
  for (size_t i = *size; i < buffer.size(); ++i) EXPECT_EQ(buffer[i], 0) << i;
}

TEST_P(EnvelopeTest, AFailedOpeningLeavesZerosInTheBuffer) {
  std::string envelope = Sealed(std::string(5000, 'p'));
  envelope.back() = static_cast<char>(envelope.back() ^ 1);
  std::vector<uint8_t> buffer(envelope.size(), 0x55);

  EXPECT_FALSE(OpenTo(key_, Journal(), envelope, absl::MakeSpan(buffer)).ok());

  EXPECT_EQ(buffer, std::vector<uint8_t>(buffer.size(), 0));
}

TEST_P(EnvelopeTest, ASealBufferOfAnotherSizeIsRefused) {
  const size_t right = SealedSize(kCanary.size(), Options());
  for (const size_t size : {size_t{0}, right - 1, right + 1}) {
    std::vector<uint8_t> buffer(size, 0x55);

    const absl::Status status = SealTo(key_, SomeKey(), Journal(), kCanary,
                                       Options(), absl::MakeSpan(buffer));

    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_FALSE(absl::StrContains(status.message(), "canary"));
    EXPECT_EQ(buffer, std::vector<uint8_t>(size, 0));
  }
}

TEST_P(EnvelopeTest, AContextOutOfItsBoundsIsNamed) {
  const std::string long_text(257, 'x');
  const struct {
    std::function<void(EnvelopeContext*)> spoil;
    absl::string_view want;
  } kCases[] = {
      {[](EnvelopeContext* to) { to->entity = ""; },
       "context.entity: want 1 to 128 bytes, got 0"},
      {[&](EnvelopeContext* to) { to->entity = long_text; },
       "context.entity: want 1 to 128 bytes, got 257"},
      {[](EnvelopeContext* to) { to->data_ref = "short"; },
       "context.data_ref: want 16 bytes, got 5"},
      {[](EnvelopeContext* to) { to->record_ref = ""; },
       "context.record_ref: want 16 bytes, got 0"},
      {[](EnvelopeContext* to) { to->schema = ""; },
       "context.schema: want 1 to 256 bytes, got 0"},
      {[&](EnvelopeContext* to) { to->schema = long_text; },
       "context.schema: want 1 to 256 bytes, got 257"},
      {[&](EnvelopeContext* to) { to->purpose = long_text; },
       "context.purpose: want 0 to 64 bytes, got 257"},
  };
  const std::string envelope = Sealed(kCanary);
  for (const auto& test : kCases) {
    EnvelopeContext context = Journal();
    test.spoil(&context);

    EXPECT_EQ(Opening(envelope, context),
              absl::InvalidArgumentError(test.want));
    std::string sealed = "before";
    EXPECT_EQ(Seal(key_, SomeKey(), context, kCanary, Options(), &sealed),
              absl::InvalidArgumentError(test.want));
    EXPECT_EQ(sealed, "");
  }
}

TEST(EnvelopeHeaderTest, EachFieldThatCannotBeIsNamed) {
  const SecretKey key = *SecretKey::Random();
  std::string good;
  ASSERT_TRUE(Seal(key, SomeKey(), Journal(), kCanary, {}, &good).ok());
  const struct {
    size_t at;
    char value;
    absl::string_view want;
  } kCases[] = {
      {0, 's', "envelope.magic: want `SBR1`, got other bytes"},
      {4, 0, "envelope.suite: want 1 or 2, got 0"},
      {4, 3, "envelope.suite: want 1 or 2, got 3"},
      {5, 2, "envelope.flags: want 0 or 1, got 2"},
      {6, 1, "envelope.header_size: want 76, got 332"},
      {7, 77, "envelope.header_size: want 76, got 77"},
  };
  for (const auto& test : kCases) {
    std::string bad = good;
    bad[test.at] = test.value;
    EXPECT_EQ(ParseEnvelopeHeader(bad).status(),
              absl::InvalidArgumentError(test.want));
  }
  EXPECT_EQ(
      ParseEnvelopeHeader(good.substr(0, 91)).status(),
      absl::InvalidArgumentError("envelope: want at least 92 bytes, got 91"));
}

TEST(EnvelopeHeaderTest, APaddedPayloadThatIsNoBucketIsRefused) {
  const SecretKey key = *SecretKey::Random();
  SealOptions options;
  options.padding = Padding::kBuckets;
  std::string good;
  ASSERT_TRUE(Seal(key, SomeKey(), Journal(), kCanary, options, &good).ok());

  EXPECT_TRUE(ParseEnvelopeHeader(good).ok());
  EXPECT_FALSE(ParseEnvelopeHeader(good + "x").ok());
}

TEST(EnvelopeSealTest, AnUnknownSuiteIsRefused) {
  SealOptions options;
  options.suite = static_cast<Suite>(3);
  std::string envelope;

  EXPECT_EQ(Seal(*SecretKey::Random(), SomeKey(), Journal(), kCanary, options,
                 &envelope),
            absl::InvalidArgumentError("suite: want 1 or 2, got 3"));
}

TEST(EnvelopeSealTest, APlaintextOverTheLimitIsRefused) {
  const std::string huge(kMaxEnvelopePlaintextBytes + 1, 'h');
  std::string envelope;

  const absl::Status status =
      Seal(*SecretKey::Random(), SomeKey(), Journal(), huge, {}, &envelope);

  EXPECT_EQ(status, absl::InvalidArgumentError(
                        "plaintext: want at most 67108864 bytes, got "
                        "67108865"));
}

TEST(EnvelopeSealTest, PaddedRecordsOfLikeLengthLookAlike) {
  SealOptions options;
  options.padding = Padding::kBuckets;
  std::set<size_t> sizes;
  for (size_t size = 0; size < 256; ++size) {
    sizes.insert(SealedSize(size, options));
  }
  EXPECT_EQ(sizes, std::set<size_t>{256 + kEnvelopeOverheadBytes});
}

}  // namespace
}  // namespace subrosa
