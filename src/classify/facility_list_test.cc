#include "src/classify/facility_list.h"

#include <cmath>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

// The kind of the nearest place of `lines`; "none".
std::string Nearest(absl::string_view lines, double latitude, double longitude,
                    double meters) {
  const absl::StatusOr<FacilityList> list = FacilityList::Parse(lines);
  if (!list.ok()) return std::string(list.status().message());
  const Facility* facility = list->Nearest(latitude, longitude, meters);
  return facility == nullptr ? "none" : facility->kind;
}

constexpr absl::string_view kTwo =
    "# places\n47.6000\t-122.3300\tclinic\n47.6010\t-122.3300\tpharmacy\n";

TEST(FacilityListTest, TheNearestPlaceWithinReachIsTold) {
  EXPECT_EQ(Nearest(kTwo, 47.6001, -122.33, 200), "clinic");
  EXPECT_EQ(Nearest(kTwo, 47.6009, -122.33, 200), "pharmacy");
  EXPECT_EQ(Nearest("0\t0\n", 0, 0, 1), "");
}

TEST(FacilityListTest, APlaceBeyondReachIsNotTold) {
  EXPECT_EQ(Nearest(kTwo, 47.61, -122.33, 200), "none");
  EXPECT_EQ(Nearest(kTwo, 47.6, -122.34, 200), "none");
  EXPECT_EQ(Nearest("", 47.6, -122.33, 200), "none");
}

TEST(FacilityListTest, DistanceIsThatOnTheSphereAcrossTheDateLineToo) {
  // One degree is 111.19 km at the equator, half of that at 60 degrees north.
  EXPECT_EQ(Nearest("0\t1\tx", 0, 0, 111200), "x");
  EXPECT_EQ(Nearest("0\t1\tx", 0, 0, 111100), "none");
  EXPECT_EQ(Nearest("60\t1\tx", 60, 0, 55700), "x");
  EXPECT_EQ(Nearest("60\t1\tx", 60, 0, 55500), "none");
  EXPECT_EQ(Nearest("0\t-179.9999\tx", 0, 179.9999, 30), "x");
}

TEST(FacilityListTest, WhatIsNoPlaceIsNearNothing) {
  EXPECT_EQ(Nearest("0\t0\tx", std::nan(""), 0, 200), "none");
  EXPECT_EQ(Nearest("0\t0\tx", 0, INFINITY, 200), "none");
  EXPECT_EQ(Nearest("90\t0\tx", 91, 0, 2000000), "none");
}

TEST(FacilityListTest, ALineThatIsNoPlaceIsRefusedByItsNumber) {
  for (const absl::string_view line :
       {"secret", "1", "1\t", "91\t0", "0\t181", "nan\t0", "1\t1\tx\ty"}) {
    const absl::Status status =
        FacilityList::Parse(absl::StrCat("0\t0\n", line)).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << line;
    EXPECT_EQ(status.message().substr(0, 12), "line 2: want");
    EXPECT_EQ(status.message().find("secret"), absl::string_view::npos);
  }
  EXPECT_FALSE(
      FacilityList::Parse(absl::StrCat("0\t0\t", std::string(129, 'x'))).ok());
}

}  // namespace
}  // namespace subrosa
