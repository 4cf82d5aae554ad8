// What the finders of numbers and dates share. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_FIND_DATE_H_
#define SUBROSA_SRC_CLASSIFY_FIND_DATE_H_

#include <cstddef>

#include "src/classify/text_window.h"

namespace subrosa {

// A time of day after a date.
struct TimeOfDay {
  size_t end = 0;           // Where it ends; where it was looked for if none.
  bool is_machine = false;  // With a T, a fraction of a second, or a zone.
  bool is_persons = false;  // With am or pm, and without seconds.
};

// Why what IsMachineTime says is no date.
constexpr char kMachineTime[] =
    "it is a machine's time stamp, and no word such as `born` stands before it";

// The time of day that follows the date which ends at `i`.
TimeOfDay TimeAfter(const TextWindow& window, size_t i);

// Whether a date at `begin` with that time is a machine's time stamp: it
// begins a line, or has a machine's form, and no word beside it says that it
// is about a person's life.
bool IsMachineTime(const TextWindow& window, size_t begin,
                   const TimeOfDay& time);

// In the years 1850 to 2150. 31 days are allowed in every month.
bool IsCalendarDay(int year, int month, int day);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_FIND_DATE_H_
