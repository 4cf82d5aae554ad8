// Plays who has copies of both databases of a home from some time ago, the
// home's present key store, its present keyring and the passphrase, and would
// read an erased consumer's records. What is tried is all that the code itself
// can do with these: opening the copies as a home, each epoch's working key
// with each object, each consumer's key under each working key, each record
// with each key, and finding the consumer's entry.
//
// Thread-safe: no state.
#ifndef SUBROSA_TESTS_FORENSICS_OLD_COPIES_H_
#define SUBROSA_TESTS_FORENSICS_OLD_COPIES_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/crypto/key_provider.h"

namespace subrosa {

struct OldCopies {
  std::string keys_file;
  std::string records_file;
  std::string present_keys_file;
  std::string consumer;  // An account id that the intruder knows.
};

struct OldCopiesReport {
  bool home_opens = false;
  int64_t epochs_opened = 0;  // Of the copy, with any object.
  int64_t keys_opened = 0;    // Rows of the copy, under any working key.
  bool consumer_found = false;
  // Rows of the copy that open with a key of the copy or a present one, of
  // `consumer` where the plaintext says so.
  int64_t rows_opened = 0;
  int64_t tries = 0;  // Rows times keys.
};

absl::StatusOr<OldCopiesReport> OpenOldCopies(const OldCopies& copies,
                                              KeyProvider& provider,
                                              const Clock& clock);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FORENSICS_OLD_COPIES_H_
