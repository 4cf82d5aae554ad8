// Where the outside data lies: vectors and corpora that others made, which are
// not part of this project (README.md). A test that needs some skips plainly
// where there is none:
//
//   const absl::optional<std::string> data = SharedDataFolder("crypto");
//   if (!data.has_value()) GTEST_SKIP() << kNoSharedData;
#ifndef SUBROSA_TESTS_CONFORMANCE_SHARED_DATA_H_
#define SUBROSA_TESTS_CONFORMANCE_SHARED_DATA_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace subrosa {

inline constexpr absl::string_view kNoSharedData =
    "no outside data: set SUBROSA_DATA to its folder (tests/conformance)";

// Returns the path of `folder` inside the outside data, or nothing if it is not
// there. The data is $SUBROSA_DATA, or else ../shared/data seen from the
// checkout that the test was built from.
absl::optional<std::string> SharedDataFolder(absl::string_view folder);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_CONFORMANCE_SHARED_DATA_H_
