#include "src/vault/resolved_consumers.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/vault/consumer_handle.h"

namespace subrosa {
namespace {

constexpr size_t kCapacity = 3;
constexpr absl::Duration kTimeToLive = absl::Minutes(5);

class ResolvedConsumersTest : public testing::Test {
 protected:
  // What `consumer` is remembered by; empty if they are not.
  std::string RefOf(const std::string& consumer, int64_t erasures) {
    const auto found = resolved_.Find(consumer, erasures, now_);
    return found == nullptr ? "" : found->data_ref;
  }
  void Insert(const std::string& consumer, int64_t erasures) {
    ConsumerHandle handle;
    handle.data_ref = absl::StrCat("ref of ", consumer);
    resolved_.Insert(consumer, std::make_shared<const ConsumerHandle>(handle),
                     erasures, now_);
  }

  absl::Time now_ = absl::FromUnixSeconds(1700000000);
  ResolvedConsumers resolved_{kCapacity, kTimeToLive};
};

TEST_F(ResolvedConsumersTest, WhoWasFoundIsRemembered) {
  Insert("anna", 4);
  EXPECT_EQ(RefOf("anna", 4), "ref of anna");
  EXPECT_EQ(RefOf("bea", 4), "");
}

TEST_F(ResolvedConsumersTest, AnErasureForgetsAll) {
  Insert("anna", 4);
  EXPECT_EQ(RefOf("anna", 5), "");
  Insert("bea", 5);
  EXPECT_EQ(RefOf("anna", 5), "");
  EXPECT_EQ(RefOf("bea", 5), "ref of bea");
}

TEST_F(ResolvedConsumersTest,
       WhoWasFoundBeforeAnErasureIsNotRememberedAfterIt) {
  Insert("anna", 5);
  // Looked for when there were fewer, and found late.
  Insert("bea", 4);
  EXPECT_EQ(RefOf("bea", 5), "");
}

TEST_F(ResolvedConsumersTest, NobodyIsRememberedForLongerThanTheTimeToLive) {
  Insert("anna", 4);
  now_ += kTimeToLive - absl::Seconds(1);
  EXPECT_EQ(RefOf("anna", 4), "ref of anna");
  now_ += absl::Seconds(1);
  EXPECT_EQ(RefOf("anna", 4), "");
}

TEST_F(ResolvedConsumersTest, NoMoreAreRememberedThanTheCapacity) {
  for (const char* const consumer : {"anna", "bea", "cleo", "dora"}) {
    Insert(consumer, 4);
  }
  int remembered = 0;
  for (const char* const consumer : {"anna", "bea", "cleo", "dora"}) {
    if (!RefOf(consumer, 4).empty()) ++remembered;
  }
  EXPECT_LE(remembered, static_cast<int>(kCapacity));
  EXPECT_EQ(RefOf("dora", 4), "ref of dora");
}

}  // namespace
}  // namespace subrosa
