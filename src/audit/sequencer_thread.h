// A SequencerThread runs a sequencer beside the rest of a process, so that a
// checkpoint follows each commit within a second, whichever process holds the
// lease.
//
// Thread-safe.
#ifndef SUBROSA_SRC_AUDIT_SEQUENCER_THREAD_H_
#define SUBROSA_SRC_AUDIT_SEQUENCER_THREAD_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/audit/log_batch.h"
#include "src/audit/log_state.h"
#include "src/audit/sequencer.h"

namespace subrosa {

class SequencerThread {
 public:
  explicit SequencerThread(std::unique_ptr<Sequencer> sequencer);

  // Takes what is left into the log, unless another process is at it or an
  // error is in the way; the next process that opens the home goes on.
  ~SequencerThread();

  SequencerThread(const SequencerThread&) = delete;
  SequencerThread& operator=(const SequencerThread&) = delete;

  // Waits until the log holds what the outboxes held up to `position`, and
  // returns its state then. UNAVAILABLE after `patience`, with the last error
  // of sequencing if there was one.
  absl::StatusOr<LogStatus> WaitFor(const OutboxPosition& position,
                                    absl::Duration patience);

 private:
  void Run();
  // Steps until nothing is left to take, or something is in the way.
  void TakeAll();

  std::unique_ptr<Sequencer> sequencer_;  // The thread's alone.

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  bool stopping_ = false;
  int waiting_ = 0;
  LogStatus log_;
  absl::Status last_error_;

  std::thread thread_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_SEQUENCER_THREAD_H_
