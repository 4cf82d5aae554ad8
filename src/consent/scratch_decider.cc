#include "src/consent/scratch_decider.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "src/consent/standing.h"

namespace subrosa {
namespace {

constexpr int32_t kAlways = std::numeric_limits<int32_t>::max();

RecipientTerms TermsOf(absl::string_view id, v1::RecipientRole role,
                       std::vector<std::string> purposes) {
  RecipientTerms terms;
  terms.id = std::string(id);
  terms.role = role;
  terms.purposes = std::move(purposes);
  terms.categories = CompiledChoice::kAllCategories;
  terms.until_day = kAlways;
  return terms;
}

absl::Time NoonOf(absl::string_view day) {
  absl::CivilDay civil;
  EXPECT_TRUE(absl::ParseCivilTime(day, &civil)) << day;
  return absl::FromCivil(civil, absl::UTCTimeZone()) + absl::Hours(12);
}

LawBook BuiltInLaw() {
  absl::StatusOr<LawBook> law = LawBook::BuiltIn();
  EXPECT_TRUE(law.ok()) << law.status();
  return *std::move(law);
}

}  // namespace

v1::Policy ScratchPolicy() {
  v1::Policy policy;
  constexpr char kText[] = R"pb(
    entity: "rosewater"
    pack: "wa-mhmda"
    pack: "nv-sb370"
    pack: "ca-ccpa"
    pack: "ca-cmia"
    pack: "co-cpa"
    pack: "ct-ctdpa"
    pack: "md-modpa"
    pack: "va-sb754"
    residence_unless_known: "US-WA"
    purpose {
      id: "mood-tracking"
      action: [ ACTION_COLLECT, ACTION_USE, ACTION_SHARE ]
      need: NEED_SERVICE
    }
    purpose {
      id: "safety"
      action: [ ACTION_COLLECT, ACTION_USE, ACTION_SHARE ]
      need: NEED_SERVICE_STRICTLY
      served_when_limited: 4
    }
    purpose {
      id: "coaching"
      action: [ ACTION_COLLECT, ACTION_USE, ACTION_SHARE ]
      need: NEED_NONE
    }
    purpose {
      id: "sale"
      action: [ ACTION_SHARE, ACTION_SELL ]
      need: NEED_NONE
    }
    purpose {
      id: "advertising"
      action: [ ACTION_USE, ACTION_SHARE, ACTION_SELL ]
      need: NEED_NONE
      targeted_advertising: true
    }
    purpose {
      id: "subpoena"
      action: [ ACTION_USE, ACTION_SHARE ]
      need: NEED_OTHER_LAW
    }
    purpose { id: "newsletter" action: ACTION_USE need: NEED_NONE }
  )pb";
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kText, &policy));
  for (v1::Purpose& purpose : *policy.mutable_purpose()) {
    purpose.set_title(purpose.id());
    for (int i = 1; i <= 13; ++i) {
      purpose.add_category(static_cast<v1::HealthCategory>(i));
    }
    if (purpose.need() != v1::NEED_NONE) purpose.set_need_reason("the service");
  }
  return policy;
}

std::vector<RecipientTerms> ScratchRecipients() {
  std::vector<RecipientTerms> recipients = {
      TermsOf("coach-desk", v1::RECIPIENT_ROLE_THIRD_PARTY,
              {"coaching", "mood-tracking", "safety", "subpoena"}),
      TermsOf("cloud", v1::RECIPIENT_ROLE_PROCESSOR,
              {"coaching", "mood-tracking", "safety"}),
      TermsOf("sister", v1::RECIPIENT_ROLE_AFFILIATE, {"coaching"}),
      TermsOf("broker", v1::RECIPIENT_ROLE_THIRD_PARTY,
              {"sale", "advertising"}),
      TermsOf("gone", v1::RECIPIENT_ROLE_THIRD_PARTY, {"coaching"})};
  recipients[3].pays = true;
  recipients[4].until_day = 0;
  return recipients;
}

ScratchDecider::ScratchDecider(const v1::Policy& policy) : law_(BuiltInLaw()) {
  absl::StatusOr<std::unique_ptr<Decider>> decider =
      Decider::Create(law_, policy, ScratchRecipients());
  EXPECT_TRUE(decider.ok()) << decider.status();
  decider_ = *std::move(decider);
}

Decision ScratchDecider::Decide(v1::Action action, absl::string_view purpose,
                                absl::string_view recipient,
                                uint32_t categories,
                                const v1::Standing& standing,
                                absl::string_view day) const {
  const Use use = {action, decider_->PurposeNumber(purpose),
                   decider_->RecipientNumber(recipient), categories};
  return decider_->Decide(use, decider_->Compile(standing, false),
                          TodayOf(NoonOf(day)));
}

v1::Standing Resident(const std::string& residence, const std::string& born) {
  v1::Standing standing;
  standing.mutable_facts()->set_residence(residence);
  standing.mutable_facts()->set_born(born);
  return standing;
}

v1::Standing With(v1::Standing standing, const std::string& text) {
  v1::Choice choice;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &choice));
  if (!choice.has_actor())
    choice.mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
  const absl::Status folded =
      FoldChoice(choice, static_cast<uint64_t>(standing.choice_size()) + 1,
                 DayOf(NoonOf("2026-11-25")), &standing);
  EXPECT_TRUE(folded.ok()) << folded;
  return standing;
}

}  // namespace subrosa
