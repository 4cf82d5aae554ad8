#include "src/crypto/provider_contract.h"

#include <sodium.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

const absl::Time kMonday = absl::FromUnixSeconds(1790000000);

bool IsSignature(const std::string& signature, const std::string& message,
                 const std::string& public_key) {
  return signature.size() == kSignatureBytes &&
         public_key.size() == kPublicKeyBytes &&
         crypto_sign_verify_detached(
             reinterpret_cast<const uint8_t*>(signature.data()),
             reinterpret_cast<const uint8_t*>(message.data()), message.size(),
             reinterpret_cast<const uint8_t*>(public_key.data())) == 0;
}

void ExpectOpensEpochs(KeyProvider* provider) {
  const absl::StatusOr<std::string> first =
      provider->CreateEpoch("acme", 1, kMonday);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_LE(first->size(), kMaxSealedWorkingKeyBytes);
  const absl::StatusOr<std::string> second =
      provider->CreateEpoch("acme", 2, kMonday);
  const absl::StatusOr<std::string> other =
      provider->CreateEpoch("other", 1, kMonday);
  ASSERT_TRUE(second.ok() && other.ok());

  const absl::StatusOr<SecretKey> key = provider->OpenEpoch("acme", 1, *first);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_TRUE(key->Equals(*provider->OpenEpoch("acme", 1, *first)));
  EXPECT_FALSE(key->Equals(*provider->OpenEpoch("acme", 2, *second)));

  // An object opens its own blob only.
  EXPECT_TRUE(absl::IsInvalidArgument(
      provider->OpenEpoch("acme", 1, *second).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(provider->OpenEpoch("acme", 1, *other).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(provider->OpenEpoch("acme", 1, "").status()));
  for (size_t at = 0; at < first->size(); ++at) {
    std::string bad = *first;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_TRUE(
        absl::IsInvalidArgument(provider->OpenEpoch("acme", 1, bad).status()))
        << at;
  }
  EXPECT_TRUE(
      absl::IsNotFound(provider->OpenEpoch("acme", 3, *first).status()));
  EXPECT_TRUE(absl::IsAlreadyExists(
      provider->CreateEpoch("acme", 1, kMonday).status()));
}

void ExpectDestroysEpochs(KeyProvider* provider) {
  const absl::StatusOr<std::vector<EpochObject>> before =
      provider->ListEpochs("acme");
  ASSERT_TRUE(before.ok());
  ASSERT_EQ(before->size(), 2u);
  EXPECT_EQ((*before)[0].epoch, 1u);
  EXPECT_EQ((*before)[1].epoch, 2u);
  EXPECT_EQ((*before)[0].entity, "acme");
  EXPECT_EQ((*before)[0].created_at, kMonday);

  const std::string blob = *provider->CreateEpoch("acme", 9, kMonday);
  const absl::StatusOr<DestructionEvidence> evidence =
      provider->DestroyEpoch("acme", 9);

  ASSERT_TRUE(evidence.ok()) << evidence.status();
  EXPECT_EQ(evidence->provider, provider->kind());
  EXPECT_FALSE(evidence->facts.empty());
  EXPECT_EQ(evidence->facts.find('\n'), std::string::npos);
  EXPECT_TRUE(absl::IsNotFound(provider->OpenEpoch("acme", 9, blob).status()));
  EXPECT_TRUE(absl::IsNotFound(provider->DestroyEpoch("acme", 9).status()));
  EXPECT_EQ(provider->ListEpochs("acme")->size(), 2u);
  EXPECT_EQ(provider->ListEpochs("other")->size(), 1u);
  EXPECT_EQ(provider->ListEpochs("nobody")->size(), 0u);

  // A new object of the same name does not open the old one's blob.
  ASSERT_TRUE(provider->CreateEpoch("acme", 9, kMonday).ok());
  EXPECT_TRUE(
      absl::IsInvalidArgument(provider->OpenEpoch("acme", 9, blob).status()));
}

void ExpectSigns(KeyProvider* provider) {
  EXPECT_TRUE(absl::IsNotFound(provider->Sign("log", "m").status()));
  EXPECT_TRUE(absl::IsNotFound(provider->PublicKey("log").status()));

  const absl::StatusOr<std::string> public_key =
      provider->CreateSigningKey("log");
  ASSERT_TRUE(public_key.ok()) << public_key.status();
  EXPECT_TRUE(
      absl::IsAlreadyExists(provider->CreateSigningKey("log").status()));
  EXPECT_EQ(*provider->PublicKey("log"), *public_key);
  EXPECT_NE(*provider->CreateSigningKey("export"), *public_key);

  EXPECT_TRUE(
      IsSignature(*provider->Sign("log", "message"), "message", *public_key));
  EXPECT_TRUE(IsSignature(*provider->Sign("log", ""), "", *public_key));
  EXPECT_FALSE(
      IsSignature(*provider->Sign("log", "message"), "massage", *public_key));
  EXPECT_FALSE(IsSignature(*provider->Sign("export", "message"), "message",
                           *public_key));
}

void ExpectRemembersNumbers(KeyProvider* provider) {
  EXPECT_TRUE(absl::IsNotFound(provider->ReadAnchor("tree").status()));
  EXPECT_TRUE(provider->AdvanceAnchor("tree", 5).ok());
  EXPECT_TRUE(provider->AdvanceAnchor("tree", 5).ok());
  EXPECT_TRUE(provider->AdvanceAnchor("tree", uint64_t{1} << 40).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(provider->AdvanceAnchor("tree", 6)));
  EXPECT_EQ(*provider->ReadAnchor("tree"), uint64_t{1} << 40);
}

void ExpectRefusesBadNames(KeyProvider* provider) {
  for (const std::string& bad :
       {std::string(), std::string("a b"), std::string(129, 'x')}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        provider->CreateEpoch(bad, 1, kMonday).status()));
    EXPECT_TRUE(
        absl::IsInvalidArgument(provider->OpenEpoch(bad, 1, "x").status()));
    EXPECT_TRUE(
        absl::IsInvalidArgument(provider->DestroyEpoch(bad, 1).status()));
    EXPECT_TRUE(absl::IsInvalidArgument(provider->ListEpochs(bad).status()));
    EXPECT_TRUE(
        absl::IsInvalidArgument(provider->CreateSigningKey(bad).status()));
    EXPECT_TRUE(absl::IsInvalidArgument(provider->PublicKey(bad).status()));
    EXPECT_TRUE(absl::IsInvalidArgument(provider->Sign(bad, "m").status()));
    EXPECT_TRUE(absl::IsInvalidArgument(provider->AdvanceAnchor(bad, 1)));
    EXPECT_TRUE(absl::IsInvalidArgument(provider->ReadAnchor(bad).status()));
  }
}

}  // namespace

void ExpectKeepsTheContract(KeyProvider* provider) {
  ExpectOpensEpochs(provider);
  ExpectDestroysEpochs(provider);
  ExpectSigns(provider);
  ExpectRemembersNumbers(provider);
  ExpectRefusesBadNames(provider);
}

}  // namespace subrosa
