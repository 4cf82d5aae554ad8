// The rules of the packs that an entity goes by, laid out for those who apply
// them, the door and requests: when each holds, and which apply to a consumer.
//
// A pack applies to those whom it reaches (pack_reach.h), and to a choice that
// was asked for under its law.
//
// Immutable once made; safe to use from any thread.
#ifndef SUBROSA_SRC_CONSENT_ENTITY_LAW_H_
#define SUBROSA_SRC_CONSENT_ENTITY_LAW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/consent/pack_reach.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

// Packs of an entity, as bits in the order of its policy.
using PackBits = uint64_t;
inline constexpr PackBits kEveryPack = ~PackBits{0};
inline constexpr int kMaxEntityPacks = 64;

struct DatedRule {
  const LawEntry* entry = nullptr;
  PackBits pack = 0;
  absl::TimeZone zone;  // In which the pack's days begin.
  absl::Time from_at = absl::InfinitePast();
  absl::Time until_at = absl::InfiniteFuture();  // Holds no more.

  const v1::LawRule& rule() const { return *entry->rule; }
  const std::string& id() const { return entry->id; }
  bool HoldsAt(absl::Time time) const {
    return from_at <= time && time < until_at;
  }
};

class EntityLaw {
 public:
  // `book` must outlive it; `policy` is copied. INVALID_ARGUMENT for a pack
  // that `book` has not, or more than kMaxEntityPacks.
  static absl::StatusOr<EntityLaw> Create(const LawBook& book,
                                          const v1::Policy& policy);

  // Every rule of the entity's packs, pack by pack.
  const std::vector<DatedRule>& rules() const { return rules_; }

  // The packs that apply to a consumer of whom `facts` are known, and to what
  // was asked under the law of `jurisdiction` (ISO 3166-2; may be empty). Who
  // is not known to live anywhere lives where the policy says.
  PackBits PacksFor(const v1::ConsumerFacts& facts,
                    absl::string_view jurisdiction) const;

  // Whether packs tell the parts of `country` ("US") apart, so that the country
  // alone says too little.
  bool HasPartsOf(absl::string_view country) const;

 private:
  EntityLaw() = default;

  std::vector<PackReach> packs_;
  std::vector<DatedRule> rules_;
  std::string residence_unless_known_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_ENTITY_LAW_H_
