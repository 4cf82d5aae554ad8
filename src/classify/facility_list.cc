#include "src/classify/facility_list.h"

#include <algorithm>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace subrosa {
namespace {

constexpr double kEarthRadiusMeters = 6371008.8;  // IUGG's mean radius.
constexpr double kRadiansPerDegree = 0.017453292519943295;
constexpr size_t kMaxKindBytes = 128;

bool IsPlace(double latitude, double longitude) {
  // No comparison with what is no number holds.
  return latitude >= -90 && latitude <= 90 && longitude >= -180 &&
         longitude <= 180;
}

// Along a great circle (haversine formula).
double MetersBetween(double latitude, double longitude, const Facility& to) {
  const double half_north =
      std::sin((to.latitude - latitude) * kRadiansPerDegree / 2);
  const double half_east =
      std::sin((to.longitude - longitude) * kRadiansPerDegree / 2);
  const double square =
      half_north * half_north + std::cos(latitude * kRadiansPerDegree) *
                                    std::cos(to.latitude * kRadiansPerDegree) *
                                    half_east * half_east;
  return 2 * kEarthRadiusMeters * std::asin(std::sqrt(std::min(1.0, square)));
}

}  // namespace

absl::StatusOr<FacilityList> FacilityList::Parse(absl::string_view text) {
  FacilityList list;
  size_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    absl::ConsumeSuffix(&line, "\r");
    if (line.empty() || line[0] == '#') continue;
    const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
    Facility facility;
    if (columns.size() < 2 || columns.size() > 3 ||
        !absl::SimpleAtod(columns[0], &facility.latitude) ||
        !absl::SimpleAtod(columns[1], &facility.longitude) ||
        !IsPlace(facility.latitude, facility.longitude)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", number,
          ": want latitude, longitude and perhaps a kind, in degrees and with "
          "tabs between, got something else"));
    }
    if (columns.size() == 3) facility.kind = std::string(columns[2]);
    if (facility.kind.size() > kMaxKindBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": want a kind of at most ",
                       kMaxKindBytes, " bytes, got ", facility.kind.size()));
    }
    if (list.facilities_.size() == kMaxFacilities) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", number, ": want at most ", kMaxFacilities, " places"));
    }
    list.facilities_.push_back(std::move(facility));
  }
  std::stable_sort(list.facilities_.begin(), list.facilities_.end(),
                   [](const Facility& a, const Facility& b) {
                     return a.latitude < b.latitude;
                   });
  return list;
}

const Facility* FacilityList::Nearest(double latitude, double longitude,
                                      double meters) const {
  if (!IsPlace(latitude, longitude)) return nullptr;
  const double reach_degrees = meters / kEarthRadiusMeters / kRadiansPerDegree;
  auto at = std::lower_bound(
      facilities_.begin(), facilities_.end(), latitude - reach_degrees,
      [](const Facility& f, double south) { return f.latitude < south; });
  const Facility* nearest = nullptr;
  for (; at != facilities_.end() && at->latitude <= latitude + reach_degrees;
       ++at) {
    const double away = MetersBetween(latitude, longitude, *at);
    if (away > meters) continue;
    meters = away;
    nearest = &*at;
  }
  return nearest;
}

}  // namespace subrosa
