// The rules of an entity's packs that decide uses, as a Decider reads them:
// numbers and bits, by action. For the decider.
//
// Immutable once made, and thread-safe.
#ifndef SUBROSA_SRC_CONSENT_COMPILED_LAW_H_
#define SUBROSA_SRC_CONSENT_COMPILED_LAW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/consent/compiled_standing.h"
#include "src/law/law_book.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

// Sets of values of an enum as bits: the value numbered n is bit n.
constexpr uint32_t LawBit(int number) { return uint32_t{1} << number; }

// The bits of a repeated enum field.
template <typename Values>
uint32_t LawBitsOf(const Values& values) {
  uint32_t bits = 0;
  for (const int value : values) bits |= LawBit(value & 31);
  return bits;
}

// PackCivil of "2026-01-31"; 0 for "", which packs and facts leave out.
int32_t PackedDayOf(absl::string_view day);

enum class CompiledRuleKind : uint8_t {
  kPermits,
  kBans,
  kBansTargeting,
  kLimits,  // After a request to limit.
};

// A rule, for one action.
struct CompiledRule {
  uint16_t entry = 0;  // Index into LawBook::entries().
  uint8_t pack = 0;    // In the policy's order.
  CompiledRuleKind kind = CompiledRuleKind::kPermits;
  uint8_t actor = 0;  // Who has to consent; 0: whoever may.
  uint8_t age_from = 0;
  uint8_t age_to = 0;    // 0: no bound.
  uint32_t grounds = 0;  // As bits, as are the next two.
  uint32_t categories = 0;
  uint32_t not_to = 0;  // Roles.
  int32_t from_civil = 0;
  int32_t until_civil = 0;  // 0: no end.

  bool HoldsOn(int32_t civil) const {
    return civil >= from_civil && (until_civil == 0 || civil < until_civil);
  }
  bool IsForAge(int age) const {
    return age >= age_from && (age_to == 0 || age <= age_to);
  }
};

class CompiledLaw {
 public:
  // `law` is read during the call alone. INVALID_ARGUMENT for a pack that it
  // has not, more than 32 packs, or more than kMaxAppliedRules rules on one
  // action.
  static absl::StatusOr<CompiledLaw> Create(const LawBook& law,
                                            const v1::Policy& policy);

  // `action` is one of 1 to 4.
  const std::vector<CompiledRule>& rules(v1::Action action) const {
    return rules_[action];
  }

  // Whether the pack of `rule` protects somebody.
  bool Protects(const CompiledRule& rule,
                const CompiledStanding& standing) const {
    const Pack& pack = packs_[rule.pack];
    return pack.for_all || (pack.by_residence & standing.residence) != 0 ||
           (pack.by_collection & standing.collected) != 0;
  }

  // As bits, those of the packs' places that `jurisdiction` lies in: itself,
  // and its country.
  uint32_t PlacesOf(absl::string_view jurisdiction) const;

  // As bits, the packs whose scope leaves out what is under a regime of
  // `purpose`.
  uint32_t ExemptPacks(const LawBook& law, const v1::Purpose& purpose) const;

 private:
  // Whom a pack protects.
  struct Pack {
    std::string id;
    uint32_t by_residence = 0;
    uint32_t by_collection = 0;
    bool for_all = false;
  };

  CompiledLaw() = default;

  absl::Status AddPack(const LawBook& law, const v1::Policy& policy,
                       const std::string& id);
  void AddRule(CompiledRule rule, const v1::LawRule& said);

  // The place's bit, which is made if there is none.
  uint32_t PlaceBit(absl::string_view jurisdiction);

  std::vector<Pack> packs_;
  std::vector<std::string> places_;     // By bit.
  std::vector<CompiledRule> rules_[5];  // By action.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_COMPILED_LAW_H_
