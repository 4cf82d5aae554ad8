// Precise places: "47.6097, -122.3331", "47.6097 N, 122.3331 W",
// [-122.3331,47.6097] of GeoJSON, POINT(-122.3331 47.6097) of WKT, 47°36'35"N
// 122°19'59"W.
#include <algorithm>
#include <cmath>

#include "absl/strings/string_view.h"
#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

constexpr WordList kPositionWords(
    "lat|latitude|lng|lon|long|longitude|latlng|latlon|ll|gps|location|"
    "coordinate|coordinates|coord|coords|position|geo|geom|geometry|geojson|"
    "near|at");
// Before a bracket, as in WKT.
constexpr WordList kGeometryWords(
    "point|multipoint|linestring|multilinestring|polygon|multipolygon");

struct Decimal {
  size_t begin = 0;
  size_t end = 0;
  double value = 0;
  size_t decimals = 0;  // 0: there is none.
};

constexpr size_t kMostDecimals = 18;
constexpr double kTenTo[kMostDecimals + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
    1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

// The decimal number that begins at `begin`, with its sign.
Decimal DecimalAt(const TextWindow& window, size_t begin) {
  Decimal number;
  number.begin = begin;
  size_t at = begin;
  const bool negative = window.At(at) == '-';
  if (negative || window.At(at) == '+') ++at;
  const size_t whole = at;
  while (at - whole < 4 && IsDigit(window.At(at))) {
    number.value = number.value * 10 + (window.At(at++) - '0');
  }
  if (at == whole || window.At(at) != '.') return {};
  for (++at; number.decimals < kMostDecimals && IsDigit(window.At(at)); ++at) {
    number.value = number.value * 10 + (window.At(at) - '0');
    ++number.decimals;
  }
  number.value /= kTenTo[number.decimals];
  if (negative) number.value = -number.value;
  number.end = at;
  return number;
}

// The one whose digits contain or end at `i`.
Decimal DecimalAround(const TextWindow& window, size_t i) {
  size_t begin = i;
  while (begin > 0 &&
         (IsDigit(window.At(begin - 1)) || window.At(begin - 1) == '.')) {
    --begin;
  }
  const char sign = window.Before(begin);
  if (sign == '-' || sign == '+') --begin;
  return DecimalAt(window, begin);
}

// Where a degree sign at `i` ends, or what is typed as one; `i` if there is
// none.
size_t SkipDegreeSign(const TextWindow& window, size_t i) {
  const bool is_one = window.At(i) == '\xc2' && (window.At(i + 1) == '\xb0' ||
                                                 window.At(i + 1) == '\xba');
  return is_one ? i + 2 : i;
}

size_t SkipSpace(const TextWindow& window, size_t i) {
  return window.At(i) == ' ' ? i + 1 : i;
}

bool IsSide(char c) { return c == 'N' || c == 'S' || c == 'E' || c == 'W'; }
bool IsNorthOrSouth(char c) { return c == 'N' || c == 'S'; }

// An angle [begin, end) with the side of the earth it is on, if it tells.
struct Angle {
  size_t begin = 0;
  size_t end = 0;
  double degrees = 0;
  char side = 0;
};

// Takes the side that stands after the angle, or before it, into it.
void AddSide(const TextWindow& window, Angle* angle) {
  const size_t after = SkipSpace(window, angle->end);
  if (IsSide(window.At(after)) && !IsWordByte(window.At(after + 1))) {
    angle->side = window.At(after);
    angle->end = after + 1;
    return;
  }
  size_t before = angle->begin;
  if (window.Before(before) == ' ') --before;
  if (before > 0 && IsSide(window.Before(before)) &&
      !IsWordByte(window.Before(before - 1))) {
    angle->side = window.Before(before);
    angle->begin = before - 1;
  }
}

// Whether the sides of two angles are those of a latitude and a longitude.
bool HaveSides(const Angle& first, const Angle& second) {
  return first.side != 0 && second.side != 0 &&
         IsNorthOrSouth(first.side) != IsNorthOrSouth(second.side);
}

// A latitude is up to 90 degrees and a longitude up to 180; the longitude comes
// first if its side says so, or if it is over 90.
bool AreLatitudeAndLongitude(const Angle& first, const Angle& second) {
  const bool longitude_first = HaveSides(first, second)
                                   ? !IsNorthOrSouth(first.side)
                                   : std::fabs(first.degrees) > 90;
  const Angle& latitude = longitude_first ? second : first;
  const Angle& longitude = longitude_first ? first : second;
  return std::fabs(latitude.degrees) <= 90 &&
         std::fabs(longitude.degrees) <= 180;
}

// Whether a word before `first`, or between it and `second`, or the bracket of
// a geometry, says that they are a place.
bool IsNamed(const TextWindow& window, size_t first, size_t second) {
  constexpr size_t kReach = 32;
  if (window.HasWordBefore(second, second - first + std::min(first, kReach),
                           kPositionWords)) {
    return true;
  }
  return window.Before(first) == '(' &&
         window.HasWordBefore(first - 1, kReach, kGeometryWords);
}

// Whether a third number stands beside the two with the same between: then they
// are a row of measurements.
bool IsInARow(const TextWindow& window, const Decimal& first,
              const Decimal& second) {
  const absl::string_view between = window.Sub(first.end, second.begin);
  const size_t next = second.end + between.size();
  if (window.Sub(second.end, next) == between &&
      (IsDigit(window.At(next)) ||
       (window.At(next) == '-' && IsDigit(window.At(next + 1))))) {
    return true;
  }
  const size_t size = between.size();
  return first.begin > size &&
         window.Sub(first.begin - size, first.begin) == between &&
         IsDigit(window.Before(first.begin - size));
}

// Why two numbers that nothing names are no place; null if they are one. A
// place has as many decimals twice, and no more between them than a comma.
const char* WhyNoPlace(const TextWindow& window, const Decimal& first,
                       const Decimal& second) {
  const size_t decimals = std::min(first.decimals, second.decimals);
  if (decimals < 4) {
    return "no word such as `location` stands before it, and with three "
           "decimals it may be two measurements";
  }
  const absl::string_view between = window.Sub(first.end, second.begin);
  if (between.size() > 4 ||
      between.find_first_not_of(" ,;/|\xc2\xb0") != between.npos) {
    return "no word such as `location` stands before it, and more than a comma "
           "stands between the numbers";
  }
  const bool signed_one = first.value < 0 || second.value < 0;
  if (decimals < 5 && !signed_one) {
    return "no word such as `location` stands before it, and with four "
           "decimals and no sign it may be two measurements";
  }
  // Where both are below one degree there is nothing but sea.
  if (std::fabs(first.value) < 1 && std::fabs(second.value) < 1) {
    return "no word such as `location` stands before it, and both numbers are "
           "below one, as shares and weights are";
  }
  return IsInARow(window, first, second)
             ? "more than two numbers stand in a row"
             : nullptr;
}

// One or two digits below 60 at `i`, with decimals; where they end, or `i`.
struct Sixtieths {
  size_t end = 0;
  double value = 0;
  bool decimals = false;
};

Sixtieths SixtiethsAt(const TextWindow& window, size_t i) {
  Sixtieths part;
  part.end = i;
  size_t end = i;
  while (end - i < 2 && IsDigit(window.At(end))) ++end;
  if (end == i || IsDigit(window.At(end))) return part;
  part.value = window.Number(i, end);
  if (part.value >= 60) return part;
  if (window.At(end) == '.' && IsDigit(window.At(end + 1))) {
    part.decimals = true;
    double weight = 0.1;
    for (++end; IsDigit(window.At(end)) && weight > 1e-9; ++end) {
      part.value += weight * (window.At(end) - '0');
      weight /= 10;
    }
  }
  part.end = end;
  return part;
}

// "47°36'35\"N" that begins with its degrees at `i`. `end` is 0 if it is none,
// or so coarse that it is no precise place: without seconds a minute is more
// than a mile.
Angle AngleAt(const TextWindow& window, size_t i) {
  size_t at = i;
  while (at - i < 3 && IsDigit(window.At(at))) ++at;
  Angle angle;
  angle.begin = i;
  angle.degrees = window.Number(i, at);
  const size_t sign = SkipSpace(window, at);
  const size_t minutes_begin = SkipDegreeSign(window, sign);
  if (at == i || minutes_begin == sign) return {};
  const Sixtieths minutes =
      SixtiethsAt(window, SkipSpace(window, minutes_begin));
  if (minutes.end == SkipSpace(window, minutes_begin) ||
      window.At(minutes.end) != '\'') {
    return {};
  }
  size_t end = minutes.end + 1;
  const size_t seconds_begin = SkipSpace(window, end);
  const Sixtieths seconds = SixtiethsAt(window, seconds_begin);
  const bool double_quote = window.At(seconds.end) == '"';
  const bool has_seconds = seconds.end > seconds_begin &&
                           (double_quote || window.HasAt(seconds.end, "''"));
  if (has_seconds) end = seconds.end + (double_quote ? 1 : 2);
  if (!has_seconds && !minutes.decimals) return {};
  angle.degrees +=
      minutes.value / 60 + (has_seconds ? seconds.value / 3600 : 0);
  angle.end = end;
  AddSide(window, &angle);
  return angle;
}

}  // namespace

