#include "src/erasure/party_teller.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/erasure/erasure_terms.h"
#include "subrosa/v1/certificate.pb.h"
#include "subrosa/v1/connector.pb.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {
namespace {

class PartyTellerTest : public testing::Test {
 protected:
  PartyTellerTest() : folder_(testing::TempDir()) {
    remove(PathOf("told").c_str());
    // Each notes that it was told; "hangs" longer than it may.
    Add("hangs", "sleep 30");
    Add("broken", "exit 5");
    Add("crm", "exit 0");
  }

  std::string PathOf(const std::string& name) {
    return absl::StrCat(folder_, "/", name);
  }

  void Add(const std::string& id, const std::string& script) {
    v1::Connector& connector = *connectors_.add_connector();
    connector.set_id(id);
    connector.set_kind(v1::PARTY_KIND_STORE);
    v1::CommandConnector& command = *connector.mutable_command();
    command.add_argument("/bin/sh");
    command.add_argument("-c");
    command.add_argument(
        absl::StrCat("echo ", id, " >> ", PathOf("told"), "; ", script));
    command.set_timeout_seconds(1);
  }

  std::unique_ptr<PartyTeller> Open() {
    return std::make_unique<PartyTeller>(connectors_, folder_, "rosewater",
                                         clock_);
  }

  v1::StoredErasure Erasure(PartyTeller& teller) {
    v1::StoredErasure erasure;
    erasure.set_consumer("ada");
    teller.AddParties({}, ErasureTerms(), &erasure);
    return erasure;
  }

  std::string Told() { return ReadFile(PathOf("told"), 4096).value_or(""); }

  const std::string folder_;
  FixedClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  v1::ConnectorFile connectors_;
};

TEST_F(PartyTellerTest, WhoHangsIsAskedOnceARun) {
  auto teller = Open();
  v1::StoredErasure first = Erasure(*teller);
  v1::StoredErasure second = Erasure(*teller);
  absl::Status why;

  teller->BeginRun();
  EXPECT_EQ(teller->TellParties(&first, &why), 3);
  EXPECT_EQ(teller->TellParties(&second, &why), 2);

  EXPECT_FALSE(why.ok());
  // One that answers, whatever it says, is asked of each.
  EXPECT_EQ(Told(), "hangs\nbroken\ncrm\nbroken\ncrm\n");
  EXPECT_EQ(second.party(0).attempts(), 0);
  teller->EndRun();
  teller->BeginRun();
  EXPECT_EQ(teller->TellParties(&second, &why), 1);
  EXPECT_EQ(second.party(0).attempts(), 1);
}

TEST_F(PartyTellerTest, OneRunTellsAtATime) {
  auto teller = Open();
  auto other = Open();
  v1::StoredErasure erasure = Erasure(*teller);
  v1::StoredErasure copy = erasure;
  absl::Status why;
  teller->BeginRun();
  ASSERT_EQ(teller->TellParties(&erasure, &why), 3);

  other->BeginRun();
  EXPECT_EQ(other->TellParties(&copy, &why), 0);
  EXPECT_TRUE(other->told_elsewhere());
  EXPECT_FALSE(teller->told_elsewhere());

  teller->EndRun();
  other->EndRun();
  other->BeginRun();
  EXPECT_EQ(other->TellParties(&copy, &why), 3);
  EXPECT_FALSE(other->told_elsewhere());
}

TEST_F(PartyTellerTest, AnAttemptThatIsTooFarAheadIsDue) {
  auto teller = Open();
  v1::StoredErasure erasure = Erasure(*teller);
  absl::Status why;
  clock_.Advance(absl::Hours(24 * 3650));
  teller->BeginRun();
  ASSERT_EQ(teller->TellParties(&erasure, &why), 3);
  clock_.Advance(-absl::Hours(24 * 3650));

  teller->EndRun();
  teller->BeginRun();
  EXPECT_EQ(teller->TellParties(&erasure, &why), 2) << "all but the one done";
}

}  // namespace
}  // namespace subrosa
