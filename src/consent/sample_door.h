// For tests: the door of Rosewater's ledger (sample_choice.h), at noon of 5
// March 2026, and what stands behind it.
#ifndef SUBROSA_SRC_CONSENT_SAMPLE_DOOR_H_
#define SUBROSA_SRC_CONSENT_SAMPLE_DOOR_H_

#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

class SampleDoor {
 public:
  SampleDoor();
  explicit SampleDoor(const v1::Policy& policy);

  // Sets what is known of Maya.
  SampleDoor& LivesIn(absl::string_view place);
  SampleDoor& WasBorn(absl::string_view day);
  SampleDoor& HasGuardian(absl::string_view account);
  // Has her choose what the door is not asked about.
  SampleDoor& Chose(const v1::Choice& choice);
  // "2026-03-05 12:00:00".
  SampleDoor& At(absl::string_view now);

  // Recipients on record are "coach-desk" and "delphi".
  absl::Status Check(const v1::Choice& choice) const;
  absl::Status CheckFacts(const v1::ConsumerFacts& facts) const;
  absl::Status CheckEntry(const v1::LedgerEntry& entry) const;

 private:
  v1::Policy policy_;
  v1::Standing standing_;
  std::string now_ = "2026-03-05 12:00:00";
  uint64_t number_ = 0;
};

// Whether `status` refuses with `code` and names each of `words`.
testing::AssertionResult Refuses(
    const absl::Status& status, absl::StatusCode code,
    std::initializer_list<absl::string_view> words);

// The same with INVALID_ARGUMENT.
testing::AssertionResult Refuses(
    const absl::Status& status, std::initializer_list<absl::string_view> words);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_SAMPLE_DOOR_H_
