// Several pieces of a stream in work at once, given back in order: the caller
// fills a job and submits it, threads work on it, the caller takes the oldest.
// While it waits the caller works too, so that one thread needs no other.
//
// Threads start with the second job in flight: a small file starts none.
//
// Thread-compatible: one caller.
#ifndef SUBROSA_SRC_CRYPTO_AGE_PIPELINE_H_
#define SUBROSA_SRC_CRYPTO_AGE_PIPELINE_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "src/crypto/age_chunk.h"

namespace subrosa {

inline constexpr size_t kAgeJobChunks = 4;
inline constexpr size_t kAgeJobBytes = kAgeJobChunks * kAgeSealedChunkBytes;
inline constexpr int kAgeMaxThreads = 16;

// A run of consecutive chunks. Chunk i starts at i * kAgeSealedChunkBytes,
// sealed or opened, so that the work is done in place.
struct AgeJob {
  // kAgeJobBytes; null until first used.
  std::unique_ptr<char[]> bytes;
  // Set by the caller before it submits, and by the work after it.
  size_t size = 0;
  absl::Status status;
  // Set by the caller.
  uint64_t first_chunk = 0;
  bool is_last = false;

  enum class State { kFree, kReady, kRunning, kDone };
  State state = State::kFree;
};

class AgePipeline {
 public:
  // `work` is called with the number of the thread, 0 (the caller) to
  // `threads` - 1, and the job; concurrently for different numbers.
  // `threads` is 1 to kAgeMaxThreads.
  using Work = std::function<void(int thread, AgeJob* job)>;
  AgePipeline(int threads, Work work);

  AgePipeline(const AgePipeline&) = delete;
  AgePipeline& operator=(const AgePipeline&) = delete;
  // Drops the jobs that nobody works on yet, and wipes all bytes.
  ~AgePipeline();

  // The job to fill next, the same until Submit; null if all are in flight.
  AgeJob* Filling();

  // Starts work on Filling().
  void Submit();

  // Waits for the oldest job in flight and returns it; null if there is none.
  AgeJob* WaitForOldest();

  // Makes the job that WaitForOldest returned free to be filled.
  void ReleaseOldest();

 private:
  void StartThreads();
  void RunThread(int thread);
  AgeJob& At(uint64_t number) { return jobs_[number % jobs_.size()]; }

  const int max_threads_;
  const Work work_;
  std::vector<std::thread> threads_;

  std::mutex mutex_;
  std::condition_variable ready_;
  std::condition_variable done_;
  bool stopping_ = false;
  // A ring. Numbers only grow: oldest_ <= next_ <= filling_.
  std::vector<AgeJob> jobs_;
  uint64_t oldest_ = 0;
  uint64_t next_ = 0;
  uint64_t filling_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_PIPELINE_H_
