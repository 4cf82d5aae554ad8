#include "src/consent/choice_actor.h"

#include <algorithm>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/consent/choice_time.h"
#include "src/consent/consumer_age.h"

namespace subrosa {
namespace {

// As packs name those who choose. An actor that no pack could name is "".
absl::string_view ActorName(v1::ActorKind kind) {
  switch (kind) {
    case v1::ACTOR_KIND_SELF:
      return "self";
    case v1::ACTOR_KIND_PARENT:
      return "parent";
    case v1::ACTOR_KIND_AGENT:
      return "agent";
    default:
      return "";
  }
}

// Empty lists speak of everything.
bool Overlap(const google::protobuf::RepeatedField<int>& some,
             const google::protobuf::RepeatedField<int>& others) {
  return some.empty() || others.empty() ||
         std::any_of(some.begin(), some.end(), [&](int value) {
           return std::find(others.begin(), others.end(), value) !=
                  others.end();
         });
}

}  // namespace

int AgeOf(const v1::ConsumerFacts& facts, const v1::Policy& policy,
          const v1::Choice& choice) {
  if (!facts.born().empty()) {
    const absl::StatusOr<absl::CivilDay> born = BirthdayOf(facts.born());
    if (born.ok()) {
      return AgeOn(
          absl::ToCivilDay(TimeOf(choice.given_at()), absl::UTCTimeZone()),
          *born);
    }
  }
  return policy.age_unless_known() == 0 ? kAdultAge : policy.age_unless_known();
}

bool NamesActor(const v1::Permits& rule, const v1::Choice& choice, int age) {
  return !rule.actor().empty() && age >= rule.age_from() &&
         (rule.age_to() == 0 || age <= rule.age_to()) &&
         Overlap(choice.action(), rule.action()) &&
         Overlap(choice.category(), rule.health());
}

absl::Status CheckActor(const v1::Choice& choice,
                        const v1::ConsumerFacts& facts,
                        const ChoiceSetting& setting) {
  const v1::Actor& actor = choice.actor();
  if (actor.kind() == v1::ACTOR_KIND_PARENT &&
      std::find(facts.guardian().begin(), facts.guardian().end(),
                actor.account()) == facts.guardian().end()) {
    return absl::InvalidArgumentError(
        "actor.account: want a guardian of the consumer, got another");
  }
  if (choice.kind() != v1::CHOICE_KIND_CONSENT) return absl::OkStatus();
  const absl::Time given_at = TimeOf(choice.given_at());
  for (const DatedRule& rule : setting.law.rules()) {
    const v1::Permits& permits = rule.rule().permits();
    if ((rule.pack & setting.packs) != 0 && rule.HoldsAt(given_at) &&
        NamesActor(permits, choice, setting.age) &&
        permits.actor() != ActorName(actor.kind())) {
      return absl::InvalidArgumentError(absl::StrCat(
          "actor.kind: want ", permits.actor(), " at the consumer's age, got ",
          ActorName(actor.kind()), " (", rule.id(), ")"));
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa
