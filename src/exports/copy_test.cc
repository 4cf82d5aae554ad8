#include "src/exports/copy.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/steward/scratch_home.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;

v1::MoodCheckIn CheckIn(const std::string& note) {
  v1::MoodCheckIn check_in;
  check_in.set_score(4);
  check_in.set_note(note);
  return check_in;
}

absl::StatusOr<std::string> CopyOf(ScratchHome& home,
                                   const std::string& consumer,
                                   CopyFormat format) {
  std::string copy;
  const auto summary =
      WriteCopy(home.steward(), consumer, format, home.clock().Now(),
                [&copy](absl::string_view bytes) {
                  copy.append(bytes.data(), bytes.size());
                  return absl::OkStatus();
                });
  if (!summary.ok()) return summary.status();
  return copy;
}

TEST(CopyTest, AJsonCopyHoldsEveryRecordOfTheConsumerAndNoOther) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn("calm \"and\" well")),
            RecordOf("ada", "2", CheckIn("two\nlines")),
            RecordOf("bo", "1", CheckIn("another's"))});

  const auto json =
      nlohmann::json::parse(*CopyOf(home, "ada", CopyFormat::kJson));

  EXPECT_EQ(json["entity"], "rosewater");
  EXPECT_EQ(json["consumer"], "ada");
  EXPECT_EQ(json["made_at"], "2026-07-01T00:00:00Z");
  EXPECT_EQ(json["record_count"], 2);
  ASSERT_EQ(json["records"].size(), 2u);
  EXPECT_EQ(json.dump().find("another's"), std::string::npos);
}

TEST(CopyTest, EachRecordSaysWhatItCountsAsAndUnderWhichClause) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn("calm"))});

  const auto record = nlohmann::json::parse(
      *CopyOf(home, "ada", CopyFormat::kJson))["records"][0];

  EXPECT_EQ(record["type"], "mood check-in");
  EXPECT_EQ(record["schema"], "subrosa.v1.MoodCheckIn");
  EXPECT_EQ(record["categories"][0]["category"], "conditions");
  EXPECT_EQ(record["categories"][0]["clause"], "RCW 19.373.010(8)(b)(i)");
  EXPECT_EQ(record["content"]["note"], "calm");
  EXPECT_EQ(record["content"]["score"], 4);
}

TEST(CopyTest, ACsvCopyHasALineForEachValue) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn("calm, \"really\""))});

  const std::string csv = *CopyOf(home, "ada", CopyFormat::kCsv);

  EXPECT_THAT(csv, HasSubstr("\"type\",\"record\",\"when\",\"source\","
                             "\"purpose\",\"categories\",\"field\",\"value\""));
  EXPECT_THAT(csv, HasSubstr("\"mood check-in\",\"1\",\"2026-06-21T00:00:00Z\","
                             "\"ios-app\",\"mood-tracking\",\"conditions\","
                             "\"score\",\"4\"\r\n"));
  EXPECT_THAT(csv, HasSubstr("\"note\",\"calm, \"\"really\"\"\"\r\n"));
}

TEST(CopyTest, ASpreadsheetTakesNoCellForAFormula) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn("=HYPERLINK(\"x\")")),
            RecordOf("ada", "2", CheckIn("@sum")),
            RecordOf("ada", "3", CheckIn("-12.5"))});

  const std::string csv = *CopyOf(home, "ada", CopyFormat::kCsv);

  EXPECT_THAT(csv, HasSubstr("\"'=HYPERLINK("));
  EXPECT_THAT(csv, HasSubstr("\"'@sum\""));
  EXPECT_THAT(csv, HasSubstr("\"-12.5\""));
}

TEST(CopyTest, AnUnknownConsumerGetsNothing) {
  ScratchHome home;
  std::string copy;

  const absl::Status status =
      WriteCopy(home.steward(), "nobody", CopyFormat::kJson, absl::Now(),
                [&copy](absl::string_view bytes) {
                  copy.append(bytes.data(), bytes.size());
                  return absl::OkStatus();
                })
          .status();

  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_TRUE(copy.empty());
}

TEST(CopyTest, AConsumerWithoutRecordsGetsACopyThatSaysSo) {
  ScratchHome home;
  v1::HealthRecord refused = RecordOf("ada", "1", CheckIn("calm"));
  refused.mutable_payload()->set_value("\xff");
  ASSERT_TRUE(home.steward().Put({&refused}).ok());

  // The consumer of a refused record was never made.
  EXPECT_TRUE(
      absl::IsNotFound(CopyOf(home, "ada", CopyFormat::kJson).status()));
}

TEST(CopyTest, AFailingSinkStopsTheCopy) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn("calm"))});

  EXPECT_TRUE(absl::IsUnavailable(
      WriteCopy(home.steward(), "ada", CopyFormat::kCsv, absl::Now(),
                [](absl::string_view) {
                  return absl::UnavailableError("no space left");
                })
          .status()));
}

}  // namespace
}  // namespace subrosa
