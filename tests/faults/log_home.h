// For tests of faults: a log with its two stores in a folder, and the events
// that writers commit to it. Each event leaves a row in its store and, in the
// same transaction, an entry that says the same, so that afterwards both can be
// compared.
#ifndef SUBROSA_TESTS_FAULTS_LOG_HOME_H_
#define SUBROSA_TESTS_FAULTS_LOG_HOME_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/audit/sequencer.h"
#include "src/base/clock.h"
#include "src/crypto/plain_file_provider.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"

namespace subrosa {

// The machine's clock, set forward: whoever looks at a killed process's lease
// with it finds that it has expired.
class ForwardClock final : public Clock {
 public:
  explicit ForwardClock(absl::Duration by) : by_(by) {}
  absl::Time Now() const override { return absl::Now() + by_; }

 private:
  const absl::Duration by_;
};

// One event, numbered by its writer and in its store's outbox.
struct LogEvent {
  int64_t sequence = 0;
  int64_t writer = 0;
  int64_t number = 0;
  int64_t seen = 0;  // Of the other store's outbox.

  bool operator==(const LogEvent& other) const {
    return sequence == other.sequence && writer == other.writer &&
           number == other.number && seen == other.seen;
  }
};

// The event's entry: a leaf that carries it. `store` is 'k' or 'r'.
std::string EntryOf(char store, const LogEvent& event);
// What the entry carries; false if it is of another kind.
bool ParseEntry(absl::string_view entry, char* store, LogEvent* event);

// One store, opened.
class EventStore {
 public:
  static absl::StatusOr<std::unique_ptr<EventStore>> Open(
      std::unique_ptr<Connection> database);

  Connection& database() { return *database_; }
  Outbox& outbox() { return *outbox_; }

  // Commits `count` events of `writer`, which have seen the other store up to
  // `seen`. Returns the last one.
  absl::StatusOr<LogEvent> Commit(char store, int64_t writer, int count,
                                  int64_t seen);
  absl::StatusOr<std::vector<LogEvent>> ReadEvents();

 private:
  EventStore() = default;

  std::unique_ptr<Connection> database_;
  std::unique_ptr<Outbox> outbox_;
};

class LogHome {
 public:
  // `busy` is how long a locked database is waited for.
  LogHome(std::string folder, absl::Duration clock_by, absl::Duration busy);

  absl::Status Create();

  // `store` is "keys" or "records".
  absl::StatusOr<std::unique_ptr<Connection>> Connect(absl::string_view store,
                                                      bool create = false);
  absl::StatusOr<std::unique_ptr<EventStore>> OpenStore(
      absl::string_view store);
  absl::StatusOr<Sequencer::Parts> SequencerParts();
  absl::StatusOr<std::unique_ptr<Sequencer>> OpenSequencer();

  PlainFileProvider& provider() { return provider_; }
  const Clock& clock() const { return clock_; }
  std::string log_folder() const { return folder_ + "/log"; }

 private:
  const std::string folder_;
  const ForwardClock clock_;
  const absl::Duration busy_;
  PlainFileProvider provider_;
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FAULTS_LOG_HOME_H_
