#include "src/vault/housekeeper.h"

#include <chrono>
#include <utility>

#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// Rows of one transaction, each of which leaves an entry in the log: all that
// most consumers have, in about a millisecond for which others wait; or as many
// as pay off when somebody waits for the end.
constexpr int64_t kFewRows = 128;
constexpr int64_t kManyRows = 4096;

// A rest by what the transaction before it took.
constexpr int kRests = 4;

constexpr std::chrono::milliseconds kProgressInterval(200);

}  // namespace

Housekeeper::Housekeeper(std::unique_ptr<Vault> vault)
    : vault_(std::move(vault)),
      sweep_(vault_->Sweep()),
      thread_([this] { Run(); }) {}

Housekeeper::~Housekeeper() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Housekeeper::Wake() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++asked_;
  }
  changed_.notify_all();
}

absl::StatusOr<int64_t> Housekeeper::Finish(
    const std::function<void(int64_t rows)>& on_progress) {
  std::unique_lock<std::mutex> lock(mutex_);
  const int64_t asked = ++asked_;
  ++hurrying_;
  changed_.notify_all();
  while (!changed_.wait_for(lock, kProgressInterval,
                            [&] { return served_ >= asked; })) {
    const int64_t rows = rows_;
    lock.unlock();
    if (on_progress) on_progress(rows);
    lock.lock();
  }
  --hurrying_;
  if (!status_.ok()) return status_;
  return rows_;
}

absl::StatusOr<bool> Housekeeper::DoSome(bool in_a_hurry) {
  const int64_t limit = in_a_hurry ? kManyRows : kFewRows;
  SUBROSA_ASSIGN_OR_RETURN(const ErasureSweep::Step step, sweep_.Next(limit));
  if (step.rows > 0) {
    const std::lock_guard<std::mutex> lock(mutex_);
    rows_ += step.rows;
  }
  if (!step.is_done) return false;
  SUBROSA_ASSIGN_OR_RETURN(const Resealing resealing,
                           vault_->Parts().Continue(limit));
  return resealing.is_done;
}

void Housekeeper::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || asked_ > served_; });
    if (stopping_) return;
    const int64_t asked = asked_;
    for (bool is_done = false; !is_done;) {
      const bool in_a_hurry = hurrying_ > 0;
      lock.unlock();
      const auto start = std::chrono::steady_clock::now();
      const absl::StatusOr<bool> done = DoSome(in_a_hurry);
      const auto took = std::chrono::steady_clock::now() - start;
      lock.lock();
      if (stopping_) return;
      status_ = done.status();
      is_done = !done.ok() || *done;
      if (!is_done && hurrying_ == 0) {
        changed_.wait_for(lock, kRests * took,
                          [this] { return stopping_ || hurrying_ > 0; });
        if (stopping_) return;
      }
    }
    served_ = asked;
    changed_.notify_all();
  }
}

}  // namespace subrosa
