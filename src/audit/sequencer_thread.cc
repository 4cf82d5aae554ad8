#include "src/audit/sequencer_thread.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

// How often the outboxes are looked at; a look costs some 20 us.
constexpr std::chrono::milliseconds kInterval(200);
// While somebody waits, for a process that holds the lease as well.
constexpr std::chrono::milliseconds kWaitedForInterval(2);

bool Covers(const OutboxPosition& log, const OutboxPosition& position) {
  return log.keys >= position.keys && log.records >= position.records;
}

}  // namespace

SequencerThread::SequencerThread(std::unique_ptr<Sequencer> sequencer)
    : sequencer_(std::move(sequencer)), thread_([this] { Run(); }) {}

SequencerThread::~SequencerThread() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SequencerThread::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    if (waiting_ > 0) {
      changed_.wait_for(lock, kWaitedForInterval, [this] { return stopping_; });
    } else {
      changed_.wait_for(lock, kInterval,
                        [this] { return stopping_ || waiting_ > 0; });
    }
    lock.unlock();
    TakeAll();
    lock.lock();
  }
  lock.unlock();
  TakeAll();
  // What cannot be given back expires by itself.
  sequencer_->Release().IgnoreError();
}

void SequencerThread::TakeAll() {
  for (;;) {
    const absl::StatusOr<SequencerStep> step = sequencer_->Step();
    const std::lock_guard<std::mutex> lock(mutex_);
    last_error_ = step.status();
    if (step.ok()) log_ = step->log;
    changed_.notify_all();
    if (!step.ok() || step->is_caught_up || step->entries == 0) return;
  }
}

absl::StatusOr<LogStatus> SequencerThread::WaitFor(
    const OutboxPosition& position, absl::Duration patience) {
  std::unique_lock<std::mutex> lock(mutex_);
  // Waking the sequencer for nothing would cut its batches short.
  if (Covers(log_.sequenced, position)) return log_;
  ++waiting_;
  changed_.notify_all();
  const bool covered =
      changed_.wait_for(lock, absl::ToChronoMilliseconds(patience),
                        [&] { return Covers(log_.sequenced, position); });
  --waiting_;
  if (covered) return log_;
  return absl::UnavailableError(absl::StrCat(
      "log: want a checkpoint within ", absl::FormatDuration(patience),
      ", got none yet",
      last_error_.ok() ? "" : absl::StrCat(": ", last_error_.message())));
}

}  // namespace subrosa
