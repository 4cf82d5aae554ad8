#include "src/consent/authorization_keeping.h"

#include <string>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/consent/authorization_check.h"
#include "src/consent/entity_law.h"
#include "src/consent/sample_choice.h"
#include "src/law/law_book.h"
#include "src/vault/evidence_store.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

absl::optional<EvidenceLabel> LabelOf(
    const v1::Choice& choice, const v1::Policy& policy,
    absl::Time revoked_at = absl::InfiniteFuture()) {
  static const LawBook* const book = new LawBook(*LawBook::BuiltIn());
  const EntityLaw law = *EntityLaw::Create(*book, policy);
  return AuthorizationEvidence(
      choice,
      ExamineAuthorization(choice, law, revoked_at,
                           SampleTime("2026-03-05 10:01:00")),
      law);
}

// Covers: wa-mhmda/authorization-keeping
TEST(AuthorizationKeepingTest, ItIsKeptSixYearsFromWhenItWasLastInEffect) {
  const absl::optional<EvidenceLabel> label =
      LabelOf(SampleAuthorization(), SamplePolicy());

  ASSERT_TRUE(label.has_value());
  EXPECT_EQ(label->kind, "authorization");
  EXPECT_EQ(label->clause, "wa-mhmda/authorization-keeping");
  // It expires on 5 March 2027. The last day is 5 March 2033 in Seattle, whose
  // last hours are the sixth's in UTC.
  EXPECT_EQ(CivilDayOf(label->expires_day), absl::CivilDay(2033, 3, 6));
}

// Covers: wa-mhmda/authorization-keeping
TEST(AuthorizationKeepingTest, OnceRevokedTheYearsRunFromTheRevocation) {
  const absl::optional<EvidenceLabel> label = LabelOf(
      SampleAuthorization(), SamplePolicy(), SampleTime("2026-06-01 12:00:00"));

  ASSERT_TRUE(label.has_value());
  EXPECT_EQ(CivilDayOf(label->expires_day), absl::CivilDay(2032, 6, 2));
}

TEST(AuthorizationKeepingTest, TheYearsNeverBeginBeforeTheSignature) {
  const absl::optional<EvidenceLabel> label = LabelOf(
      SampleAuthorization(), SamplePolicy(), SampleTime("2020-01-01 00:00:00"));

  ASSERT_TRUE(label.has_value());
  EXPECT_EQ(CivilDayOf(label->expires_day), absl::CivilDay(2032, 3, 6));
}

TEST(AuthorizationKeepingTest, ADocumentThatNamesALaterEndIsKeptNoLonger) {
  v1::Choice choice = SampleAuthorization();
  *choice.mutable_authorization()->mutable_expires_at() =
      SampleTimestamp("2099-01-01 00:00:00");
  const absl::optional<EvidenceLabel> label = LabelOf(choice, SamplePolicy());

  ASSERT_TRUE(label.has_value());
  EXPECT_EQ(CivilDayOf(label->expires_day), absl::CivilDay(2033, 3, 6));
}

TEST(AuthorizationKeepingTest, WhereNoPackAsksForItNothingIsKept) {
  v1::Policy policy = SamplePolicy();
  policy.clear_pack();
  policy.add_pack("nv-sb370");

  EXPECT_FALSE(LabelOf(SampleAuthorization(), policy).has_value());
}

}  // namespace
}  // namespace subrosa
