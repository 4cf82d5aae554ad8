#include "src/crypto/age_pipeline.h"

#include <sodium.h>

#include <system_error>
#include <utility>

namespace subrosa {
namespace {

// Enough that neither the caller nor the threads wait while the other is at it.
size_t JobsInFlight(int threads) {
  return threads == 1 ? 1 : 2 * static_cast<size_t>(threads) + 2;
}

}  // namespace

AgePipeline::AgePipeline(int threads, Work work)
    : max_threads_(threads),
      work_(std::move(work)),
      jobs_(JobsInFlight(threads)) {}

AgePipeline::~AgePipeline() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  for (AgeJob& job : jobs_) {
    if (job.bytes != nullptr) sodium_memzero(job.bytes.get(), kAgeJobBytes);
  }
}

AgeJob* AgePipeline::Filling() {
  if (filling_ - oldest_ == jobs_.size()) return nullptr;
  AgeJob& job = At(filling_);
  if (job.bytes == nullptr) job.bytes.reset(new char[kAgeJobBytes]);
  return &job;
}

void AgePipeline::Submit() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    At(filling_).state = AgeJob::State::kReady;
    ++filling_;
  }
  if (filling_ - oldest_ > 1) StartThreads();
  ready_.notify_one();
}

void AgePipeline::StartThreads() {
  // The caller is thread 0. Where the system gives no more threads, those that
  // started do the work.
  while (threads_.size() + 1 < static_cast<size_t>(max_threads_)) {
    try {
      const int number = static_cast<int>(threads_.size()) + 1;
      threads_.emplace_back([this, number] { RunThread(number); });
    } catch (const std::system_error&) {
      return;
    }
  }
}

void AgePipeline::RunThread(int thread) {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    ready_.wait(lock, [this] { return stopping_ || next_ < filling_; });
    if (stopping_) return;
    AgeJob& job = At(next_++);
    job.state = AgeJob::State::kRunning;
    lock.unlock();
    work_(thread, &job);
    lock.lock();
    job.state = AgeJob::State::kDone;
    done_.notify_one();
  }
}

AgeJob* AgePipeline::WaitForOldest() {
  if (oldest_ == filling_) return nullptr;
  AgeJob& oldest = At(oldest_);
  std::unique_lock<std::mutex> lock(mutex_);
  while (oldest.state != AgeJob::State::kDone) {
    if (next_ == filling_) {
      done_.wait(lock);
      continue;
    }
    AgeJob& job = At(next_++);
    job.state = AgeJob::State::kRunning;
    lock.unlock();
    work_(0, &job);
    lock.lock();
    job.state = AgeJob::State::kDone;
  }
  return &oldest;
}

void AgePipeline::ReleaseOldest() {
  AgeJob& job = At(oldest_);
  job.state = AgeJob::State::kFree;
  job.size = 0;
  job.status = absl::OkStatus();
  ++oldest_;
}

}  // namespace subrosa
