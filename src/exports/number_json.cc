#include "src/exports/number_json.h"

#include <cmath>
#include <cstdint>

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

}  // namespace subrosa
