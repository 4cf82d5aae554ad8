// Whom a pack of law protects, as an entity's policy and the pack say: the same
// for the door and for decisions. Internal to the room.
#ifndef SUBROSA_SRC_CONSENT_PACK_REACH_H_
#define SUBROSA_SRC_CONSENT_PACK_REACH_H_

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

struct PackReach {
  std::string jurisdiction;               // Who lives there.
  bool also_place_of_collection = false;  // Whose data is collected there.
  bool for_all = false;                   // Everybody: the policy says so.
};

inline PackReach ReachOf(const v1::LawPack& pack, const v1::Policy& policy) {
  PackReach reach;
  reach.jurisdiction = pack.jurisdiction();
  reach.also_place_of_collection = std::any_of(
      pack.rule().begin(), pack.rule().end(), [](const v1::LawRule& rule) {
        return rule.scope().also_place_of_collection();
      });
  reach.for_all =
      std::find(policy.pack_for_all().begin(), policy.pack_for_all().end(),
                pack.id()) != policy.pack_for_all().end();
  return reach;
}

// "US-WA" lies in "US-WA" and in "US". Nothing lies in "".
inline bool LiesIn(absl::string_view place, absl::string_view jurisdiction) {
  return !jurisdiction.empty() && absl::StartsWith(place, jurisdiction) &&
         (place.size() == jurisdiction.size() ||
          place[jurisdiction.size()] == '-');
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_PACK_REACH_H_
