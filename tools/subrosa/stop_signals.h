// Running until someone says stop.
#ifndef SUBROSA_TOOLS_SUBROSA_STOP_SIGNALS_H_
#define SUBROSA_TOOLS_SUBROSA_STOP_SIGNALS_H_

#include <csignal>

namespace subrosa {

// Holds back SIGINT and SIGTERM in this thread, and in those that it starts
// from then on, so that Wait takes them: to be made before any thread is.
class StopSignals {
 public:
  StopSignals();

  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  void Wait() const;

 private:
  sigset_t signals_;
};

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_STOP_SIGNALS_H_
