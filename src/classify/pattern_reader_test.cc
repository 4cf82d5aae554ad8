#include "src/classify/pattern_reader.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "src/classify/code_table.h"
#include "src/classify/facility_list.h"
#include "src/classify/health_reader.h"
#include "src/classify/health_record_reader.h"
#include "src/classify/inference_reader.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr int64_t kHour = 3600;
constexpr int64_t kDay = 24 * kHour;
constexpr int64_t kWeek = 7 * kDay;
// 2026-06-01, a Monday, at midnight.
constexpr int64_t kMonday = 1780272000;

class PatternReaderTest : public testing::Test {
 protected:
  PatternReaderTest()
      : health_(std::move(HealthReader::Create()).value()),
        inference_(
            std::move(
                InferenceReader::Create(
                    health_,
                    std::move(FacilityList::Parse("0\t10\tclinic\n")).value()))
                .value()),
        codes_(std::move(CodeTable::BuiltIn()).value()),
        reader_(health_, inference_, codes_,
                *google::protobuf::DescriptorPool::generated_pool()),
        patterns_(inference_.rules()) {}

  static v1::HealthRecord At(int64_t seconds,
                             const google::protobuf::Message& payload,
                             const std::string& consumer = "ada") {
    v1::HealthRecord record;
    record.set_consumer(consumer);
    record.mutable_effective()->mutable_start()->set_seconds(seconds);
    record.mutable_effective()->set_utc_offset_minutes(0);
    record.mutable_payload()->PackFrom(payload);
    return record;
  }

  // The patterns that `record` completes, with ", " between.
  std::string Completes(const v1::HealthRecord& record) {
    std::vector<Finding> findings;
    EXPECT_TRUE(reader_.Read(record, &findings).ok());
    const size_t before = findings.size();
    patterns_.Read(record, &findings);
    added_.assign(findings.begin() + static_cast<ptrdiff_t>(before),
                  findings.end());
    std::string told;
    for (const Finding& finding : added_) {
      if (absl::StrContains(told, finding.rule_id)) continue;
      absl::StrAppend(&told, told.empty() ? "" : ", ", finding.rule_id);
    }
    return told;
  }

  const HealthReader health_;
  const InferenceReader inference_;
  const CodeTable codes_;
  HealthRecordReader reader_;
  PatternReader patterns_;
  std::vector<Finding> added_;
};

v1::ContentView View() {
  v1::ContentView view;
  view.set_content_id("gardening");
  return view;
}

v1::TherapySession Session() { return v1::TherapySession(); }

v1::LocationVisit Visit() {
  v1::LocationVisit visit;
  visit.set_longitude(10.0001);
  return visit;
}

TEST_F(PatternReaderTest, TenNightsInThreeWeeksTellOfSleep) {
  for (int night = 0; night < 9; ++night) {
    EXPECT_EQ(Completes(At(kMonday + 2 * night * kDay + 2 * kHour, View())), "")
        << night;
  }

  EXPECT_EQ(Completes(At(kMonday + 18 * kDay + 3 * kHour, View())),
            "inference/nights-of-use");
  ASSERT_EQ(added_.size(), 1u);
  EXPECT_EQ(added_[0].basis, FindingBasis::kInference);
  EXPECT_EQ(added_[0].category, v1::HEALTH_CATEGORY_INFERRED);
  EXPECT_TRUE(added_[0].labels.Has(v1::HEALTH_LABEL_SLEEP));
  EXPECT_EQ(added_[0].clause, "RCW 19.373.010(8)(b)(xiii)");
  EXPECT_EQ(added_[0].reason,
            "inferred from use on many nights, which may tell of sleep that "
            "does not come (10 days of 21); derived from effective.start, "
            "inference/night-use");
}

TEST_F(PatternReaderTest, APatternIsToldOnce) {
  int told = 0;
  for (int night = 0; night < 40; ++night) {
    told +=
        Completes(At(kMonday + night * kDay + kHour, View())).empty() ? 0 : 1;
  }
  EXPECT_EQ(told, 1);
}

TEST_F(PatternReaderTest, NightsThatLieFarApartTellNothing) {
  for (int night = 0; night < 30; ++night) {
    EXPECT_EQ(Completes(At(kMonday + 3 * night * kDay + kHour, View())), "");
  }
}

