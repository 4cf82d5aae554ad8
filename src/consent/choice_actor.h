// Who may choose for a consumer. Internal to choice_check.h.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CONSENT_CHOICE_ACTOR_H_
#define SUBROSA_SRC_CONSENT_CHOICE_ACTOR_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/consent/entity_law.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

// What a choice is seen in: the packs that apply, and the consumer's age then.
struct ChoiceSetting {
  const EntityLaw& law;
  PackBits packs = 0;
  int age = 0;  // In years. kAdultAge: taken for an adult.
};

inline constexpr int kAdultAge = 150;

// How old the consumer was when the choice was given, in UTC; of whom it is not
// known, as old as the policy says.
int AgeOf(const v1::ConsumerFacts& facts, const v1::Policy& policy,
          const v1::Choice& choice);

// Whether `rule`, a pack's, says who of this age has to consent to any of the
// choice's actions and categories.
bool NamesActor(const v1::Permits& rule, const v1::Choice& choice, int age);

// A parent is one whom the consumer's facts name; and where a pack that applies
// says who has to consent at the consumer's age, that one did. INVALID_ARGUMENT
// else.
absl::Status CheckActor(const v1::Choice& choice,
                        const v1::ConsumerFacts& facts,
                        const ChoiceSetting& setting);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_CHOICE_ACTOR_H_
