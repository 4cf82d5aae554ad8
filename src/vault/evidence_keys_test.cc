#include "src/vault/evidence_keys.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/key_store.h"
#include "src/vault/scratch_key_store.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EvidenceKeysTest : public testing::Test {
 protected:
  EvidenceKeys Keys() { return EvidenceKeys(scratch_.store().Tables()); }

  SecretKey Make(int32_t year) {
    return std::move(Keys().FindOrCreate(year)).value();
  }

  void Rotate() {
    const auto rotated = scratch_.store().Rotation().Rotate(nullptr);
    ASSERT_TRUE(rotated.ok()) << rotated.status();
  }

  bool Destroy(int32_t year) {
    Transaction transaction =
        std::move(Transaction::Begin(scratch_.store().database())).value();
    const bool was_there = Keys().Destroy(year).value();
    EXPECT_TRUE(transaction.Commit().ok());
    return was_there;
  }

  int64_t KeysUnder(uint32_t epoch) {
    return CountEvidenceKeysUnder(scratch_.store().database(), 1, epoch)
        .value();
  }

  ScratchKeyStore scratch_;
};

TEST_F(EvidenceKeysTest, WhoAsksAgainForAYearGetsTheSameKey) {
  const SecretKey made = Make(2030);

  EXPECT_TRUE(made.Equals(Make(2030)));
  EXPECT_TRUE(made.Equals(*Keys().Find(2030)));
  EXPECT_THAT(*Keys().ListYears(), ElementsAre(2030));
}

TEST_F(EvidenceKeysTest, YearsHaveKeysOfTheirOwn) {
  EXPECT_FALSE(Make(2031).Equals(Make(2030)));
  EXPECT_THAT(*Keys().ListYears(), ElementsAre(2030, 2031));
}

TEST_F(EvidenceKeysTest, AYearThatNothingWasKeptUntilHasNoKey) {
  EXPECT_TRUE(absl::IsNotFound(Keys().Find(2030).status()));
  EXPECT_THAT(*Keys().ListYears(), IsEmpty());
}

TEST_F(EvidenceKeysTest, ADestroyedKeyIsNotFoundAndIsDestroyedOnce) {
  Make(2030);

  EXPECT_TRUE(Destroy(2030));

  EXPECT_TRUE(absl::IsNotFound(Keys().Find(2030).status()));
  EXPECT_FALSE(Destroy(2030));
}

TEST_F(EvidenceKeysTest, AKeyThatWasMovedToAnotherYearDoesNotOpen) {
  Make(2030);
  scratch_.Execute("UPDATE evidence_key SET year = 2031");

  EXPECT_TRUE(absl::IsDataLoss(Keys().Find(2031).status()));
  EXPECT_TRUE(absl::IsDataLoss(Keys().FindOrCreate(2031).status()));
}

TEST_F(EvidenceKeysTest, ARotationMovesTheKeysOfAllYears) {
  const SecretKey first = Make(2030);
  const SecretKey second = Make(2031);

  Rotate();

  EXPECT_EQ(KeysUnder(1), 0);
  EXPECT_EQ(KeysUnder(2), 2);
  EXPECT_TRUE(first.Equals(*Keys().Find(2030)));
  EXPECT_TRUE(second.Equals(*Keys().Find(2031)));
}

TEST_F(EvidenceKeysTest, AProcessThatKnewTheOldEpochFindsAKeyThatWasMoved) {
  const SecretKey made = Make(2030);
  const std::unique_ptr<KeyStore> other = scratch_.OpenAnother();

  Rotate();

  const auto found = EvidenceKeys(other->Tables()).Find(2030);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(made.Equals(*found));
}

TEST_F(EvidenceKeysTest, AProcessThatKnewTheOldEpochMakesKeysInTheNewOne) {
  const std::unique_ptr<KeyStore> other = scratch_.OpenAnother();
  Rotate();

  ASSERT_TRUE(EvidenceKeys(other->Tables()).FindOrCreate(2030).ok());

  EXPECT_EQ(KeysUnder(2), 1);
}

TEST_F(EvidenceKeysTest, AnEpochIsNotDestroyedWhileAKeyOfEvidenceIsUnderIt) {
  Make(2030);
  scratch_.Execute("CREATE TABLE before AS SELECT * FROM evidence_key");
  Rotate();
  scratch_.Execute(
      "DELETE FROM evidence_key;"
      "INSERT INTO evidence_key SELECT * FROM before");
  scratch_.clock().Advance(absl::Hours(24 * 32));

  EXPECT_TRUE(absl::IsDataLoss(scratch_.store().Rotation().Retire().status()));
}

TEST_F(EvidenceKeysTest, ACheckFindsKeysThatDoNotOpen) {
  Make(2030);
  Make(2031);
  ASSERT_EQ(scratch_.Faults(), "");

  scratch_.Execute("UPDATE evidence_key SET year = 2032 WHERE year = 2030");
  scratch_.Execute("UPDATE evidence_key SET epoch = 7 WHERE year = 2031");

  EXPECT_EQ(scratch_.Faults(),
            "1 evidence-key-does-not-open, 1 evidence-key-under-closed-epoch");
}

TEST_F(EvidenceKeysTest, AKeyInABackupIsGoneWithItsEpoch) {
  Make(2030);
  scratch_.CopyTo("backup");
  Rotate();
  {
    const auto copy = scratch_.OpenCopy("backup");
    ASSERT_TRUE(copy.ok()) << copy.status();
    ASSERT_TRUE(EvidenceKeys((*copy)->Tables()).Find(2030).ok());
  }
  scratch_.clock().Advance(absl::Hours(24 * 32));
  ASSERT_TRUE(scratch_.store().Rotation().Retire().ok());

  EXPECT_TRUE(absl::IsFailedPrecondition(scratch_.OpenCopy("backup").status()));
}

}  // namespace
}  // namespace subrosa
