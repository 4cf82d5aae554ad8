// A policy as people and programs read it, and what differs between two.
#ifndef SUBROSA_TOOLS_SUBROSA_POLICY_TEXT_H_
#define SUBROSA_TOOLS_SUBROSA_POLICY_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

// Lines with the packs, the purposes and the notices.
std::string PolicyText(const v1::Policy& policy);

nlohmann::ordered_json PolicyJson(const v1::Policy& policy);

// What becomes of the packs, purposes and notices of `before` in `after`, a
// line each: "purpose research: added". Empty if nothing does.
std::vector<std::string> PolicyChanges(const v1::Policy& before,
                                       const v1::Policy& after);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_POLICY_TEXT_H_