size_t FindCoordinates(const TextWindow& window, int,
                       std::vector<TextCandidate>* found) {
  // "47.6097, -122.3331": the anchor is after the second's third decimal.
  const Decimal second = DecimalAround(window, window.anchor);
  size_t at = second.decimals > 0 ? second.begin : window.anchor;
  const size_t reach = at > 28 ? at - 28 : 0;
  while (at > reach && !IsDigit(window.At(at - 1))) --at;
  const Decimal first = DecimalAround(window, at);
  if (first.decimals < 3) return 0;
  Angle latitude = {first.begin, SkipDegreeSign(window, first.end), first.value,
                    0};
  Angle longitude = {second.begin, SkipDegreeSign(window, second.end),
                     second.value, 0};
  AddSide(window, &latitude);
  AddSide(window, &longitude);
  const size_t end = std::max(latitude.begin, longitude.end);
  if (second.decimals < 3 || first.end > second.begin ||
      !AreLatitudeAndLongitude(latitude, longitude) ||
      IsWordByte(window.Before(latitude.begin)) ||
      window.At(second.end) == '.') {
    return window.Refuse(latitude.begin, end, TextRuleId::kCoordinates,
                         "the two numbers are no latitude up to 90 degrees and "
                         "longitude up to 180");
  }
  const bool named = HaveSides(latitude, longitude) ||
                     IsNamed(window, latitude.begin, second.begin);
  if (const char* why = named ? nullptr : WhyNoPlace(window, first, second)) {
    return window.Refuse(latitude.begin, end, TextRuleId::kCoordinates, why);
  }
  found->push_back({latitude.begin, longitude.end, TextRuleId::kCoordinates,
                    named ? 0.95F : 0.7F});
  return longitude.end;
}

