#include "src/exports/attestations.h"

#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Attestation> Wanted() {
  return AttestationsOf(*std::move(LawBook::BuiltIn()));
}

TEST(AttestationsTest, WashingtonAndCaliforniaAskForThreeAndSafeHarborForOne) {
  std::vector<std::string> keys;
  for (const Attestation& each : Wanted()) keys.push_back(each.key);

  EXPECT_THAT(
      keys, testing::UnorderedElementsAre("measures", "commitment", "contract",
                                          "no-actual-knowledge"));
  for (const Attestation& each : Wanted()) {
    if (each.key != "contract") continue;
    EXPECT_THAT(each.rules,
                ElementsAre("ca-ccpa/deidentified", "wa-mhmda/deidentified"));
  }
}

// Covers: ca-ccpa/deidentified, wa-mhmda/deidentified
// us-hipaa-safe-harbor/knowledge
TEST(AttestationsTest, WithoutAnyOneOfThemNothingIsCalledDeidentified) {
  const std::vector<std::string> all = {"measures", "commitment", "contract",
                                        "no-actual-knowledge"};
  EXPECT_TRUE(CheckAttested(Wanted(), all).ok());
  for (size_t missing = 0; missing < all.size(); ++missing) {
    std::vector<std::string> given = all;
    given.erase(given.begin() + static_cast<int>(missing));

    const absl::Status checked = CheckAttested(Wanted(), given);

    EXPECT_TRUE(absl::IsPermissionDenied(checked)) << checked;
    EXPECT_THAT(std::string(checked.message()), HasSubstr(all[missing]));
  }
}

TEST(AttestationsTest, WhatNobodyAsksForIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(CheckAttested(Wanted(), {"honestly"})));
  EXPECT_TRUE(absl::IsInvalidArgument(
      CheckAttested(Wanted(), {"contract", "contract"})));
}

}  // namespace
}  // namespace subrosa
