#include "src/consent/compiled_law.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/base/status_macros.h"
#include "src/consent/decision.h"
#include "src/consent/pack_reach.h"
#include "src/law/law_file.h"

namespace subrosa {
namespace {

// As many as there are bits; each pack brings one place at most.
constexpr size_t kMaxPacks = 32;

// What a limit leaves alone is a list in the packs under this name.
constexpr absl::string_view kLimitDocument = "purposes-after-limit";

constexpr v1::Action kActions[] = {v1::ACTION_COLLECT, v1::ACTION_USE,
                                   v1::ACTION_SHARE, v1::ACTION_SELL};

// Empty: every category.
template <typename Values>
uint32_t CategoriesOf(const Values& values) {
  const uint32_t bits = LawBitsOf(values) & CompiledChoice::kAllCategories;
  return bits == 0 ? CompiledChoice::kAllCategories : bits;
}

uint32_t RoleBit(absl::string_view slug) {
  if (slug == "processor") return LawBit(v1::RECIPIENT_ROLE_PROCESSOR);
  if (slug == "contractor") return LawBit(v1::RECIPIENT_ROLE_CONTRACTOR);
  if (slug == "affiliate") return LawBit(v1::RECIPIENT_ROLE_AFFILIATE);
  if (slug == "third-party") return LawBit(v1::RECIPIENT_ROLE_THIRD_PARTY);
  return 0;
}

uint8_t ActorOf(absl::string_view slug) {
  if (slug == "self") return v1::ACTOR_KIND_SELF;
  if (slug == "parent") return v1::ACTOR_KIND_PARENT;
  return v1::ACTOR_KIND_UNSPECIFIED;
}

template <typename Values>
bool Contains(const Values& values, absl::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

int32_t PackedDayOf(absl::string_view day) {
  const absl::StatusOr<absl::CivilDay> parsed = ParseLawDay(day);
  if (!parsed.ok()) return 0;
  return PackCivil(parsed->year(), parsed->month(), parsed->day());
}

absl::StatusOr<CompiledLaw> CompiledLaw::Create(const LawBook& law,
                                                const v1::Policy& policy) {
  CompiledLaw compiled;
  if (static_cast<size_t>(policy.pack_size()) > kMaxPacks) {
    return absl::InvalidArgumentError(absl::StrCat(
        "pack: want at most ", kMaxPacks, ", got ", policy.pack_size()));
  }
  for (const std::string& id : policy.pack()) {
    SUBROSA_RETURN_IF_ERROR(compiled.AddPack(law, policy, id));
  }
  const std::vector<LawEntry>& entries = law.entries();
  for (size_t i = 0; i < entries.size(); ++i) {
    for (size_t pack = 0; pack < compiled.packs_.size(); ++pack) {
      if (compiled.packs_[pack].id != entries[i].pack->id()) continue;
      CompiledRule rule;
      rule.entry = static_cast<uint16_t>(i);
      rule.pack = static_cast<uint8_t>(pack);
      compiled.AddRule(rule, *entries[i].rule);
    }
  }
  for (const std::vector<CompiledRule>& rules : compiled.rules_) {
    if (rules.size() > kMaxAppliedRules) {
      return absl::InvalidArgumentError(
          absl::StrCat("pack: want packs with at most ", kMaxAppliedRules,
                       " rules on one action, got ", rules.size()));
    }
  }
  return compiled;
}

absl::Status CompiledLaw::AddPack(const LawBook& law, const v1::Policy& policy,
                                  const std::string& id) {
  const v1::LawPack* pack = law.FindPack(id);
  if (pack == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("pack: want a pack's id, got '", id, "'"));
  }
  Pack& added = packs_.emplace_back();
  added.id = id;
  const PackReach reach = ReachOf(*pack, policy);
  added.by_residence = PlaceBit(reach.jurisdiction);
  if (reach.also_place_of_collection) added.by_collection = added.by_residence;
  added.for_all = reach.for_all;
  return absl::OkStatus();
}

void CompiledLaw::AddRule(CompiledRule rule, const v1::LawRule& said) {
  rule.from_civil = PackedDayOf(said.from());
  rule.until_civil = PackedDayOf(said.until());
  rule.categories = CompiledChoice::kAllCategories;
  if (said.has_permits()) {
    const v1::Permits& permits = said.permits();
    rule.kind = CompiledRuleKind::kPermits;
    rule.grounds = LawBitsOf(permits.ground());
    rule.categories = CategoriesOf(permits.health());
    for (const std::string& role : permits.not_to()) {
      rule.not_to |= RoleBit(role);
    }
    rule.age_from = static_cast<uint8_t>(permits.age_from());
    rule.age_to = static_cast<uint8_t>(permits.age_to());
    rule.actor = ActorOf(permits.actor());
    for (const int action : permits.action()) rules_[action].push_back(rule);
  } else if (said.has_bans()) {
    const v1::Bans& bans = said.bans();
    rule.kind = CompiledRuleKind::kBans;
    rule.categories = CategoriesOf(bans.health());
    rule.age_from = static_cast<uint8_t>(bans.age_from());
    rule.age_to = static_cast<uint8_t>(bans.age_to());
    for (const int action : bans.action()) rules_[action].push_back(rule);
    if (!bans.targeted_advertising()) return;
    rule.kind = CompiledRuleKind::kBansTargeting;
    const uint32_t banned = LawBitsOf(bans.action());
    for (const v1::Action action : kActions) {
      if ((banned & LawBit(action)) == 0) rules_[action].push_back(rule);
    }
  } else if (said.contents().document() == kLimitDocument) {
    rule.kind = CompiledRuleKind::kLimits;
    for (const v1::Action action :
         {v1::ACTION_USE, v1::ACTION_SHARE, v1::ACTION_SELL}) {
      rules_[action].push_back(rule);
    }
  }
}

uint32_t CompiledLaw::PlaceBit(absl::string_view jurisdiction) {
  auto place = std::find(places_.begin(), places_.end(), jurisdiction);
  if (place == places_.end()) {
    place = places_.insert(places_.end(), std::string(jurisdiction));
  }
  return LawBit(static_cast<int>(place - places_.begin()));
}

uint32_t CompiledLaw::PlacesOf(absl::string_view jurisdiction) const {
  uint32_t bits = 0;
  for (size_t i = 0; i < places_.size(); ++i) {
    if (LiesIn(jurisdiction, places_[i])) {
      bits |= LawBit(static_cast<int>(i));
    }
  }
  return bits;
}

uint32_t CompiledLaw::ExemptPacks(const LawBook& law,
                                  const v1::Purpose& purpose) const {
  uint32_t bits = 0;
  for (const LawEntry& entry : law.entries()) {
    for (const std::string& regime : entry.rule->scope().exempt()) {
      if (!Contains(purpose.exempt_as(), regime)) continue;
      for (size_t pack = 0; pack < packs_.size(); ++pack) {
        if (packs_[pack].id == entry.pack->id()) {
          bits |= LawBit(static_cast<int>(pack));
        }
      }
    }
  }
  return bits;
}

}  // namespace subrosa
