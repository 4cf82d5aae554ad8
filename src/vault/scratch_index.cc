#include "src/vault/scratch_index.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/status_macros.h"
#include "src/ingest/message_types.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

v1::HealthRecord CheckInOf(const std::string& consumer, const std::string& id,
                           const std::string& device) {
  v1::HealthRecord record;
  record.set_consumer(consumer);
  record.set_id(id);
  record.set_source("ios-app");
  record.set_purpose("mood-tracking");
  record.set_basis(v1::BASIS_CONSENT);
  record.mutable_collected_at()->set_seconds(1782000000);
  v1::MoodCheckIn check_in;
  check_in.set_device_id(device);
  record.mutable_payload()->PackFrom(check_in);
  return record;
}

absl::Status PutAll(Vault& vault,
                    const std::vector<v1::HealthRecord>& records) {
  std::vector<PutItem> items;
  for (const v1::HealthRecord& record : records) {
    items.push_back({&record, {1 << v1::HEALTH_CATEGORY_CONDITIONS}});
  }
  return vault.PutBatch(items).status();
}

}  // namespace

IndexVerdict HandMadePlan(int bits, int partitions, IndexKind kind) {
  IndexVerdict plan;
  plan.bits = bits;
  plan.partitions = partitions;
  plan.kind = kind;
  return plan;
}

IndexedField DeviceField() {
  auto field = IndexedField::Resolve(kCheckInSchema, kDeviceField,
                                     *MessageTypes::Linked());
  EXPECT_TRUE(field.ok()) << field.status();
  return *std::move(field);
}

absl::Status PutFrom(Vault& vault, const std::vector<std::string>& consumers,
                     const std::string& device, const std::string& id) {
  std::vector<v1::HealthRecord> records;
  for (const std::string& consumer : consumers) {
    records.push_back(CheckInOf(consumer, id, device));
  }
  return PutAll(vault, records);
}

absl::Status PutEach(Vault& vault, int count) {
  std::vector<v1::HealthRecord> records;
  for (int i = 0; i < count; ++i) {
    records.push_back(
        CheckInOf(absl::StrCat("c-", i), "r-1", absl::StrCat("d-", i)));
  }
  return PutAll(vault, records);
}

absl::Status AddDeviceIndex(Vault& vault, const IndexVerdict& plan) {
  return vault.Indexes().Add(DeviceField(), plan, nullptr);
}

absl::StatusOr<std::set<std::string>> FindByDevice(Vault& vault,
                                                   const std::string& device) {
  std::set<std::string> consumers;
  SUBROSA_RETURN_IF_ERROR(
      vault.Find(kCheckInSchema, kDeviceField, device,
                 [&](const v1::HealthRecord& record, const RowFacts&) {
                   consumers.insert(record.consumer());
                   return absl::OkStatus();
                 }));
  return consumers;
}

}  // namespace subrosa
