#include "src/consent/choice_form.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/consent/sample_choice.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

constexpr char kNow[] = "2026-03-05 12:00:00";

struct Malformed {
  std::string field;
  std::function<void(v1::Choice&)> spoil;
};

void ExpectRefused(const v1::Choice& good,
                   const std::vector<Malformed>& cases) {
  ASSERT_EQ(CheckChoiceForm(good, SampleTime(kNow)), absl::OkStatus());
  for (const Malformed& malformed : cases) {
    v1::Choice choice = good;
    malformed.spoil(choice);
    const absl::Status status = CheckChoiceForm(choice, SampleTime(kNow));
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << malformed.field;
    EXPECT_TRUE(absl::StartsWith(status.message(), malformed.field + ": want "))
        << status << " is not of " << malformed.field;
  }
}

TEST(ChoiceFormTest, AConsentLacksNothingAndHasNothingElse) {
  ExpectRefused(
      SampleConsent(v1::ACTION_SHARE, "coaching"),
      {
          {"consumer", [](auto& choice) { choice.clear_consumer(); }},
          {"consumer",
           [](auto& choice) { choice.set_consumer(std::string(257, 'm')); }},
          {"kind", [](auto& choice) { choice.clear_kind(); }},
          {"kind",
           [](auto& choice) {
             choice.set_kind(static_cast<v1::ChoiceKind>(99));
           }},
          {"action[0]",
           [](auto& choice) { choice.set_action(0, v1::ACTION_UNSPECIFIED); }},
          {"action[1]",
           [](auto& choice) {
             choice.add_action(static_cast<v1::Action>(99));
           }},
          {"action[1]",
           [](auto& choice) { choice.add_action(v1::ACTION_SHARE); }},
          {"purpose[0]",
           [](auto& choice) { choice.set_purpose(0, "Coaching!"); }},
          {"purpose",
           [](auto& choice) {
             for (int i = 0; i < 65; ++i) {
               choice.add_purpose("p" + std::to_string(i));
             }
           }},
          {"category", [](auto& choice) { choice.clear_category(); }},
          {"category[1]",
           [](auto& choice) {
             choice.add_category(static_cast<v1::HealthCategory>(14));
           }},
          {"recipient[1]",
           [](auto& choice) {
             choice.add_recipient("delphi");
             choice.add_recipient("delphi");
           }},
          {"recipient",
           [](auto& choice) {
             choice.set_action(0, v1::ACTION_COLLECT);
             choice.add_recipient("delphi");
           }},
          {"method", [](auto& choice) { choice.clear_method(); }},
          {"jurisdiction", [](auto& choice) { choice.clear_jurisdiction(); }},
          {"jurisdiction",
           [](auto& choice) { choice.set_jurisdiction("Washington"); }},
          {"jurisdiction",
           [](auto& choice) { choice.set_jurisdiction("US-"); }},
          {"notice.id", [](auto& choice) { choice.clear_notice(); }},
          {"notice.version",
           [](auto& choice) { choice.mutable_notice()->clear_version(); }},
          {"notice.sha256",
           [](auto& choice) { choice.mutable_notice()->clear_sha256(); }},
          {"notice.sha256",
           [](auto& choice) {
             choice.mutable_notice()->set_sha256(std::string(64, 'A'));
           }},
          {"notice.locale",
           [](auto& choice) { choice.mutable_notice()->clear_locale(); }},
          {"notice.interface",
           [](auto& choice) { choice.mutable_notice()->clear_interface(); }},
          {"authorization",
           [](auto& choice) { choice.mutable_authorization(); }},
          {"signal", [](auto& choice) { choice.mutable_signal(); }},
      });
}

TEST(ChoiceFormTest, TimesHaveComeAndFollowEachOther) {
  ExpectRefused(
      SampleConsent(v1::ACTION_SHARE, "coaching"),
      {
          {"given_at", [](auto& choice) { choice.clear_given_at(); }},
          {"given_at",
           [](auto& choice) {
             *choice.mutable_given_at() =
                 SampleTimestamp("2026-03-05 12:05:01");
           }},
          {"given_at",
           [](auto& choice) {
             choice.mutable_given_at()->set_seconds(253402300800);
           }},
          {"given_at",
           [](auto& choice) { choice.mutable_given_at()->set_nanos(-1); }},
          {"expires_at",
           [](auto& choice) {
             *choice.mutable_expires_at() = choice.given_at();
           }},
          {"expires_at",
           [](auto& choice) {
             *choice.mutable_expires_at() =
                 SampleTimestamp("2026-03-05 12:00:00");
           }},
          {"confirmed_at",
           [](auto& choice) {
             *choice.mutable_confirmed_at() =
                 SampleTimestamp("2026-03-05 09:59:59");
           }},
          {"confirmed_at",
           [](auto& choice) {
             *choice.mutable_confirmed_at() =
                 SampleTimestamp("2026-03-05 13:00:00");
           }},
      });
}

