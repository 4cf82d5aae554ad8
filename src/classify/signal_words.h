// The words of what is no sentence: names of fields and events, slugs,
// addresses. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_SIGNAL_WORDS_H_
#define SUBROSA_SRC_CLASSIFY_SIGNAL_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// `value` as words in lower case with a space between, one at each end:
// "bookingStarted", "booking-started" and "/booking%20started" are
// " booking started ". Letters and digits of ASCII and apostrophes between them
// stay; any other byte divides. " " if there are none. Linear in `value`.
std::string SignalWords(absl::string_view value);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_SIGNAL_WORDS_H_
