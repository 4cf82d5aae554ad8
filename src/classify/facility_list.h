// Places of care, as the entity lists them: a visit near one is a visit that
// may tell of care (RCW 19.373.010(8)(b)(xi)). Subrosa ships no list.
//
// Thread-compatible: const calls may run at the same time.
#ifndef SUBROSA_SRC_CLASSIFY_FACILITY_LIST_H_
#define SUBROSA_SRC_CLASSIFY_FACILITY_LIST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

struct Facility {
  double latitude = 0;   // Degrees, -90 to 90.
  double longitude = 0;  // Degrees, -180 to 180.
  std::string kind;      // "fertility clinic"; may be empty.
};

class FacilityList {
 public:
  static constexpr size_t kMaxFacilities = 1000000;

  // None.
  FacilityList() = default;

  // Reads lines of latitude, longitude and kind with tabs between; empty lines
  // and those that begin with `#` are passed over. The kind may be left out,
  // and is at most 128 bytes.
  //
  // INVALID_ARGUMENT, `line N: want …, got …`, for another line and for more
  // than kMaxFacilities. The message repeats nothing of the line.
  static absl::StatusOr<FacilityList> Parse(absl::string_view text);

  // The nearest facility that is at most `meters` away, or null. Null too if a
  // coordinate is no number or out of range. On a sphere: right to 0.6 percent.
  const Facility* Nearest(double latitude, double longitude,
                          double meters) const;

  size_t size() const { return facilities_.size(); }

 private:
  std::vector<Facility> facilities_;  // From south to north.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_FACILITY_LIST_H_
