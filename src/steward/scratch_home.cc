#include "src/steward/scratch_home.h"

#include <sys/stat.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/audit/log_reader.h"
#include "src/audit/merkle.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/keyring.h"
#include "src/steward/consent_gate.h"
#include "src/steward/home.h"
#include "src/vault/vault.h"

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
  home.policy = ScratchHomePolicy();
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

int ScratchHome::RecordsOf(const std::string& consumer) {
  int records = 0;
  const absl::Status scanned = steward_->ScanForConsumer(
      consumer, [&](const v1::HealthRecord&, const RowFacts&) {
        ++records;
        return absl::OkStatus();
      });
  EXPECT_TRUE(scanned.ok() || absl::IsNotFound(scanned)) << scanned;
  return absl::IsNotFound(scanned) ? -1 : records;
}

absl::StatusOr<uint64_t> ScratchHome::Erase(const std::string& consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                           steward_->OpenUngatedVault());
  SUBROSA_ASSIGN_OR_RETURN(const DestroyedKey destroyed,
                           vault->DestroyKeys(consumer));
  steward_->gate().Forget(consumer);
  SUBROSA_RETURN_IF_ERROR(steward_->ContinueInBackground());
  SUBROSA_ASSIGN_OR_RETURN(LogReader log, steward_->ReadLog());
  SUBROSA_ASSIGN_OR_RETURN(
      const std::optional<uint64_t> index,
      log.FindLastLeaf(MerkleHasher().Leaf(destroyed.leaf)));
  if (!index.has_value()) return absl::DataLossError("log: want the leaf");
  return *index;
}

std::string ScratchHomePolicy() {
  constexpr char kCategories[] =
      " category: [ HEALTH_CATEGORY_CONDITIONS, HEALTH_CATEGORY_INTERVENTIONS,"
      " HEALTH_CATEGORY_PROCEDURES, HEALTH_CATEGORY_MEDICATION,"
      " HEALTH_CATEGORY_BODILY_FUNCTIONS, HEALTH_CATEGORY_DIAGNOSTICS,"
      " HEALTH_CATEGORY_GENDER_AFFIRMING_CARE,"
      " HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL, HEALTH_CATEGORY_BIOMETRIC,"
      " HEALTH_CATEGORY_GENETIC, HEALTH_CATEGORY_PRECISE_LOCATION,"
      " HEALTH_CATEGORY_SEEKING_SERVICES, HEALTH_CATEGORY_INFERRED ]";
  std::string policy =
      "entity: 'rosewater' name: 'Rosewater' contact_email:"
      " 'privacy@rosewater.example' residence_unless_known: 'US-WA'"
      " pack: [ 'wa-mhmda', 'nv-sb370', 'ca-ccpa', 'ca-cmia', 'md-modpa',"
      " 'va-sb754', 'ct-ctdpa', 'co-cpa' ]";
  for (const absl::string_view purpose :
       {"id: 'mood-tracking' title: 'Your diary' need: NEED_SERVICE"
        " need_reason: 'the diary that you keep'",
        "id: 'coaching' title: 'Coaching' need: NEED_NONE"}) {
    absl::StrAppend(&policy, " purpose { ", purpose,
                    " action: [ ACTION_COLLECT, ACTION_USE, ACTION_SHARE ]",
                    kCategories, " }");
  }
  return policy;
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
