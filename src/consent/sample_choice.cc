#include "src/consent/sample_choice.h"

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

constexpr char kHash[] =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

template <typename Message>
Message Parse(absl::string_view text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(std::string(text),
                                                            &message));
  return message;
}

void SetGiven(v1::Choice* choice) {
  choice->set_consumer("maya-7");
  choice->set_jurisdiction("US-WA");
  *choice->mutable_given_at() = SampleTimestamp("2026-03-05 10:00:00");
  choice->mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
}

}  // namespace

absl::Time SampleTime(absl::string_view text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%S", text, &time, &error))
      << error;
  return time;
}

google::protobuf::Timestamp SampleTimestamp(absl::string_view text) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(SampleTime(text)));
  return timestamp;
}

v1::Policy SamplePolicy() {
  v1::Policy policy = Parse<v1::Policy>(R"pb(
    entity: "rosewater"
    name: "Rosewater Wellness, Inc."
    contact_email: "privacy@rosewater.example"
    contact_url: "https://rosewater.example/privacy"
    contact_postal: "1 Pine St, Seattle, WA 98101"
    storage_location: "US-OR"
    pack: "wa-mhmda"
    pack: "nv-sb370"
    pack: "ca-ccpa"
    pack: "ca-cmia"
    pack: "ct-ctdpa"
    pack: "md-modpa"
    pack: "va-sb754"
    pack: "co-cpa"
    residence_unless_known: "US-WA"
    purpose {
      id: "mood-tracking"
      title: "Keep the mood diary that you write"
      action: ACTION_COLLECT
      action: ACTION_USE
      category: HEALTH_CATEGORY_CONDITIONS
      category: HEALTH_CATEGORY_BODILY_FUNCTIONS
      need: NEED_SERVICE
      need_reason: "the diary"
      retention: "P2Y"
    }
    purpose {
      id: "coaching"
      title: "Let a coach see how you feel"
      action: ACTION_COLLECT
      action: ACTION_USE
      action: ACTION_SHARE
      category: HEALTH_CATEGORY_CONDITIONS
      category: HEALTH_CATEGORY_INTERVENTIONS
      category: HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL
      need: NEED_NONE
      retention: "you end coaching"
    }
    purpose {
      id: "research"
      title: "Sell findings to research firms"
      action: ACTION_SHARE
      action: ACTION_SELL
      category: HEALTH_CATEGORY_CONDITIONS
      need: NEED_NONE
      retention: "P1Y"
    }
  )pb");
  v1::Notice& notice = *policy.add_notice();
  notice.set_id("ask-coaching");
  notice.set_version("3");
  notice.set_from("2026-01-01");
  notice.set_until("2026-11-01");
  v1::Notice::Text& text = *notice.add_text();
  text.set_locale("en-US");
  text.set_sha256(kHash);
  for (const char* rule :
       {"wa-mhmda/consent-request", "nv-sb370/consent-request"}) {
    for (const char* key :
         {"categories", "purpose", "recipients", "withdrawal"}) {
      notice.add_item(std::string(rule) + "#" + key);
    }
  }
  return policy;
}

v1::Choice SampleConsent(v1::Action action, absl::string_view purpose) {
  v1::Choice choice;
  SetGiven(&choice);
  choice.set_kind(v1::CHOICE_KIND_CONSENT);
  choice.add_action(action);
  choice.add_purpose(std::string(purpose));
  choice.add_category(v1::HEALTH_CATEGORY_CONDITIONS);
  choice.set_method("button");
  v1::NoticeShown& notice = *choice.mutable_notice();
  notice.set_id("ask-coaching");
  notice.set_version("3");
  notice.set_sha256(kHash);
  notice.set_locale("en-US");
  notice.set_interface("ios-7.2/onboarding-4");
  return choice;
}

v1::Choice SampleAuthorization() {
  v1::Choice choice = Parse<v1::Choice>(R"pb(
    kind: CHOICE_KIND_AUTHORIZATION
    action: ACTION_SELL
    purpose: "research"
    category: HEALTH_CATEGORY_CONDITIONS
    recipient: "delphi"
    method: "signed-form"
    authorization {
      data: "the moods that I wrote down in 2025"
      seller { name: "Rosewater Wellness, Inc." contact: "1 Pine St, Seattle" }
      purchaser { name: "Delphi Insights, LLC" contact: "desk@delphi.example" }
      purpose_of_sale: "to study how moods change with the seasons"
      how_gathered: "from the mood diary"
      how_used: "in a study of seasons, without names"
      says_not_conditioned: true
      says_revocable: true
      revocation_means: "privacy@rosewater.example"
      says_redisclosure: true
      signature: "Maya Lindqvist"
      stands_alone: true
      type_size: 14
      says_right_to_copy: true
      copy_means: "https://rosewater.example/copies"
    }
  )pb");
  SetGiven(&choice);
  *choice.mutable_expires_at() = SampleTimestamp("2027-03-05 10:00:00");
  v1::Authorization& document = *choice.mutable_authorization();
  *document.mutable_signed_at() = choice.given_at();
  *document.mutable_expires_at() = choice.expires_at();
  *document.mutable_copy_given_at() = SampleTimestamp("2026-03-05 10:00:05");
  document.set_document_sha256(kHash);
  return choice;
}

v1::Choice SampleOptOut() {
  v1::Choice choice;
  SetGiven(&choice);
  choice.set_kind(v1::CHOICE_KIND_OPT_OUT);
  choice.add_action(v1::ACTION_SHARE);
  choice.add_action(v1::ACTION_SELL);
  choice.set_method("toggle");
  return choice;
}

}  // namespace subrosa
