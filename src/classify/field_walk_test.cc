#include "src/classify/field_walk.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using google::protobuf::DescriptorPool;

// A sink that writes down the path of each field.
class Paths {
 public:
  void Message(const MarkPlan&, absl::string_view) {}
  void Field(const FieldMarkPlan& field, absl::string_view) {
    paths_.Field(field);
    told_.push_back(paths_.Below(field));
  }
  void Enter(const FieldMarkPlan& field) { paths_.Enter(field); }
  void Leave() { paths_.Leave(); }
  void Code(const CodeRule&, absl::string_view) {}
  void Unmarked() {}

  const std::vector<std::string>& told() const { return told_; }

 private:
  FieldPaths paths_;
  std::vector<std::string> told_;
};

class FieldWalkTest : public testing::Test {
 protected:
  FieldWalkTest() : codes_(std::move(CodeTable::BuiltIn()).value()) {}

  absl::Status Walk(const v1::HealthRecord& record, Paths* paths) {
    const absl::StatusOr<PayloadPlan> found =
        PlanOfPayload(record, *DescriptorPool::generated_pool(), &plans_);
    if (!found.ok()) return found.status();
    return WalkFields(*found->plan, record.payload().value(), codes_, paths);
  }

  const CodeTable codes_;
  MarkPlans plans_;
};

TEST_F(FieldWalkTest, APathCountsTheElementsOfEachFieldByItself) {
  v1::TherapySession session;
  session.add_reasons()->add_coding()->set_code("a");
  session.add_reasons()->add_coding()->set_code("b");
  session.mutable_reasons(1)->add_coding()->set_code("c");
  v1::HealthRecord record;
  record.mutable_payload()->PackFrom(session);
  Paths paths;

  ASSERT_TRUE(Walk(record, &paths).ok());

  const std::vector<std::string> expected = {
      "payload.reasons[0]",
      "payload.reasons[0].coding[0]",
      "payload.reasons[0].coding[0].code",
      "payload.reasons[1]",
      "payload.reasons[1].coding[0]",
      "payload.reasons[1].coding[0].code",
      "payload.reasons[1].coding[1]",
      "payload.reasons[1].coding[1].code"};
  EXPECT_EQ(paths.told(), expected);
}

TEST_F(FieldWalkTest, ATypeThatNobodyKnowsIsRefusedWithoutItsName) {
  v1::HealthRecord record;
  record.mutable_payload()->set_type_url("type.googleapis.com/app.Secret");
  Paths paths;

  const absl::Status status = Walk(record, &paths);

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(),
            "payload: want a message type known here, got another");
}

TEST_F(FieldWalkTest, BytesThatAreNoProtobufAreRefused) {
  v1::HealthRecord record;
  record.mutable_payload()->PackFrom(v1::TherapySession());
  record.mutable_payload()->set_value("\x0a\x7f");
  Paths paths;

  EXPECT_TRUE(absl::IsInvalidArgument(Walk(record, &paths)));
}

}  // namespace
}  // namespace subrosa
