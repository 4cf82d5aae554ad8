// How the plan of an erasure is shown.
#ifndef SUBROSA_TOOLS_SUBROSA_PLAN_TEXT_H_
#define SUBROSA_TOOLS_SUBROSA_PLAN_TEXT_H_

#include <string>

#include "nlohmann/json.hpp"
#include "src/erasure/erasure_plan.h"

namespace subrosa {

std::string PlanText(const ErasurePlan& plan);
nlohmann::ordered_json PlanJson(const ErasurePlan& plan, bool is_erased);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_PLAN_TEXT_H_
