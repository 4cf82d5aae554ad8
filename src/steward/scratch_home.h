// For tests: a home in a folder of the test's own, and records to put into it.
#ifndef SUBROSA_SRC_STEWARD_SCRATCH_HOME_H_
#define SUBROSA_SRC_STEWARD_SCRATCH_HOME_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "src/base/clock.h"
#include "src/crypto/secret_buffer.h"
#include "src/steward/steward.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class ScratchHome {
 public:
  // Makes the home of the entity "rosewater", whose policy is
  // ScratchHomePolicy(); fails the test if it cannot.
  ScratchHome();

  Steward& steward() { return *steward_; }
  FixedClock& clock() { return clock_; }
  const std::string& folder() const { return folder_; }
  const SecretBuffer& passphrase() const { return *passphrase_; }

  // Closes the home, and opens it again.
  void Close() { steward_.reset(); }
  absl::Status Open();

  // Puts `records`, which must all be taken.
  void Put(const std::vector<v1::HealthRecord>& records);

  // How many records of `consumer` open; -1 if there is no such consumer.
  int RecordsOf(const std::string& consumer);

  // What is left of `consumer` once an erasure has destroyed their keys: rows
  // that nobody can open, and a leaf of the log, whose index it returns.
  absl::StatusOr<uint64_t> Erase(const std::string& consumer);

 private:
  std::string folder_;
  FixedClock clock_;
  std::unique_ptr<SecretBuffer> passphrase_;
  std::unique_ptr<Steward> steward_;
};

// A policy by the packs that ship, of "rosewater": "mood-tracking" is
// necessary, "coaching" asked for, both for every category and to be shared;
// who is not known lives in Washington.
std::string ScratchHomePolicy();

// A valid record of `consumer`, collected on 2026-06-21 by "ios-app" for
// "mood-tracking", that carries `payload`.
v1::HealthRecord RecordOf(const std::string& consumer, const std::string& id,
                          const google::protobuf::Message& payload);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_SCRATCH_HOME_H_
