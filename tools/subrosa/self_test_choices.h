// What a self-test's consumers choose, and what is known of them.
//
// Thread-compatible. Errors are those of ConsentGate::Record.
#ifndef SUBROSA_TOOLS_SUBROSA_SELF_TEST_CHOICES_H_
#define SUBROSA_TOOLS_SUBROSA_SELF_TEST_CHOICES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/steward/steward.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "tools/subrosa/self_test_home.h"

namespace subrosa {

// The account id of `who`, such as "withdrawn".
std::string SelfTestIdOf(absl::string_view who);

class SelfTestChoices {
 public:
  using Purposes = std::vector<const v1::Purpose*>;

  // `home` must outlive it.
  explicit SelfTestChoices(SelfTestHome& home);

  // Has it known where `who` lives and, unless it is empty, when they were
  // born. INTERNAL if that is refused.
  absl::Status RecordFacts(absl::string_view who, absl::string_view residence,
                           absl::string_view born);

  // Has `who` say yes to each of `purposes`, as far as the policy's notices let
  // them; returns whether one of them was taken.
  absl::StatusOr<bool> Consent(absl::string_view who, const Purposes& purposes,
                               absl::string_view residence,
                               absl::Time expires_at);

  // Has `who` withdraw from all of `purposes`, and opt out of them. INTERNAL if
  // the latter is refused.
  absl::Status StopAll(absl::string_view who, const Purposes& purposes);

 private:
  // Whether `entry`, of `who`, was taken.
  absl::StatusOr<bool> Record(v1::LedgerEntry entry, absl::string_view who);

  SelfTestHome& home_;
  Steward& steward_;
  const v1::Policy& policy_;
};

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_SELF_TEST_CHOICES_H_
