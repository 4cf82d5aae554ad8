#include "src/steward/scratch_home.h"

#include <sys/stat.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/keyring.h"
#include "src/steward/home.h"

namespace subrosa {

ScratchHome::ScratchHome()
    : folder_(absl::StrCat(
          testing::TempDir(), "/",
          testing::UnitTest::GetInstance()->current_test_info()->name(),
          ".home")),
      clock_(absl::FromUnixSeconds(1782864000)) {
  const std::string path = folder_ + ".passphrase";
  EXPECT_TRUE(ReplaceFile(path, "rose garden", 0600).ok());
  passphrase_ =
      std::make_unique<SecretBuffer>(std::move(ReadSecretFile(path)).value());
  NewHome home;
  home.entity = "rosewater";
  home.cost = KeyringCost::kInteractive;
  const absl::Status made = CreateHome(folder_, home, *passphrase_, clock_);
  EXPECT_TRUE(made.ok()) << made;
  const absl::Status opened = Open();
  EXPECT_TRUE(opened.ok()) << opened;
}

absl::Status ScratchHome::Open() {
  steward_.reset();
  StewardOptions options;
  options.clock = &clock_;
  auto steward = Steward::Open(folder_, *passphrase_, options);
  if (!steward.ok()) return steward.status();
  steward_ = *std::move(steward);
  return absl::OkStatus();
}

void ScratchHome::Put(const std::vector<v1::HealthRecord>& records) {
  std::vector<const v1::HealthRecord*> pointers;
  pointers.reserve(records.size());
  for (const v1::HealthRecord& record : records) pointers.push_back(&record);
  const auto results = steward_->Put(pointers);
  ASSERT_TRUE(results.ok()) << results.status();
  for (const PutResult& result : *results) {
    EXPECT_TRUE(result.status.ok()) << result.status;
  }
}

v1::HealthRecord RecordOf(const std::string& consumer, const std::string& id,
                          const google::protobuf::Message& payload) {
  v1::HealthRecord record;
  record.set_consumer(consumer);
  record.set_id(id);
  record.set_source("ios-app");
  record.set_purpose("mood-tracking");
  record.set_basis(v1::BASIS_CONSENT);
  record.mutable_collected_at()->set_seconds(1782000000);
  record.mutable_provenance()->set_collection(v1::COLLECTION_CONSUMER);
  record.mutable_payload()->PackFrom(payload);
  return record;
}

}  // namespace subrosa
