#include "src/classify/inference_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

class InferenceReaderTest : public testing::Test {
 protected:
  InferenceReaderTest() : health_(HealthReader::Create()) {}

  void SetUp() override {
    ASSERT_TRUE(health_.ok()) << health_.status();
    absl::StatusOr<FacilityList> facilities =
        FacilityList::Parse("47.6\t-122.33\tfertility clinic\n");
    ASSERT_TRUE(facilities.ok());
    reader_ = InferenceReader::Create(*health_, *std::move(facilities));
    ASSERT_TRUE(reader_.ok()) << reader_.status();
  }

  std::vector<Finding> Findings(SignalKind kind,
                                absl::string_view value) const {
    Signal signal;
    signal.kind = kind;
    signal.field_path = "payload.x";
    signal.value = value;
    return reader_->Read(signal);
  }

  // The rules that hold, once each.
  static std::string RulesOf(const std::vector<Finding>& findings) {
    std::string told;
    for (const Finding& finding : findings) {
      if (absl::StrContains(told, finding.rule_id)) continue;
      absl::StrAppend(&told, told.empty() ? "" : " ", finding.rule_id);
    }
    return told;
  }

  std::string Infer(SignalKind kind, absl::string_view value) const {
    return RulesOf(Findings(kind, value));
  }

  absl::StatusOr<HealthReader> health_;
  absl::StatusOr<InferenceReader> reader_;
};

TEST_F(InferenceReaderTest, AnArticleOnTherapyLetsTheNeedForItBeInferred) {
  const std::vector<Finding> findings = Findings(
      SignalKind::kContent, "How therapy helps with emotional unavailability");
  ASSERT_EQ(findings.size(), 1u);
  const Finding& finding = findings[0];
  EXPECT_EQ(finding.category, v1::HEALTH_CATEGORY_INFERRED);
  EXPECT_EQ(finding.basis, FindingBasis::kInference);
  EXPECT_EQ(finding.rule_id, "inference/content-view");
  EXPECT_EQ(finding.clause, "RCW 19.373.010(8)(b)(xiii)");
  EXPECT_TRUE(absl::StrContains(finding.reason,
                                "derived from payload.x, language/therapy"));
  EXPECT_TRUE(finding.labels.Has(v1::HEALTH_LABEL_CONTENT_INTEREST));
  EXPECT_TRUE(finding.labels.Has(v1::HEALTH_LABEL_THERAPY));
}

TEST_F(InferenceReaderTest, SlugsNamesAndAddressesAreReadAsWords) {
  EXPECT_EQ(Infer(SignalKind::kSearch, "missed period"), "inference/search");
  EXPECT_EQ(Infer(SignalKind::kUrl, "https://x.example/c/hiv-test?utm=a%20b"),
            "inference/page-or-event");
  EXPECT_EQ(Infer(SignalKind::kEvent, "appointmentBooked"),
            "inference/booking");
}

TEST_F(InferenceReaderTest, UsingATherapyServiceAtAllIsSeekingServices) {
  const std::vector<Finding> findings =
      Findings(SignalKind::kPurchase, "therapy-plus");
  EXPECT_EQ(RulesOf(findings), "inference/purchase inference/therapy-service");
  bool is_seeking = false;
  for (const Finding& finding : findings) {
    is_seeking |= finding.category == v1::HEALTH_CATEGORY_SEEKING_SERVICES &&
                  finding.clause == "RCW 19.373.010(8)(b)(xii)";
  }
  EXPECT_TRUE(is_seeking);
}

TEST_F(InferenceReaderTest, PurchasesThatNameNoIllnessMayTellOfAPregnancy) {
  EXPECT_EQ(Infer(SignalKind::kPurchase, "Maternity jeans, blue"),
            "inference/pregnancy-purchase");
  EXPECT_EQ(Infer(SignalKind::kPurchase, "blue jeans"), "");
}

TEST_F(InferenceReaderTest, EverydayContentPurchasesAndEventsInferNothing) {
  EXPECT_EQ(Infer(SignalKind::kContent, "Ten ways to fold a map"), "");
  EXPECT_EQ(Infer(SignalKind::kContent, "the killer app of the year"), "");
  EXPECT_EQ(Infer(SignalKind::kPurchase, "premium-yearly"), "");
  EXPECT_EQ(Infer(SignalKind::kEvent, "app_open"), "");
  EXPECT_EQ(Infer(SignalKind::kUrl, "https://x.example/pricing"), "");
  EXPECT_EQ(Infer(SignalKind::kRecord, "subscription event"), "");
  EXPECT_EQ(Infer(SignalKind::kContent, ""), "");
}

TEST_F(InferenceReaderTest, AVisitNearAListedPlaceOfCareIsPreciseLocation) {
  Signal signal;
  signal.kind = SignalKind::kVisit;
  signal.latitude = 47.6005;
  signal.longitude = -122.33;
  const std::vector<Finding> findings = reader_->Read(signal);
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].rule_id, "inference/care-visit");
  EXPECT_TRUE(findings[0].labels.Has(v1::HEALTH_LABEL_PREGNANCY));
  signal.latitude = 47.7;
  EXPECT_TRUE(reader_->Read(signal).empty());
}

TEST_F(InferenceReaderTest, ACycleCalendarTellsOfPregnancy) {
  EXPECT_EQ(Infer(SignalKind::kRecord, "CycleEntry"), "inference/cycle-record");
  EXPECT_EQ(Infer(SignalKind::kRecord, "SexualActivity"),
            "inference/sex-life-record");
}

TEST_F(InferenceReaderTest, UseAtNightIsAWeakHintAndByDayNone) {
  Signal signal;
  signal.kind = SignalKind::kHour;
  signal.hour = 3;
  const std::vector<Finding> findings = reader_->Read(signal);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_LT(findings[0].score, 0.5);
  for (const int hour : {0, 5, 12, 23}) {
    signal.hour = hour;
    EXPECT_TRUE(reader_->Read(signal).empty()) << hour;
  }
}

TEST_F(InferenceReaderTest, NoFindingRepeatsAValue) {
  for (const Finding& finding :
       Findings(SignalKind::kSearch, "canary depression canary")) {
    EXPECT_EQ(finding.reason.find("canary"), std::string::npos);
  }
}

}  // namespace
}  // namespace subrosa
