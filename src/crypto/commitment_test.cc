#include "src/crypto/commitment.h"

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr absl::string_view kTag = "0123456789abcdef";

SecretKey RandomKey() { return *SecretKey::Random(); }

TEST(CommitmentTest, TheRightOpeningAndValueAreAccepted) {
  const Opening opening = DeriveOpening(RandomKey(), kTag);
  const Commitment commitment = *Commit(opening, "leaf consumer", {"c-1", ""});

  EXPECT_TRUE(
      VerifyCommitment(commitment, opening, "leaf consumer", {"c-1", ""}).ok());
}

TEST(CommitmentTest, AnythingElseIsRefused) {
  const SecretKey key = RandomKey();
  const Opening opening = DeriveOpening(key, kTag);
  const Commitment commitment = *Commit(opening, "leaf consumer", {"c-1", "x"});
  Opening other_opening = opening;
  other_opening[31] ^= 1;
  Commitment other_commitment = commitment;
  other_commitment[0] ^= 0x80;

  EXPECT_TRUE(absl::IsPermissionDenied(
      VerifyCommitment(commitment, opening, "leaf consumer", {"c-2", "x"})));
  EXPECT_TRUE(absl::IsPermissionDenied(
      VerifyCommitment(commitment, opening, "leaf consumer", {"c-1x", ""})));
  EXPECT_TRUE(absl::IsPermissionDenied(
      VerifyCommitment(commitment, opening, "leaf content", {"c-1", "x"})));
  EXPECT_TRUE(absl::IsPermissionDenied(VerifyCommitment(
      commitment, other_opening, "leaf consumer", {"c-1", "x"})));
  EXPECT_TRUE(absl::IsPermissionDenied(VerifyCommitment(
      other_commitment, opening, "leaf consumer", {"c-1", "x"})));
}

TEST(CommitmentTest, OpeningsDifferByOwnerAndTag) {
  const SecretKey key = RandomKey();

  EXPECT_EQ(DeriveOpening(key, kTag), DeriveOpening(key, kTag));
  EXPECT_NE(DeriveOpening(key, kTag), DeriveOpening(RandomKey(), kTag));
  EXPECT_NE(DeriveOpening(key, kTag), DeriveOpening(key, "0123456789abcdeg"));
}

TEST(CommitmentTest, TheSameValueUnderTwoOpeningsLooksUnrelated) {
  const SecretKey key = RandomKey();
  const Commitment first =
      *Commit(DeriveOpening(key, kTag), "leaf consumer", {"c-1"});
  const Commitment second =
      *Commit(DeriveOpening(key, "fedcba9876543210"), "leaf consumer", {"c-1"});

  EXPECT_NE(first, second);
}

}  // namespace
}  // namespace subrosa
