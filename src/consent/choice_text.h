// Choices, what stands of them, and what is known of a consumer for decisions,
// as people and programs read them. Of guardians it says how many.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CONSENT_CHOICE_TEXT_H_
#define SUBROSA_SRC_CONSENT_CHOICE_TEXT_H_

#include <cstdint>
#include <string>

#include "nlohmann/json.hpp"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

// "authorization", "parent".
std::string ChoiceKindName(v1::ChoiceKind kind);
std::string ActorKindName(v1::ActorKind actor);

// "necessary".
std::string GroundName(v1::Ground ground);

// "2: consent to share for coaching with coach-desk, until 2027-06-30".
std::string StandingChoiceText(const v1::StandingChoice& choice);
nlohmann::ordered_json StandingChoiceJson(const v1::StandingChoice& choice);

// "Lives in US-WA; data is collected in US-CA; born 1990; 2 guardians."
std::string ConsumerFactsText(const v1::ConsumerFacts& facts);
nlohmann::ordered_json ConsumerFactsJson(const v1::ConsumerFacts& facts);

// One entry, as it was recorded: what kind of choice, of what, when, by whom,
// by which notice. Signatures and the parties of an authorization are left out.
std::string LedgerEntryText(uint64_t number, const v1::LedgerEntry& entry);
nlohmann::ordered_json LedgerEntryJson(uint64_t number,
                                       const v1::LedgerEntry& entry);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_CHOICE_TEXT_H_
