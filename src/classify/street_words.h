// Streets that no house number gives away: by their own words, by a corner, or
// by a military post office below. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_STREET_WORDS_H_
#define SUBROSA_SRC_CLASSIFY_STREET_WORDS_H_

#include <cstddef>

#include "src/classify/address_parts.h"
#include "src/classify/text_window.h"

namespace subrosa {

// Whether a word is a street's without a capital too: "alderstrasse".
bool IsSureStreet(const TextWindow& window, const AddressToken& token);

// Where "Alder Street" or "Van Alder Avenue" begins, in capitals and without a
// house number; `end`, where the street's word ends, if it is none.
size_t StreetNameBefore(const TextWindow& window, size_t end);

struct StreetCorner {
  size_t begin = 0;
  size_t end = 0;
};

// "the corner of Alder Street and 5th", where "corner of" ends at `i`: two
// streets, told by a number, a capital or a street's word. Empty if it is none.
StreetCorner CornerAfter(const TextWindow& window, size_t i);

// Where the ship's or unit's part before a military post office at `i` begins:
// "USS Alder", "PSC 12 Box 7", "Unit 2050"; `i` if there is none.
size_t MilitaryLineBefore(const TextWindow& window, size_t i);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_STREET_WORDS_H_
