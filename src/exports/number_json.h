// Numbers in JSON of other people's formats.
#ifndef SUBROSA_SRC_EXPORTS_NUMBER_JSON_H_
#define SUBROSA_SRC_EXPORTS_NUMBER_JSON_H_

#include "nlohmann/json.hpp"

namespace subrosa {

// `value`, which is finite: the shortest text that reads back as it, and a
// whole number below 2^53 without a fraction, which schemas of counts ask for.
nlohmann::ordered_json NumberJson(double value);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_NUMBER_JSON_H_
