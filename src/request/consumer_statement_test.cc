#include "src/request/consumer_statement.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/request/request_clocks.h"
#include "src/request/request_ledger.h"
#include "src/request/request_machine.h"
#include "src/request/sample_request.h"
#include "src/vault/scratch_vault.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

const StatedRecord kFirst = {"ios-app", "r-1"};

class ConsumerStatementTest : public testing::Test {
 protected:
  ConsumerStatementTest() { scratch_.Put({"c-1"}, "r-1", "was out drinking"); }

  // Of a request of c-1 that was denied, unless told otherwise.
  RequestView ViewOf(const std::string& state,
                     v1::RequestKind kind = v1::REQUEST_KIND_CORRECT,
                     bool is_denied = true) {
    v1::Request request = SampleRequest(kind, state, scratch_.clock().Now());
    if (is_denied) {
      request = With(request, DenialAt(scratch_.clock().Now(),
                                       v1::DENIAL_REASON_NOT_AUTHENTICATED));
    }
    KeptRequest kept;
    kept.request_ref = std::string(16, '\x5a');
    *kept.stored.mutable_request() = request;
    const RequestMachine machine = MachineOf(request).value();
    return {kept, machine,
            ClocksOf(SampleRequestLaw(), request, machine).value()};
  }
  absl::StatusOr<std::string> Attach(const RequestView& view,
                                     const std::string& text,
                                     const StatedRecord& record = kFirst) {
    return AttachStatement(scratch_.vault(), SampleRequestLaw(), view, record,
                           text, scratch_.clock());
  }
  // The statements that are held.
  std::vector<std::string> Held() {
    std::vector<std::string> held;
    EXPECT_TRUE(scratch_.vault()
                    .Scan("c-1",
                          [&](const v1::HealthRecord& record, const RowFacts&) {
                            v1::ConsumerStatement statement;
                            if (record.payload().UnpackTo(&statement)) {
                              held.push_back(statement.text());
                            }
                            return absl::OkStatus();
                          })
                    .ok());
    return held;
  }

  ScratchVault scratch_;
};

std::string Words(int count) {
  std::string words;
  for (int i = 0; i < count; ++i) absl::StrAppend(&words, "I ", "\n");
  return words;
}

// Covers: ca-ccpa/correct-statement
TEST_F(ConsumerStatementTest,
       ADeniedCorrectionsStatementIsHeldBesideItsRecord) {
  const auto rule = Attach(ViewOf("US-CA"), " I was at home that day.\n");
  ASSERT_TRUE(rule.ok()) << rule.status();
  EXPECT_EQ(*rule, "ca-ccpa/correct-statement");
  const auto held =
      scratch_.vault().Get("c-1", "ios-app", StatementIdOf(kFirst));
  ASSERT_TRUE(held.ok()) << held.status();
  v1::ConsumerStatement statement;
  ASSERT_TRUE(held->record.payload().UnpackTo(&statement));
  EXPECT_EQ(statement.record_id(), "r-1");
  EXPECT_EQ(statement.text(), "I was at home that day.");
  // So that whoever is given the one is given the other.
  const auto about = scratch_.vault().Get("c-1", "ios-app", "r-1");
  EXPECT_EQ(held->facts.purpose, about->facts.purpose);
  EXPECT_EQ(held->facts.categories, about->facts.categories);
  EXPECT_EQ(held->facts.labels, about->facts.labels);
}

TEST_F(ConsumerStatementTest, ItMayHaveTheWordsThatTheStatuteGivesAndNoMore) {
  EXPECT_TRUE(Attach(ViewOf("US-CA"), Words(250)).ok());
  const absl::Status more = Attach(ViewOf("US-CA"), Words(251)).status();
  EXPECT_TRUE(absl::IsInvalidArgument(more));
  EXPECT_TRUE(
      absl::StrContains(more.message(), "want 1 to 250 words, got 251"));
  for (const std::string& text :
       {std::string(), std::string(" \n"), std::string("\xff is no text"),
        std::string(kMaxStatementBytes + 1, 'x')}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(Attach(ViewOf("US-CA"), text).status()));
  }
}

TEST_F(ConsumerStatementTest, ASecondTakesThePlaceOfTheFirst) {
  ASSERT_TRUE(Attach(ViewOf("US-CA"), "I was at home.").ok());
  ASSERT_TRUE(Attach(ViewOf("US-CA"), "I was at work.").ok());
  EXPECT_EQ(Held(), std::vector<std::string>{"I was at work."});
}

TEST_F(ConsumerStatementTest, NobodyElseMayFileOne) {
  for (const RequestView& view :
       {ViewOf("US-WA"), ViewOf("US-CA", v1::REQUEST_KIND_DELETE),
        ViewOf("US-CA", v1::REQUEST_KIND_CORRECT, /*is_denied=*/false)}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(Attach(view, "I object.").status()));
  }
  RequestView unknown = ViewOf("US-CA");
  unknown.kept.stored.mutable_request()->clear_consumer();
  EXPECT_TRUE(
      absl::IsFailedPrecondition(Attach(unknown, "I object.").status()));
  EXPECT_TRUE(Held().empty());
}

TEST_F(ConsumerStatementTest, ItIsAboutARecordThatIsHeld) {
  EXPECT_TRUE(absl::IsNotFound(
      Attach(ViewOf("US-CA"), "I object.", {"ios-app", "r-2"}).status()));
  EXPECT_TRUE(absl::IsNotFound(
      Attach(ViewOf("US-CA"), "I object.", {"android-app", "r-1"}).status()));
}

TEST_F(ConsumerStatementTest, NoWordOfItStandsInAnError) {
  const std::string canary = "canary-5a5a";
  for (const std::string& text :
       {canary + "\xff", canary + Words(250),
        canary + std::string(kMaxStatementBytes, 'x')}) {
    const absl::Status refused = Attach(ViewOf("US-CA"), text).status();
    EXPECT_FALSE(absl::StrContains(refused.ToString(), canary));
  }
}

}  // namespace
}  // namespace subrosa
