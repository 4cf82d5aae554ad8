// A decision is on the way of every event that leaves: it must not touch the
// heap.
#include <cstdint>
#include <cstdlib>

#include "gtest/gtest.h"
#include "src/consent/decider.h"
#include "src/consent/scratch_decider.h"
#include "tests/bench/allocation_count.h"

namespace subrosa {
namespace {

class DecideAllocationTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!CanCountAllocations()) GTEST_SKIP() << "a sanitizer allocates here";
  }
};

TEST_F(DecideAllocationTest, TheCounterCounts) {
  const size_t before = AllocationCount();
  void* volatile memory = std::malloc(1000);  // Not to be optimised away.
  std::free(memory);

  EXPECT_EQ(AllocationCount(), before + 1);
}

TEST_F(DecideAllocationTest, DecidingAllocatesNothing) {
  const ScratchDecider scratch;
  const Decider& decider = scratch.decider();
  v1::Standing chooser =
      With(Resident("US-WA"),
           "kind: CHOICE_KIND_CONSENT action: ACTION_SHARE purpose: 'coaching'"
           " category: 1");
  chooser = With(chooser, "kind: CHOICE_KIND_SIGNAL");
  const CompiledStanding standing = decider.Compile(chooser, false);
  const Today today = {20782, PackCivil(2026, 11, 25)};
  int permitted = 0;

  const size_t before = AllocationCount();
  for (int action = 1; action <= 4; ++action) {
    for (uint16_t purpose = 0; purpose <= 8; ++purpose) {
      for (uint16_t recipient = 0; recipient <= 6; ++recipient) {
        const Use use = {static_cast<v1::Action>(action), purpose, recipient,
                         2};
        if (decider.Decide(use, standing, today).Permits()) ++permitted;
      }
    }
  }
  EXPECT_EQ(AllocationCount(), before);
  EXPECT_GT(permitted, 0);
}

}  // namespace
}  // namespace subrosa
