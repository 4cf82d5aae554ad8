// A Clock tells the time; it is passed in, so that tests say what time it is.
#ifndef SUBROSA_SRC_BASE_CLOCK_H_
#define SUBROSA_SRC_BASE_CLOCK_H_

#include <cstdint>
#include <mutex>

#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace subrosa {

class Clock {
 public:
  virtual ~Clock() = default;

  // Thread-safe.
  virtual absl::Time Now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

// A clock that stands still until it is moved. Thread-safe.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(absl::Time now) : now_(now) {}
  absl::Time Now() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return now_;
  }
  void Advance(absl::Duration by) {
    const std::lock_guard<std::mutex> lock(mutex_);
    now_ += by;
  }

 private:
  mutable std::mutex mutex_;
  absl::Time now_;
};

// The day, in UTC, of an instant: days since 1970-01-01, below zero before it.
inline int32_t DayOf(absl::Time when) {
  constexpr int64_t kSecondsOfDay = 86400;
  const int64_t seconds = absl::ToUnixSeconds(when);
  const int64_t day = seconds / kSecondsOfDay;
  return static_cast<int32_t>(seconds % kSecondsOfDay < 0 ? day - 1 : day);
}

inline absl::CivilDay CivilDayOf(int32_t day) {
  return absl::CivilDay(1970, 1, 1) + day;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_CLOCK_H_