TEST(ChoiceFormTest, AClockThatIsAFewMinutesAheadIsForgiven) {
  v1::Choice choice = SampleConsent(v1::ACTION_SHARE, "coaching");
  *choice.mutable_given_at() = SampleTimestamp("2026-03-05 12:05:00");

  EXPECT_EQ(CheckChoiceForm(choice, SampleTime(kNow)), absl::OkStatus());
}

TEST(ChoiceFormTest, ANoDoesNotExpire) {
  ExpectRefused(SampleOptOut(), {{"expires_at", [](auto& choice) {
                                    *choice.mutable_expires_at() =
                                        SampleTimestamp("2027-01-01 00:00:00");
                                  }}});
}

TEST(ChoiceFormTest, AnActorSaysByWhatRightTheyAct) {
  ExpectRefused(
      SampleOptOut(),
      {
          {"actor.kind", [](auto& choice) { choice.clear_actor(); }},
          {"actor.account",
           [](auto& choice) {
             choice.mutable_actor()->set_kind(v1::ACTOR_KIND_PARENT);
           }},
          {"actor.account",
           [](auto& choice) { choice.mutable_actor()->set_account("ann-1"); }},
          {"actor.permission",
           [](auto& choice) {
             choice.mutable_actor()->set_kind(v1::ACTOR_KIND_AGENT);
           }},
          {"actor.permission",
           [](auto& choice) {
             choice.mutable_actor()->set_kind(v1::ACTOR_KIND_AGENT);
             choice.mutable_actor()->set_permission(std::string(129, 'p'));
           }},
          {"actor.permission",
           [](auto& choice) {
             choice.mutable_actor()->set_permission("poa-17");
           }},
      });
}

TEST(ChoiceFormTest, AnAuthorizationIsForOneBuyerAndEndsWithItsDocument) {
  ExpectRefused(
      SampleAuthorization(),
      {
          {"recipient", [](auto& choice) { choice.clear_recipient(); }},
          {"recipient",
           [](auto& choice) { choice.add_recipient("coach-desk"); }},
          {"expires_at", [](auto& choice) { choice.clear_expires_at(); }},
          {"expires_at",
           [](auto& choice) {
             choice.mutable_expires_at()->set_seconds(
                 choice.expires_at().seconds() + 1);
           }},
          {"authorization.document_sha256",
           [](auto& choice) {
             choice.mutable_authorization()->clear_document_sha256();
           }},
          {"authorization.signed_at",
           [](auto& choice) {
             *choice.mutable_authorization()->mutable_signed_at() =
                 SampleTimestamp("2026-03-05 10:00:01");
           }},
          {"authorization.copy_given_at",
           [](auto& choice) {
             *choice.mutable_authorization()->mutable_copy_given_at() =
                 SampleTimestamp("2026-03-06 10:00:00");
           }},
          {"authorization",
           [](auto& choice) {
             choice.mutable_authorization()->set_signature(
                 std::string(4097, 's'));
           }},
      });
}

// Covers: ca-ccpa/preference-signal
TEST(ChoiceFormTest, ASignalHoldsTheLineThatABrowserSent) {
  v1::Choice signal = SampleOptOut();
  signal.set_kind(v1::CHOICE_KIND_SIGNAL);
  signal.set_method("signal");
  signal.mutable_signal()->set_header("Sec-GPC: 1");

  ExpectRefused(
      signal,
      {
          {"signal.header", [](auto& choice) { choice.clear_signal(); }},
          {"signal.header",
           [](auto& choice) {
             choice.mutable_signal()->set_header("Sec-GPC: 0");
           }},
          {"signal.device",
           [](auto& choice) {
             choice.mutable_signal()->set_device(std::string(129, 'd'));
           }},
          {"action",
           [](auto& choice) { choice.mutable_action()->RemoveLast(); }},
      });
}

TEST(ChoiceFormTest, WhoSaysNoIsAskedForNoPlaceAndNoNotice) {
  v1::Choice choice = SampleOptOut();
  choice.clear_jurisdiction();
  choice.clear_action();

  EXPECT_EQ(CheckChoiceForm(choice, SampleTime(kNow)), absl::OkStatus());
}

}  // namespace
}  // namespace subrosa
