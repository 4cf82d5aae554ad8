#include "src/audit/tlog_proof.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr char kHash[] = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
constexpr char kCheckpoint[] =
    "example.org/rosewater/audit\n"
    "8\n"
    "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
    "\n"
    "\xe2\x80\x94 example.org/rosewater/audit "
    "BsUHiopzJZSlgUCra+RUE8lgFrgySgYxClaq4oNv2MO264CR5kNtzMXs6edvty5Bs0+"
    "jlEILi29SP2+8G5xrT6gQIA4=\n";

// A receipt of three hashes, with the bytes "leaf" beside them.
std::string ReceiptText() {
  return absl::StrCat("c2sp.org/tlog-proof@v1\nextra bGVhZg==\nindex 7\n",
                      kHash, kHash, kHash, "\n", kCheckpoint);
}

TEST(TlogProofTest, AReceiptIsReadAsItIsWritten) {
  const absl::StatusOr<TlogProof> proof = ParseTlogProof(ReceiptText());

  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(proof->extra, "leaf");
  EXPECT_EQ(proof->index, 7u);
  EXPECT_EQ(proof->proof, std::vector<MerkleHash>(3, EmptyRoot()));
  EXPECT_EQ(proof->checkpoint, kCheckpoint);
  EXPECT_EQ(SerializeTlogProof(*proof), ReceiptText());
}

TEST(TlogProofTest, AReceiptMayHaveNothingBesideItAndNoHashes) {
  const std::string text =
      absl::StrCat("c2sp.org/tlog-proof@v1\nindex 0\n\n", kCheckpoint);

  const absl::StatusOr<TlogProof> proof = ParseTlogProof(text);

  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_TRUE(proof->extra.empty());
  EXPECT_TRUE(proof->proof.empty());
  EXPECT_EQ(SerializeTlogProof(*proof), text);
}

TEST(TlogProofTest, WhatStandsBesideTheProofMayBeAnyBytes) {
  TlogProof proof;
  proof.extra = std::string("\0\n\xff index 1\n\n", 13);
  proof.index = ~uint64_t{0};
  proof.proof.assign(kMaxInclusionProof, EmptyRoot());
  proof.checkpoint = kCheckpoint;

  const absl::StatusOr<TlogProof> read =
      ParseTlogProof(SerializeTlogProof(proof));

  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->extra, proof.extra);
  EXPECT_EQ(read->index, proof.index);
  EXPECT_EQ(read->proof, proof.proof);
  EXPECT_EQ(read->checkpoint, proof.checkpoint);
}

