// Numbers in JSON of other people's formats.
#ifndef SUBROSA_SRC_EXPORTS_NUMBER_JSON_H_
#define SUBROSA_SRC_EXPORTS_NUMBER_JSON_H_

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "subrosa/v1/concept.pb.h"

namespace subrosa {

// `value`, which is finite: the shortest text that reads back as it, and a
// whole number below 2^53 without a fraction, which schemas of counts ask for.
nlohmann::ordered_json NumberJson(double value);

// False if the number of `quantity` stands for none: it is infinite, or the
// source wrote no digit.
bool HasNumber(const v1::Quantity& quantity);

// "<", "<=", ">" or ">=", if `quantity` is a bound by what the source wrote;
// else empty.
absl::string_view ComparatorOf(const v1::Quantity& quantity);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_NUMBER_JSON_H_
