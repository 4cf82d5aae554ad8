#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/erasure/certificate_file.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_run.h"
#include "src/steward/home_restore.h"
#include "src/steward/scratch_home.h"
#include "src/vault/key_custody.h"
#include "subrosa/v1/certificate.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr size_t kMaxStoreBytes = size_t{64} << 20;

// What becomes of erasures where copies of both stores are put back.
class ErasureRestoreTest : public testing::Test {
 protected:
  ErasureRestoreTest() {
    v1::MoodCheckIn mood;
    mood.set_score(3);
    home_.Put({RecordOf("ada", "1", mood), RecordOf("bo", "1", mood)});
  }

  std::string Path(const std::string& name) {
    return absl::StrCat(home_.folder(), "/", name);
  }

  void BackUp() {
    run_.reset();
    home_.Close();
    for (const std::string name : {"keys.db", "records.db"}) {
      const auto content = ReadFile(Path(name), kMaxStoreBytes);
      ASSERT_TRUE(content.ok()) << content.status();
      ASSERT_TRUE(ReplaceFile(Path(name + ".old"), *content, 0600).ok());
    }
    ASSERT_TRUE(home_.Open().ok());
  }

  void PutBack() {
    run_.reset();
    home_.Close();
    RestoreOptions options;
    options.keys_file = Path("keys.db.old");
    options.records_file = Path("records.db.old");
    const auto report =
        RestoreHome(home_.folder(), home_.passphrase(), home_.clock(), options);
    ASSERT_TRUE(report.ok()) << report.status();
    ASSERT_TRUE(home_.Open().ok());
  }

  ErasureRun& run() {
    if (run_ == nullptr) run_ = ErasureRun::Open(home_.steward()).value();
    return *run_;
  }

  absl::Status Order(const std::string& consumer) {
    ErasureOrder order;
    order.consumer = consumer;
    order.times = {home_.clock().Now(), home_.clock().Now()};
    return run().Order({order})->front();
  }

  void Continue() {
    const auto progress = run().Continue();
    EXPECT_TRUE(progress.ok()) << progress.status();
  }

  // The certificate of "ada", verified with the log's key.
  v1::ErasureCertificate Verified() {
    const auto file = run().Certificate("ada");
    EXPECT_TRUE(file.ok()) << file.status();
    if (!file.ok()) return {};
    const auto verified =
        VerifyCertificate(*file, *home_.steward().LogKeys(), {});
    EXPECT_TRUE(verified.ok()) << verified.status();
    if (!verified.ok()) return {};
    EXPECT_TRUE(CheckCertificateConsumer(*verified, "ada").ok());
    return verified->certificate;
  }

  ScratchHome home_;
  std::unique_ptr<ErasureRun> run_;
};

TEST_F(ErasureRestoreTest, OneOrderedBeforeACopyAndDoneAfterItIsStillProven) {
  ASSERT_TRUE(Order("ada").ok());
  BackUp();
  home_.clock().Advance(absl::Hours(25));
  Continue();
  const int32_t erased = Verified().erased_day();

  PutBack();
  home_.clock().Advance(absl::Hours(25));
  Continue();

  EXPECT_TRUE(absl::IsNotFound(home_.steward().CountRows("ada").status()));
  const v1::ErasureCertificate certificate = Verified();
  EXPECT_EQ(certificate.erased_day(), erased) << "the day that the log says";
  EXPECT_EQ(certificate.stage(), v1::CERTIFICATE_STAGE_INTERIM);
}

TEST_F(ErasureRestoreTest, OneThatWasCarriedOutTwiceBecomesFinal) {
  ASSERT_TRUE(Order("ada").ok());
  BackUp();
  home_.clock().Advance(absl::Hours(25));
  Continue();
  PutBack();
  Continue();

  KeyCustody custody = home_.steward().Custody();
  ASSERT_TRUE(custody.Rotate(nullptr).ok());
  home_.clock().Advance(absl::Hours(24 * 32));
  ASSERT_EQ(custody.Retire()->size(), 1u);
  Continue();

  EXPECT_EQ(Verified().stage(), v1::CERTIFICATE_STAGE_FINAL);
}

TEST_F(ErasureRestoreTest, OneThatWasOnlyOrderedIsCarriedOutAfterwards) {
  ASSERT_TRUE(Order("ada").ok());
  BackUp();
  PutBack();
  ASSERT_TRUE(home_.steward().CountRows("ada").ok());

  Continue();

  EXPECT_TRUE(absl::IsNotFound(home_.steward().CountRows("ada").status()));
  EXPECT_EQ(Verified().erased_day(), DayOf(home_.clock().Now()));
}

// The order is gone with the store that was replaced: what the consumer holds
// stays good, and nothing more is issued.
TEST_F(ErasureRestoreTest, OneBetweenTheCopyAndTheRestoreStaysErased) {
  BackUp();
  ASSERT_TRUE(Order("ada").ok());
  Continue();
  const auto held = run().Certificate("ada");
  ASSERT_TRUE(held.ok()) << held.status();

  PutBack();
  Continue();

  EXPECT_TRUE(absl::IsNotFound(home_.steward().CountRows("ada").status()));
  EXPECT_TRUE(home_.steward().CountRows("bo").ok());
  EXPECT_TRUE(absl::IsNotFound(run().Find("ada").status()));
  EXPECT_TRUE(VerifyCertificate(*held, *home_.steward().LogKeys(), {}).ok());
}

}  // namespace
}  // namespace subrosa