TEST(TlogProofTest, AMalformedReceiptIsRefusedWithWhatWasWanted) {
  const std::string text = ReceiptText();
  const auto changed = [&](absl::string_view from, absl::string_view to) {
    return absl::StrReplaceAll(text, {{from, to}});
  };
  std::string long_proof = "c2sp.org/tlog-proof@v1\nindex 0\n";
  for (size_t i = 0; i <= kMaxInclusionProof; ++i) long_proof += kHash;
  const std::string up_to_hashes = text.substr(0, text.find("\n\n") + 1);
  const struct {
    std::string text;
    const char* wanted;
  } kCases[] = {
      {"", "receipt.version: want a first line c2sp.org/tlog-proof@v1"},
      {"c2sp.org/tlog-proof@v1", "receipt.version"},
      {"\n" + text, "receipt.version"},
      {" " + text, "receipt.version"},
      {"\xef\xbb\xbf" + text, "receipt.version"},
      {changed("@v1", "@v2"), "receipt.version"},
      {changed("@v1\n", "@v1\r\n"), "receipt.version"},
      {changed("@v1\n", "@v1 \n"), "receipt.version"},
      {"c2sp.org/tlog-proof@v1\n", "receipt.index"},
      {changed("bGVhZg==", ""), "receipt.extra"},
      {changed("bGVhZg==", "="), "receipt.extra"},
      {changed("bGVhZg==", "bGVhZg"), "receipt.extra"},
      {changed("bGVhZg==", "bGVhZh=="), "receipt.extra"},
      {changed("bGVhZg==", " bGVhZg=="), "receipt.extra"},
      {changed("bGVhZg==", "bGVhZg== "), "receipt.extra"},
      {changed("bGVhZg==", "bGVh_g=="), "receipt.extra"},
      {changed("extra ", "Extra "), "receipt.index"},
      {changed("extra ", "extra\t"), "receipt.index"},
      {changed("index 7", "extra bGVhZg==\nindex 7"), "receipt.index"},
      {changed("index 7\n", ""), "receipt.index"},
      {changed("index 7", "index"), "receipt.index"},
      {changed("index 7", "index "), "receipt.index"},
      {changed("index 7", "index  7"), "receipt.index"},
      {changed("index 7", "index 07"), "receipt.index"},
      {changed("index 7", "index -7"), "receipt.index"},
      {changed("index 7", "index +7"), "receipt.index"},
      {changed("index 7", "index 7 "), "receipt.index"},
      {changed("index 7", "Index 7"), "receipt.index"},
      {changed("index 7", "7"), "receipt.index"},
      {changed("index 7", "index 18446744073709551616"), "receipt.index"},
      {changed("index 7\n", "index 7\nx\n"), "receipt.proof[0]: want 32 bytes"},
      {changed("index 7\n", "index 7\nbGVhZg==\n"), "receipt.proof[0]"},
      {changed("uFU=", "uFV="), "receipt.proof[0]"},
      {changed("uFU=", "uFU"), "receipt.proof[0]"},
      {changed("uFU=", "uFU= "), "receipt.proof[0]"},
      {changed("uFU=", "uFU=\r"), "receipt.proof[0]"},
      {changed("\n\nexample", "\nexample"), "receipt.proof[3]"},
      {long_proof, "receipt.proof: want at most 64 hashes, got more"},
      {up_to_hashes, "receipt.checkpoint: want one, after an empty line"},
      {up_to_hashes + "\n", "receipt: note"},
      {changed("\n\nexample", "\n\n\nexample"),
       "receipt: checkpoint.origin: want"},
      {changed("\n8\n", "\n08\n"), "receipt: checkpoint.size: want"},
      {text.substr(0, text.size() - 1), "receipt: note"},
      {text + "\n", "receipt: note"},
      {text + "more\n", "receipt: note"},
      {changed("\xe2\x80\x94", "-"), "receipt: note"},
      {std::string(kMaxTlogProofBytes + 1, 'a'),
       "receipt.bytes: want at most 1048576, got 1048577"},
  };
  for (const auto& c : kCases) {
    const absl::Status status = ParseTlogProof(c.text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << c.text;
    EXPECT_TRUE(absl::StartsWith(status.message(), c.wanted))
        << c.wanted << ", but: " << status;
  }
}

TEST(TlogProofTest, AReceiptHasNoTwoSpellings) {
  const std::string text = ReceiptText();
  for (size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      const absl::StatusOr<TlogProof> proof = ParseTlogProof(changed);
      if (!proof.ok()) {
        EXPECT_TRUE(absl::IsInvalidArgument(proof.status()));
        continue;
      }
      EXPECT_EQ(SerializeTlogProof(*proof), changed) << at;
    }
  }
}

TEST(TlogProofTest, AReceiptCutShortIsRefused) {
  const std::string text = ReceiptText();
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(ParseTlogProof(text.substr(0, size)).status()))
        << size;
  }
}

// An error may end up in a log; what it is about may not.
TEST(TlogProofTest, NoErrorRepeatsWhatTheReceiptHolds) {
  const std::string text = absl::StrReplaceAll(
      ReceiptText(), {{"bGVhZg==", "cGxhbnRlZA== planted"}});

  const absl::Status status = ParseTlogProof(text).status();

  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(absl::StrContains(status.message(), "planted"));
  EXPECT_FALSE(absl::StrContains(status.message(), "cGxhbnRl"));
}

}  // namespace
}  // namespace subrosa
