#include "src/notice/older_consents.h"

#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {
namespace {

constexpr absl::CivilDay kNewNotice(2026, 12, 1);
constexpr int kNewNoticeDay = 20788;  // Since 1970-01-01.

v1::Standing With(v1::ChoiceKind kind, const char* purpose, int from_day,
                  int until_day = 0) {
  v1::Standing standing;
  v1::StandingChoice* const choice = standing.add_choice();
  choice->set_kind(kind);
  choice->set_purpose(purpose);
  choice->set_from_day(from_day);
  choice->set_until_day(until_day);
  return standing;
}

size_t Count(const v1::Standing& standing) {
  return ConsentsBefore(standing, "research", kNewNotice).size();
}

TEST(OlderConsentsTest, AConsentFromBeforeTheNoticeIsFound) {
  EXPECT_EQ(Count(With(v1::CHOICE_KIND_CONSENT, "research", kNewNoticeDay - 1)),
            1u);
  EXPECT_EQ(Count(With(v1::CHOICE_KIND_CONSENT, "", kNewNoticeDay - 400)), 1u);
}

TEST(OlderConsentsTest, OneGivenUnderTheNoticeIsNot) {
  EXPECT_EQ(Count(With(v1::CHOICE_KIND_CONSENT, "research", kNewNoticeDay)),
            0u);
}

TEST(OlderConsentsTest, OneToAnotherPurposeOrThatEndedIsNot) {
  EXPECT_EQ(Count(With(v1::CHOICE_KIND_CONSENT, "billing", kNewNoticeDay - 1)),
            0u);
  EXPECT_EQ(Count(With(v1::CHOICE_KIND_CONSENT, "research", kNewNoticeDay - 9,
                       kNewNoticeDay)),
            0u);
}

TEST(OlderConsentsTest, ANoIsNoConsent) {
  EXPECT_EQ(
      Count(With(v1::CHOICE_KIND_WITHDRAWAL, "research", kNewNoticeDay - 1)),
      0u);
  EXPECT_EQ(Count(v1::Standing()), 0u);
}

}  // namespace
}  // namespace subrosa
