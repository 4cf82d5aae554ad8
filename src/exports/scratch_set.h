// For tests: a home whose consumers' records may be given to recipients in
// de-identified sets, and what is read of such a set.
#ifndef SUBROSA_SRC_EXPORTS_SCRATCH_SET_H_
#define SUBROSA_SRC_EXPORTS_SCRATCH_SET_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/age_x25519.h"
#include "src/exports/deidentified_set.h"
#include "src/exports/set_terms.h"
#include "src/steward/scratch_home.h"

namespace subrosa {

class ScratchSet {
 public:
  // Recipients `coach-desk` and `institute`, and `keyless`, which has no key.
  ScratchSet();
  ~ScratchSet();
  ScratchSet(const ScratchSet&) = delete;
  ScratchSet& operator=(const ScratchSet&) = delete;

  ScratchHome& home() { return home_; }
  // Where sets go.
  const std::string& path() const { return path_; }

  // Twelve consumers, `account-0` to `account-11`, with a check-in each, in
  // 2026.
  void PutTwelve();

  // For `coach-desk`, with all attestations.
  static SetTerms Terms();

  // In the place of the set that was written before.
  absl::StatusOr<DeidentifiedSet> Write(const SetTerms& terms);

  // The set's files, by name; none after an error, which fails the test.
  using Files = std::map<std::string, std::string>;
  Files FilesOf(const SetTerms& terms);

  // By the recipient's name of each consumer, what `when` their records have.
  static std::map<std::string, std::set<std::string>> YearsOf(
      absl::string_view lines);

  // How often anything of `consumer` was given.
  int64_t DisclosuresOf(const std::string& consumer);

 private:
  ScratchHome home_;
  X25519Identity identity_;
  const std::string path_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SCRATCH_SET_H_
