// A Housekeeper does in the background what erasures leave to do: it deletes
// the rows of those whose keys are destroyed, and reseals what stays of whom a
// part was erased. It works in small transactions and rests after each, for
// longer than it took, so that whoever puts and gets hardly notices.
//
// What it has not done by its end is done when the home is opened next, or by
// another process's.
//
// Thread-safe, except that nothing may be called once destruction has begun.
#ifndef SUBROSA_SRC_VAULT_HOUSEKEEPER_H_
#define SUBROSA_SRC_VAULT_HOUSEKEEPER_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/vault/vault.h"

namespace subrosa {

class Housekeeper {
 public:
  // Takes over `vault`, which nobody else may use.
  explicit Housekeeper(std::unique_ptr<Vault> vault);
  // Stops after the transaction that is under way.
  ~Housekeeper();
  Housekeeper(const Housekeeper&) = delete;
  Housekeeper& operator=(const Housekeeper&) = delete;

  // Something was erased. Returns at once.
  void Wake();

  // Waits until nothing is left to do, which is done without rest then. Returns
  // the rows deleted since the start. `on_progress` may be null; it is told of
  // them from the calling thread. The error of the last attempt, if it failed.
  absl::StatusOr<int64_t> Finish(
      const std::function<void(int64_t rows)>& on_progress);

 private:
  void Run();
  // One transaction; whether there is no more to do.
  absl::StatusOr<bool> DoSome(bool in_a_hurry);

  const std::unique_ptr<Vault> vault_;
  ErasureSweep sweep_;

  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t asked_ = 0;   // How often there was something to do.
  int64_t served_ = 0;  // How many of these were done since.
  bool stopping_ = false;
  int hurrying_ = 0;  // Who waits in Finish.
  int64_t rows_ = 0;
  absl::Status status_;
  std::thread thread_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_HOUSEKEEPER_H_
