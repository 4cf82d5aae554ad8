#include "src/exports/number_json.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace subrosa {
namespace {

constexpr double kFirstInexact = 9007199254740992;  // 2^53.

}  // namespace

nlohmann::ordered_json NumberJson(double value) {
  const bool is_whole =
      std::trunc(value) == value && std::abs(value) < kFirstInexact;
  // -0 is no whole number's.
  if (is_whole && !(value == 0 && std::signbit(value))) {
    return static_cast<int64_t>(value);
  }
  return value;
}

bool HasNumber(const v1::Quantity& quantity) {
  const std::string& given = quantity.given_value();
  return std::isfinite(quantity.value()) &&
         (given.empty() || std::any_of(given.begin(), given.end(), [](char c) {
            return absl::ascii_isdigit(static_cast<unsigned char>(c));
          }));
}

absl::string_view ComparatorOf(const v1::Quantity& quantity) {
  for (const absl::string_view comparator : {"<=", ">=", "<", ">"}) {
    if (absl::StartsWith(quantity.given_value(), comparator)) return comparator;
  }
  return {};
}

}  // namespace subrosa
