#include "src/consent/no_check.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/consent/entity_law.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

constexpr int64_t kNow = 1'790'000'000;

absl::Status Check(const v1::Choice& choice, const v1::Standing& standing) {
  static const LawBook* const book = new LawBook(LawBook::BuiltIn().value());
  static const EntityLaw* const law =
      new EntityLaw(EntityLaw::Create(*book, v1::Policy()).value());
  return CheckNoToAll(choice, standing, *law, absl::FromUnixSeconds(kNow));
}

v1::Choice ANo(v1::ChoiceKind kind) {
  v1::Choice choice;
  choice.set_consumer("ada");
  choice.set_kind(kind);
  choice.set_method("letter");
  choice.mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
  choice.mutable_given_at()->set_seconds(kNow - 60);
  return choice;
}

v1::Standing ConsentGivenAt(int64_t seconds) {
  v1::Standing standing;
  v1::StandingChoice& consent = *standing.add_choice();
  consent.set_kind(v1::CHOICE_KIND_CONSENT);
  consent.set_action(v1::ACTION_SHARE);
  consent.set_purpose("coaching");
  consent.set_given_at_s(seconds);
  return standing;
}

TEST(NoCheckTest, AnOptOutOrALimitIsTakenOfWhoNeverChose) {
  for (const auto kind : {v1::CHOICE_KIND_OPT_OUT, v1::CHOICE_KIND_LIMIT}) {
    EXPECT_TRUE(Check(ANo(kind), v1::Standing()).ok());
  }
}

TEST(NoCheckTest, AWithdrawalTakesBackWhatWasGivenBeforeItAlone) {
  const v1::Choice no = ANo(v1::CHOICE_KIND_WITHDRAWAL);
  EXPECT_TRUE(Check(no, ConsentGivenAt(kNow - 3600)).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Check(no, ConsentGivenAt(kNow - 30))));
  EXPECT_TRUE(absl::IsFailedPrecondition(Check(no, v1::Standing())));
}

TEST(NoCheckTest, AYesOrANoToOnePurposeGoesThroughTheOtherDoor) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      Check(ANo(v1::CHOICE_KIND_CONSENT), v1::Standing())));
  v1::Choice narrow = ANo(v1::CHOICE_KIND_OPT_OUT);
  narrow.add_purpose("coaching");
  EXPECT_TRUE(absl::IsInvalidArgument(Check(narrow, v1::Standing())));
}

TEST(NoCheckTest, WhoIsNoGuardianOnRecordSpeaksAsNone) {
  v1::Choice no = ANo(v1::CHOICE_KIND_OPT_OUT);
  no.mutable_actor()->set_kind(v1::ACTOR_KIND_PARENT);
  no.mutable_actor()->set_account("rosa");
  EXPECT_TRUE(absl::IsInvalidArgument(Check(no, v1::Standing())));
  v1::Standing standing;
  standing.mutable_facts()->add_guardian("rosa");
  EXPECT_TRUE(Check(no, standing).ok());
}

TEST(NoCheckTest, ATimeToComeIsRefused) {
  v1::Choice no = ANo(v1::CHOICE_KIND_OPT_OUT);
  no.mutable_given_at()->set_seconds(kNow + 3600);
  EXPECT_TRUE(absl::IsInvalidArgument(Check(no, v1::Standing())));
}

}  // namespace
}  // namespace subrosa
