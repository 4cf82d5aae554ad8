#include "src/audit/witness_state.h"

#include <unistd.h>

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "src/audit/test_log.h"
#include "src/base/file.h"

namespace subrosa {
namespace {

constexpr char kOrigin[] = "rosewater.example/audit/../0badcafe";

class WitnessStateTest : public testing::Test {
 protected:
  WitnessStateTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }

  const std::string folder_ = testing::TempDir() + "/witness_state";
  TestLog log_{kOrigin};
};

TEST_F(WitnessStateTest, ALogThatWasNeverCosignedHasNoCheckpoint) {
  const absl::StatusOr<WitnessState> state = WitnessState::Open(folder_);
  ASSERT_TRUE(state.ok()) << state.status();

  EXPECT_FALSE(state->Load(kOrigin)->has_value());
}

TEST_F(WitnessStateTest, TheCheckpointKeptLastIsRemembered) {
  {
    WitnessState state = *WitnessState::Open(folder_);
    ASSERT_TRUE(state.Store(kOrigin, log_.Checkpoint(3)).ok());
    ASSERT_TRUE(state.Store(kOrigin, log_.Checkpoint(5)).ok());
  }

  const WitnessState state = *WitnessState::Open(folder_);
  EXPECT_EQ((*state.Load(kOrigin))->size, 5u);
  EXPECT_FALSE(state.Load("another.example")->has_value());
}

TEST_F(WitnessStateTest, AnOriginsNameLeadsToNoOtherFolder) {
  WitnessState state = *WitnessState::Open(folder_);
  ASSERT_TRUE(state.Store(kOrigin, log_.Checkpoint(3)).ok());

  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    const std::string name = entry.path().filename();
    EXPECT_TRUE(name == "lock" || name.size() == 64) << name;
  }
}

TEST_F(WitnessStateTest, OneAtATimeHasTheFolder) {
  {
    const WitnessState state = *WitnessState::Open(folder_);
    const absl::Status second = WitnessState::Open(folder_).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(second)) << second;
  }

  EXPECT_TRUE(WitnessState::Open(folder_).ok());
}

TEST_F(WitnessStateTest, AFolderThatIsNotThereIsNotMade) {
  EXPECT_TRUE(
      absl::IsNotFound(WitnessState::Open(folder_ + "/nowhere").status()));
}

TEST_F(WitnessStateTest, ALockThatLeadsElsewhereIsRefused) {
  ASSERT_EQ(symlink("/dev/null", (folder_ + "/lock").c_str()), 0);

  EXPECT_TRUE(absl::IsInvalidArgument(WitnessState::Open(folder_).status()));
}

}  // namespace
}  // namespace subrosa
