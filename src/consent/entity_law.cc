#include "src/consent/entity_law.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/base/status_macros.h"
#include "src/law/law_file.h"

namespace subrosa {
namespace {

// "" is the end of time.
absl::StatusOr<absl::Time> BeginOf(absl::string_view day, absl::TimeZone zone) {
  if (day.empty()) return absl::InfiniteFuture();
  SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay civil, ParseLawDay(day));
  return absl::FromCivil(civil, zone);
}

absl::StatusOr<DatedRule> DatedRuleOf(const LawEntry& entry, PackBits pack) {
  DatedRule dated;
  dated.entry = &entry;
  dated.pack = pack;
  if (!absl::LoadTimeZone(entry.pack->time_zone(), &dated.zone)) {
    return absl::InvalidArgumentError(absl::StrCat(
        entry.pack->id(), ": time_zone: want one that this system knows, got ",
        "another"));
  }
  SUBROSA_ASSIGN_OR_RETURN(dated.from_at,
                           BeginOf(entry.rule->from(), dated.zone));
  SUBROSA_ASSIGN_OR_RETURN(dated.until_at,
                           BeginOf(entry.rule->until(), dated.zone));
  return dated;
}

}  // namespace

absl::StatusOr<EntityLaw> EntityLaw::Create(const LawBook& book,
                                            const v1::Policy& policy) {
  if (policy.pack_size() > kMaxEntityPacks) {
    return absl::InvalidArgumentError(absl::StrCat(
        "pack: want at most ", kMaxEntityPacks, ", got ", policy.pack_size()));
  }
  EntityLaw law;
  law.residence_unless_known_ = policy.residence_unless_known();
  for (int i = 0; i < policy.pack_size(); ++i) {
    const v1::LawPack* pack = book.FindPack(policy.pack(i));
    if (pack == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          "pack[", i, "]: want a pack that is known, got another"));
    }
    law.packs_.push_back(ReachOf(*pack, policy));
    for (const LawEntry& entry : book.entries()) {
      if (entry.pack != pack) continue;
      SUBROSA_ASSIGN_OR_RETURN(DatedRule rule,
                               DatedRuleOf(entry, PackBits{1} << i));
      law.rules_.push_back(rule);
    }
  }
  return law;
}

PackBits EntityLaw::PacksFor(const v1::ConsumerFacts& facts,
                             absl::string_view jurisdiction) const {
  const std::string& residence =
      facts.residence().empty() ? residence_unless_known_ : facts.residence();
  PackBits bits = 0;
  for (size_t i = 0; i < packs_.size(); ++i) {
    const PackReach& pack = packs_[i];
    bool applies = pack.for_all || LiesIn(residence, pack.jurisdiction) ||
                   LiesIn(jurisdiction, pack.jurisdiction);
    if (pack.also_place_of_collection) {
      for (const std::string& place : facts.place_of_collection()) {
        applies = applies || LiesIn(place, pack.jurisdiction);
      }
    }
    if (applies) bits |= PackBits{1} << i;
  }
  return bits;
}

bool EntityLaw::HasPartsOf(absl::string_view country) const {
  return std::any_of(packs_.begin(), packs_.end(), [&](const PackReach& pack) {
    return pack.jurisdiction.size() > country.size() &&
           LiesIn(pack.jurisdiction, country);
  });
}

}  // namespace subrosa
