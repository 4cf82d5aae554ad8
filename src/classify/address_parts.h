// The parts of a postal address, and how one grows from a part to its left and
// right. Internal to this room.
//
// "Skip" functions return where the part at `i` ends, and `i` if there is none.
#ifndef SUBROSA_SRC_CLASSIFY_ADDRESS_PARTS_H_
#define SUBROSA_SRC_CLASSIFY_ADDRESS_PARTS_H_

#include <cstddef>

#include "src/classify/text_window.h"

namespace subrosa {

constexpr int kMaxNameWords = 6;

inline bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// Bytes of a word in an address: all but spaces and what divides.
inline bool IsNameByte(char c) {
  return IsWordByte(c) || c == '.' || c == '\'' || c == '-' || c == '/' ||
         c == '#' || c == '(' || c == ')';
}

// A word or number of an address.
struct AddressToken {
  size_t begin = 0;
  size_t end = 0;
  bool has_digit = false;
  bool is_name = false;  // Begins like a name, or is a particle ("van").

  bool empty() const { return begin == end; }
};

AddressToken TokenAt(const TextWindow& window, size_t i);
AddressToken TokenBefore(const TextWindow& window, size_t i);

// Digits, perhaps with a letter or a fraction; no ordinal.
bool IsHouseNumber(const TextWindow& window, const AddressToken& token);

// "Apt. 5B", "Suite #201", "Box 7".
size_t SkipUnit(const TextWindow& window, size_t i);

// A postal code of digits, "98101-1234", "53-320", "394 13" and "7412 SL"
// included.
size_t SkipZip(const TextWindow& window, size_t i);

// Where an address of which a part ends at `end` ends: over commas and at most
// five line ends, by units, places and a postal code.
size_t GrowRight(const TextWindow& window, size_t end);

// Where the house number and the name of the street that end at `end` begin;
// `end` if no number is among them and `needs_number`.
size_t GrowLeft(const TextWindow& window, size_t end, bool needs_number);

// Where the house number of a street in small letters that ends at `end`
// begins, in a text without capitals: "12 alder street"; `end` if there is
// none. Ask only where a unit follows.
size_t LowerStreetBefore(const TextWindow& window, size_t end);

// Whether the line that ends before `i` looks like a street's: short, with a
// number. Returns where its address begins; `i` if it does not.
size_t StreetLineBefore(const TextWindow& window, size_t i);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_ADDRESS_PARTS_H_
