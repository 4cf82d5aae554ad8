// A ConnectionQueue runs connections on a fixed number of threads. As many
// again wait; then whoever brings one does, so that a flood of connections
// costs no memory here.
//
// Thread-safe, apart from Finish.
#ifndef SUBROSA_SRC_NET_CONNECTION_QUEUE_H_
#define SUBROSA_SRC_NET_CONNECTION_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace subrosa {

class ConnectionQueue {
 public:
  explicit ConnectionQueue(int threads);

  // Runs `serve` on one of the threads. Waits for room first.
  void Add(std::function<void()> serve);

  // Runs what waits, and ends the threads. The last call.
  void Finish();

 private:
  void Work();

  const size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  std::condition_variable has_room_;
  std::deque<std::function<void()>> waiting_;  // Guarded by mutex_.
  bool finished_ = false;                      // Guarded by mutex_.
  std::vector<std::thread> threads_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_NET_CONNECTION_QUEUE_H_
