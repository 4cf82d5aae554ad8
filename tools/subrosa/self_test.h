// A self-test sends made-up consumers through everything by which consumers'
// data comes in or goes out, and finds whoever gets through who must not. What
// must not is said here, by who they are and what the policy says of each
// purpose, and not asked of what decides.
//
// Thread-compatible. Errors are those of what is tested, where it neither gives
// nor refuses; then nothing is known.
#ifndef SUBROSA_TOOLS_SUBROSA_SELF_TEST_H_
#define SUBROSA_TOOLS_SUBROSA_SELF_TEST_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/subrosa/self_test_home.h"

namespace subrosa {

struct SelfTestAttempt {
  std::string consumer;
  std::string purpose;
  std::string recipient;  // Empty where the sink has none.
};

// One way in or out.
struct SelfTestSink {
  std::string name;
  bool has_recipient = false;
  // Somebody of whom nothing is known begins anew by it.
  bool begins = false;
  // Whether anything came through.
  std::function<absl::StatusOr<bool>(const SelfTestAttempt&)> passes;
};

// Those of `home`, which must outlive them: "put", "get", "scan", "find" (by a
// blind index), "set" (what de-identified sets and aggregates read), "share",
// "declare", "copy".
absl::StatusOr<std::vector<SelfTestSink>> SinksOf(SelfTestHome& home);

// The sink whose purpose is of no matter: it is for erased consumers alone, as
// to all others their copy is theirs.
inline constexpr char kCopySink[] = "copy";
inline constexpr char kPutSink[] = "put";
inline constexpr char kGetSink[] = "get";
inline constexpr char kDeclareSink[] = "declare";

struct SelfTestFinding {
  std::string who;   // "withdrawn", "expired", "teen", "maryland", "deleted".
  std::string sink;  // Also "store ID", "recipient ID".
  std::string purpose;
  std::string recipient;
};

struct SelfTestReport {
  int64_t refused = 0;  // Attempts that had to be.
  int64_t passed = 0;   // Attempts that had to pass: a gate that is shut.
  // Who got through and must not, and where; for "store ID" and "recipient ID",
  // an erasure that was not told there.
  std::vector<SelfTestFinding> leaks;
  // Where what is allowed did not pass: the refusals there prove nothing.
  std::vector<SelfTestFinding> stopped;
  // What this policy leaves nothing to test of, in words.
  std::vector<std::string> not_tested;

  bool is_sound() const { return leaks.empty() && stopped.empty(); }
};

// Made to run once: the consumers are in `home` afterwards.
absl::StatusOr<SelfTestReport> RunSelfTest(
    SelfTestHome& home, const std::vector<SelfTestSink>& sinks);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_SELF_TEST_H_