size_t FindDegrees(const TextWindow& window, int,
                   std::vector<TextCandidate>* found) {
  // "47°36'35\"N 122°19'59\"W": the anchor is after the first minute's digit.
  size_t begin = window.anchor - 1;
  while (begin > 0 && window.anchor - begin < 6 &&
         !IsDigit(window.Before(begin))) {
    --begin;
  }
  const size_t digits_end = begin;
  while (begin > 0 && digits_end - begin < 3 && IsDigit(window.Before(begin))) {
    --begin;
  }
  const Angle first = AngleAt(window, begin);
  size_t next = first.end;
  while (next - first.end < 4 &&
         (window.At(next) == ' ' || window.At(next) == ',' ||
          window.At(next) == ';' || window.At(next) == '/' ||
          IsSide(window.At(next)))) {
    ++next;
  }
  const Angle second = AngleAt(window, next);
  if (first.end == 0 || second.end == 0 ||
      IsWordByte(window.Before(first.begin)) ||
      !AreLatitudeAndLongitude(first, second) ||
      !(HaveSides(first, second) ||
        IsNamed(window, first.begin, second.begin))) {
    return window.Refuse(begin, window.anchor, TextRuleId::kCoordinates,
                         "no latitude and longitude of degrees, minutes and "
                         "seconds stand here");
  }
  found->push_back({first.begin, second.end, TextRuleId::kCoordinates, 0.95F});
  return second.end;
}

}  // namespace subrosa