TEST_F(PatternReaderTest, OneNightCountsOnceHoweverMuchIsRead) {
  for (int view = 0; view < 50; ++view) {
    EXPECT_EQ(Completes(At(kMonday + kHour + view, View())), "");
  }
}

TEST_F(PatternReaderTest, TheNightsOfManyConsumersAreNobodysPattern) {
  for (int night = 0; night < 15; ++night) {
    EXPECT_EQ(Completes(At(kMonday + night * kDay + kHour, View(),
                           absl::StrCat("c-", night))),
              "");
  }
}

TEST_F(PatternReaderTest, RecordsMayComeInAnyOrder) {
  std::string told;
  for (int i = 0; i < 10; ++i) {
    const int night = i * 7 % 10;
    absl::StrAppend(&told,
                    Completes(At(kMonday + night * kDay + kHour, View())));
  }
  EXPECT_EQ(told, "inference/nights-of-use");
}

TEST_F(PatternReaderTest, ASessionAtOneHourEachWeekIsCareSought) {
  for (int week = 0; week < 3; ++week) {
    EXPECT_EQ(Completes(At(kMonday + week * kWeek + 17 * kHour, Session())),
              "");
  }
  // One week is left out, and the clocks were set back.
  EXPECT_EQ(Completes(At(kMonday + 4 * kWeek + 18 * kHour, Session())),
            "inference/weekly-sessions");
  ASSERT_EQ(added_.size(), 2u);
  EXPECT_EQ(added_[0].category, v1::HEALTH_CATEGORY_SEEKING_SERVICES);
  EXPECT_TRUE(absl::StrContains(
      added_[0].reason, "derived from payload, inference/session-record"));
}

TEST_F(PatternReaderTest, SessionsAtOtherHoursOrTooSeldomAreNoWeeklyOnes) {
  for (int week = 0; week < 8; ++week) {
    EXPECT_EQ(
        Completes(At(kMonday + week * kWeek + (8 + 2 * (week % 4)) * kHour,
                     Session())),
        "");
    EXPECT_EQ(Completes(At(kMonday + 2 * week * kWeek + kDay + 17 * kHour,
                           Session(), "bo")),
              "");
  }
}

TEST_F(PatternReaderTest, ThreeDaysNearAClinicAreMoreThanOne) {
  EXPECT_EQ(Completes(At(kMonday, Visit())), "");
  EXPECT_EQ(Completes(At(kMonday + kHour, Visit())), "");
  EXPECT_EQ(Completes(At(kMonday + 9 * kDay, Visit())), "");
  EXPECT_EQ(Completes(At(kMonday + 40 * kDay, Visit())),
            "inference/repeated-care-visits");
}

TEST_F(PatternReaderTest, WithoutATimeTheDayOfCollectionCounts) {
  std::string told;
  for (int day = 0; day < 3; ++day) {
    v1::HealthRecord record = At(0, Visit());
    record.clear_effective();
    record.mutable_collected_at()->set_seconds(kMonday + day * kDay);
    absl::StrAppend(&told, Completes(record));
  }
  EXPECT_EQ(told, "inference/repeated-care-visits");
}

TEST_F(PatternReaderTest, WhoComesByConsumerIsNotForgottenAmongMany) {
  std::string told;
  for (int consumer = 0; consumer < 11000; ++consumer) {
    const std::string id = absl::StrCat("c-", consumer);
    Completes(At(kMonday, Visit(), id));
    if (consumer % 1000 != 0) continue;
    Completes(At(kMonday + kDay, Visit(), id));
    told = Completes(At(kMonday + 2 * kDay, Visit(), id));
    EXPECT_EQ(told, "inference/repeated-care-visits");
  }
}

TEST_F(PatternReaderTest, TimesFarOutAreReadWithoutHarm) {
  for (const int64_t seconds : {INT64_MAX, INT64_MIN, int64_t{0}}) {
    v1::HealthRecord record = At(seconds, Session());
    record.mutable_effective()->set_utc_offset_minutes(INT32_MAX);
    EXPECT_EQ(Completes(record), "");
  }
}

}  // namespace
}  // namespace subrosa
