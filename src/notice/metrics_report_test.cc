#include "src/notice/metrics_report.h"

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/law/law_book.h"
#include "src/request/request_machine.h"
#include "src/request/request_traits.h"
#include "src/request/sample_request.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kReceivedAt = InLosAngeles("2026-06-01 09:30");

absl::Time DaysLater(int days) { return kReceivedAt + absl::Hours(24 * days); }

v1::Request Received(v1::RequestKind kind, const std::string& residence) {
  return SampleRequest(kind, residence, kReceivedAt);
}

v1::Request CompletedAfter(int days, v1::RequestKind kind,
                           const std::string& residence) {
  return With(With(Received(kind, residence),
                   StepAt(kReceivedAt, v1::REQUEST_EVENT_KIND_AUTHENTICATED)),
              StepAt(DaysLater(days), v1::REQUEST_EVENT_KIND_COMPLETED));
}

class MetricsReportTest : public testing::Test {
 protected:
  void Use(const std::string& rule) {
    counter_ = std::make_unique<MetricsCounter>(*law_.Find(rule),
                                                absl::CivilYear(2026));
  }
  void Add(const v1::Request& request) {
    counter_->Add(TraitsOf(request, *MachineOf(request)), 1);
  }
  MetricsReport Finish() {
    return counter_->Finish(law_, "rosewater", {2, 3}).value();
  }
  std::vector<std::string> Keys() {
    std::vector<std::string> keys;
    for (const MetricsRow& row : Finish().rows) keys.push_back(row.key);
    return keys;
  }

  const LawBook& law_ = SampleLawBook();
  std::unique_ptr<MetricsCounter> counter_ = std::make_unique<MetricsCounter>(
      *law_.Find("ca-ccpa/metrics"), absl::CivilYear(2026));
};

// Covers: ca-ccpa/metrics
TEST_F(MetricsReportTest, RequestsAreToldByTheKindsThatTheRegulationLists) {
  EXPECT_THAT(Keys(), ElementsAre("delete", "correct", "know", "access-admt",
                                  "opt-out", "limit", "opt-out-admt"));

  Add(CompletedAfter(4, v1::REQUEST_KIND_ACCESS, "US-CA"));
  Add(CompletedAfter(10, v1::REQUEST_KIND_KNOW, "US-CA"));
  Add(CompletedAfter(13, v1::REQUEST_KIND_ACCESS, "US-CA"));
  Add(With(Received(v1::REQUEST_KIND_DELETE, "US-CA"),
           DenialAt(DaysLater(5), v1::DENIAL_REASON_NOT_AUTHENTICATED)));

  const MetricsReport report = Finish();
  EXPECT_EQ(report.rows[2].residents.received, 3);
  EXPECT_EQ(report.rows[2].residents.completed, 3);
  EXPECT_DOUBLE_EQ(report.rows[2].residents.MedianDays(), 10);
  EXPECT_DOUBLE_EQ(report.rows[2].residents.MeanDays(), 9);
  EXPECT_EQ(report.rows[0].residents.denied, 1);
  EXPECT_THAT(MetricsCsv(report),
              HasSubstr("residents,delete,1,0,0,1,1,0,0,0,5.0,5.0\n"));
}

TEST_F(MetricsReportTest, ResidentsAndAllAreToldApart) {
  Add(Received(v1::REQUEST_KIND_DELETE, "US-CA"));
  Add(Received(v1::REQUEST_KIND_DELETE, "US-WA"));

  EXPECT_EQ(Finish().rows[0].residents.received, 1);
  EXPECT_EQ(Finish().rows[0].all.received, 2);
}

TEST_F(MetricsReportTest, AnotherYearsRequestsAndOtherKindsDoNotCount) {
  Add(SampleRequest(v1::REQUEST_KIND_DELETE, "US-CA",
                    InLosAngeles("2025-12-31 09:00")));
  Add(SampleRequest(v1::REQUEST_KIND_WITHDRAW, "US-WA", kReceivedAt));

  for (const MetricsRow& row : Finish().rows) EXPECT_EQ(row.all.received, 0);
}

// Covers: ca-ccpa/metrics-threshold, ca-ccpa/metrics-by
TEST_F(MetricsReportTest, ItSaysFromHowManyConsumersAndByWhenItIsPublished) {
  const MetricsReport report = Finish();

  EXPECT_EQ(report.from_consumers, 10000000);
  EXPECT_EQ(report.publish_by, "2027-07-01");
  EXPECT_THAT(MetricsText(report),
              HasSubstr("10000000 consumers or more, by 2027-07-01."));
}

// Covers: ca-delete-act/metrics
TEST_F(MetricsReportTest, BrokersOfAnySizeTellWhatIsSoldApart) {
  Use("ca-delete-act/metrics");
  Add(CompletedAfter(3, v1::REQUEST_KIND_THIRD_PARTIES, "US-CA"));

  EXPECT_THAT(Keys(),
              ElementsAre("delete", "know", "know-sold", "opt-out", "limit"));
  EXPECT_EQ(Finish().rows[2].residents.completed, 1);
  EXPECT_EQ(Finish().from_consumers, 0);
}

TEST_F(MetricsReportTest, SignalsAreNoRequestsAndAFootnoteSaysSo) {
  const MetricsReport report = Finish();

  EXPECT_EQ(report.rows[4].all.received, 0);
  EXPECT_THAT(MetricsHtml(report), HasSubstr("2 from residents of US-CA, 3"));
}

TEST_F(MetricsReportTest, EveryFormHasTheSameNumbersAndNothingOfARequest) {
  v1::Request request = Received(v1::REQUEST_KIND_DELETE, "US-CA");
  request.set_consumer("canary-consumer");
  request.mutable_requester()->set_contact("canary@rosewater.example");
  Add(request);
  const MetricsReport report = Finish();

  const auto json = nlohmann::json::parse(MetricsJson(report));
  EXPECT_EQ(json["kinds"][0]["residents"]["received"], 1);
  EXPECT_THAT(MetricsCsv(report), HasSubstr("residents,delete,1,"));
  EXPECT_THAT(MetricsText(report), HasSubstr("requests to delete: 1 received"));
  EXPECT_THAT(MetricsHtml(report), HasSubstr("<svg "));
  for (const std::string& form : {MetricsHtml(report), MetricsCsv(report),
                                  MetricsText(report), MetricsJson(report)}) {
    EXPECT_THAT(form, Not(HasSubstr("canary")));
  }
}

TEST_F(MetricsReportTest, ARuleThatCountsNoKindsMakesNoReport) {
  Use("ca-ccpa/policy");

  EXPECT_FALSE(counter_->Finish(law_, "rosewater", {}).ok());
}

}  // namespace
}  // namespace subrosa
