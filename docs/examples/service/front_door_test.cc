// That a service can do through the front door what its header promises: share,
// and take requests. It links nothing behind the front door's names.
#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "src/crypto/secret_buffer.h"
#include "src/erasure/owed_parts.h"
#include "src/law/law_book.h"
#include "src/request/request_desk.h"
#include "src/steward/home.h"
#include "src/steward/home_policy.h"
#include "src/steward/sharing.h"
#include "src/steward/steward.h"
#include "subrosa/v1/request.pb.h"

namespace rosewater {
namespace {

constexpr char kPolicy[] = R"pb(
  entity: "rosewater"
  name: "Rosewater"
  contact_email: "privacy@rosewater.example"
  pack: "wa-mhmda"
  residence_unless_known: "US-WA"
)pb";

class FrontDoorTest : public testing::Test {
 protected:
  FrontDoorTest() : folder_(testing::TempDir() + "/home") {
    const std::string file = testing::TempDir() + "/passphrase";
    std::ofstream(file) << "a passphrase for one test\n";
    EXPECT_EQ(chmod(file.c_str(), S_IRUSR | S_IWUSR), 0);
    passphrase_ = std::make_unique<subrosa::SecretBuffer>(
        std::move(subrosa::ReadSecretFile(file)).value());
    subrosa::NewHome home;
    home.entity = "rosewater";
    home.cost = subrosa::KeyringCost::kInteractive;
    home.policy = kPolicy;
    const absl::Status made =
        subrosa::CreateHome(folder_, home, *passphrase_, clock_);
    EXPECT_TRUE(made.ok() || absl::IsAlreadyExists(made)) << made;
  }

  const std::string folder_;
  const subrosa::SystemClock clock_;
  std::unique_ptr<subrosa::SecretBuffer> passphrase_;
};

TEST_F(FrontDoorTest, NothingIsSharedWithWhoIsNotOnRecord) {
  const auto steward = subrosa::Steward::Open(folder_, *passphrase_, {});
  ASSERT_TRUE(steward.ok()) << steward.status();
  const absl::StatusOr<std::unique_ptr<subrosa::Sharing>> sharing =
      (*steward)->OpenSharing();
  ASSERT_TRUE(sharing.ok()) << sharing.status();
  subrosa::ShareRequest request;
  request.consumer = "luz";
  request.recipient = "nobody";

  EXPECT_TRUE(absl::IsNotFound((*sharing)->Plan(request).status()));
}

TEST_F(FrontDoorTest, ARequestIsTakenInAndItsClocksRun) {
  const absl::StatusOr<subrosa::LawBook> law = subrosa::LawBook::BuiltIn();
  ASSERT_TRUE(law.ok()) << law.status();
  const auto policy = subrosa::ReadHomePolicy(folder_, "rosewater", *law);
  ASSERT_TRUE(policy.ok()) << policy.status();
  absl::StatusOr<subrosa::OpenHome> home =
      subrosa::OpenHomeFolder(folder_, *passphrase_, clock_);
  ASSERT_TRUE(home.ok()) << home.status();
  const auto desk =
      subrosa::RequestDesk::Open(std::move(home->vault), *law, policy->proto(),
                                 clock_, subrosa::ReadOwedParts);
  ASSERT_TRUE(desk.ok()) << desk.status();
  subrosa::v1::Request request;
  request.set_kind(subrosa::v1::REQUEST_KIND_DELETE);
  request.set_consumer("luz");
  request.set_residence("US-WA");
  request.set_channel(subrosa::v1::REQUEST_CHANNEL_FORM);
  request.mutable_requester()->set_kind(subrosa::v1::REQUESTER_KIND_SELF);
  request.mutable_requester()->set_contact("luz@mail.example");
  request.mutable_received_at()->set_seconds(absl::ToUnixSeconds(clock_.Now()) -
                                             60);

  const auto view = (*desk)->Receive(request);

  ASSERT_TRUE(view.ok()) << view.status();
  EXPECT_FALSE(view->clocks.empty());
}

}  // namespace
}  // namespace rosewater
