#include "src/vault/stable_secret.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/crypto/secret_key.h"
#include "src/vault/consumer_handle.h"

namespace subrosa {
namespace {

constexpr absl::string_view kEntity = "rosewater";

ConsumerHandle FirstVersion() {
  ConsumerHandle consumer;
  consumer.key_ref.id.fill(7);
  consumer.key_ref.version = 1;
  consumer.key =
      std::make_shared<const SecretKey>(std::move(SecretKey::Random()).value());
  return consumer;
}

// The same consumer with a key of the next version.
ConsumerHandle NextOf(const ConsumerHandle& consumer) {
  ConsumerHandle next = FirstVersion();
  next.key_ref = consumer.key_ref;
  ++next.key_ref.version;
  const auto secret = StableSecretOf(kEntity, consumer);
  next.carried =
      CarryStableSecret(kEntity, *secret, next.key_ref, *next.key).value();
  return next;
}

bool IsSameSecret(const ConsumerHandle& a, const ConsumerHandle& b) {
  const auto secret_of_a = StableSecretOf(kEntity, a);
  const auto secret_of_b = StableSecretOf(kEntity, b);
  return secret_of_a.ok() && secret_of_b.ok() &&
         secret_of_a->Equals(*secret_of_b);
}

TEST(StableSecretTest, ItIsTheSameUnderEveryVersionOfAKey) {
  const ConsumerHandle first = FirstVersion();
  const ConsumerHandle second = NextOf(first);
  const ConsumerHandle third = NextOf(second);

  EXPECT_TRUE(IsSameSecret(first, second));
  EXPECT_TRUE(IsSameSecret(first, third));
}

TEST(StableSecretTest, ItIsNoKeyThatOpensRecords) {
  const ConsumerHandle first = FirstVersion();

  EXPECT_FALSE(StableSecretOf(kEntity, first)->Equals(*first.key));
}

TEST(StableSecretTest, TwoConsumersHaveNotTheSame) {
  EXPECT_FALSE(IsSameSecret(FirstVersion(), FirstVersion()));
}

TEST(StableSecretTest, WhatIsCarriedOpensOnlyWithTheKeyOfItsVersion) {
  const ConsumerHandle first = FirstVersion();
  ConsumerHandle second = NextOf(first);

  second.key = first.key;

  EXPECT_TRUE(absl::IsDataLoss(StableSecretOf(kEntity, second).status()));
}

TEST(StableSecretTest, WhatIsCarriedOpensOnlyAtItsPlace) {
  const ConsumerHandle second = NextOf(FirstVersion());
  ConsumerHandle of_another_version = second;
  ++of_another_version.key_ref.version;
  ConsumerHandle of_another_consumer = second;
  of_another_consumer.key_ref.id.fill(8);

  EXPECT_TRUE(
      absl::IsDataLoss(StableSecretOf(kEntity, of_another_version).status()));
  EXPECT_TRUE(
      absl::IsDataLoss(StableSecretOf(kEntity, of_another_consumer).status()));
  EXPECT_TRUE(absl::IsDataLoss(StableSecretOf("lavender", second).status()));
}

TEST(StableSecretTest, WhatIsCarriedAndWasChangedDoesNotOpen) {
  ConsumerHandle second = NextOf(FirstVersion());

  second.carried.back() ^= 1;

  EXPECT_TRUE(absl::IsDataLoss(StableSecretOf(kEntity, second).status()));
}

TEST(StableSecretTest, ALaterVersionThatCarriesNothingGivesNoOther) {
  ConsumerHandle second = NextOf(FirstVersion());

  second.carried.clear();

  EXPECT_TRUE(absl::IsDataLoss(StableSecretOf(kEntity, second).status()));
}

TEST(StableSecretTest, TheFirstVersionCarriesNothing) {
  ConsumerHandle first = FirstVersion();

  first.carried = NextOf(first).carried;

  EXPECT_TRUE(absl::IsDataLoss(StableSecretOf(kEntity, first).status()));
}

}  // namespace
}  // namespace subrosa
