// For tests: a log with its two stores in a folder of the test's own, and a key
// provider in memory. Calls can be stopped at, to do something else meanwhile
// or to fail.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_AUDIT_SCRATCH_LOG_H_
#define SUBROSA_SRC_AUDIT_SCRATCH_LOG_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/audit/log_state.h"
#include "src/audit/sequencer.h"
#include "src/base/clock.h"
#include "src/crypto/signed_note.h"
#include "src/crypto/token_provider.h"
#include "src/store/connection.h"

namespace subrosa {

// Where a call can be stopped.
enum class StopPoint {
  kLeaseTaken,        // After the commit of the lease.
  kSigning,           // Before a signature, when all files are written.
  kGrowing,           // Before the transaction that lets the log grow.
  kGrown,             // After its commit.
  kRecordsForgotten,  // After the record store's entries were taken away.
  kAnchoring,         // Before the provider remembers the size.
};

// What happens at a stop, once each; an error is the call's.
class Stops {
 public:
  void Set(StopPoint point, std::function<absl::Status()> action) {
    actions_[point] = std::move(action);
  }
  absl::Status At(StopPoint point);
  // Whether all that was set has happened.
  bool AllMade() const { return actions_.empty(); }

  // Whether a signature was made since the last commit to the key store, which
  // the next one then lets the log grow by.
  bool has_signed = false;

 private:
  std::map<StopPoint, std::function<absl::Status()>> actions_;
};

// A provider that may lack what it had: an older copy of it.
class ForgetfulProvider final : public TokenProvider {
 public:
  void Forget(const std::string& key) { forgotten_ = key; }

  absl::StatusOr<std::string> PublicKey(absl::string_view name) override;
  absl::StatusOr<std::string> Sign(absl::string_view name,
                                   absl::string_view message) override;
  absl::Status AdvanceAnchor(absl::string_view name, uint64_t value) override;

  Stops* stops = nullptr;

 private:
  std::string forgotten_;
};

class ScratchLog {
 public:
  static constexpr absl::string_view kOrigin = "scratch.example/audit";

  ScratchLog();

  const std::string& folder() const { return folder_; }
  std::string log_folder() const { return folder_ + "/log"; }
  FixedClock& clock() { return clock_; }
  ForgetfulProvider& provider() { return provider_; }

  // `store` is "keys" or "records".
  std::unique_ptr<Connection> Connect(const std::string& store);
  Sequencer::Parts Parts();
  absl::StatusOr<std::unique_ptr<Sequencer>> TryOpen();
  std::unique_ptr<Sequencer> Open();
  // One whose calls stop where `stops` says, which must outlive it.
  std::unique_ptr<Sequencer> OpenStopping(Stops& stops);

  // Commits entries of one store, each of which has seen the other up to
  // `seen`.
  void Commit(const std::string& store, const std::vector<std::string>& entries,
              int64_t seen = 0);
  // Steps until nothing is left to take.
  void TakeAll(Sequencer& sequencer);

  LogStatus Status();
  std::vector<LogKey> LogKeys();
  std::vector<NoteKey> Keys();
  // The entries of the published checkpoint, which Keys() must have signed and
  // every file must agree with.
  std::vector<std::string> Entries();

  // Keeps a copy of a part: "keys.db", "records.db" or "log"; puts it back.
  // Nobody may have it open.
  void Save(const std::string& part);
  void PutBack(const std::string& part);

 private:
  std::string folder_;
  FixedClock clock_;
  ForgetfulProvider provider_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_SCRATCH_LOG_H_
