#include "src/crypto/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(CoreDumpsTest, AProcessThatDisablesThemLeavesNoCoreAndLetsNobodyAttach) {
  ASSERT_EQ(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), 0);

  ASSERT_TRUE(DisableCoreDumps().ok());

  EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_CORE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, 0u);
  EXPECT_EQ(limit.rlim_max, 0u);
}

TEST(CoreDumpsTest, DisablingTwiceIsFine) {
  ASSERT_TRUE(DisableCoreDumps().ok());

  EXPECT_TRUE(DisableCoreDumps().ok());
}

}  // namespace
}  // namespace subrosa
