// What may be wrong with a key store (src/vault/key_check.h), in words.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_VAULT_KEY_FAULT_H_
#define SUBROSA_SRC_VAULT_KEY_FAULT_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace subrosa {

enum class KeyFault : uint8_t {
  kKeyDoesNotOpen,          // A consumer's key, under its epoch.
  kKeyUnderClosed,          // A consumer's key, whose epoch is not open.
  kEntryDoesNotOpen,        // A directory entry.
  kEntryMisplaced,          // One that nobody finds at its token.
  kEntryUnderClosed,        // Entries where no open epoch has its directory.
  kEntryWithoutKey,         // It leads to a key that is not there.
  kKeyWithoutEntry,         // Nobody is led to it.
  kKeyWithTwoEntries,       // At least so many.
  kIndexEntryDoesNotOpen,   // An entry of a blind index.
  kIndexEntryMisplaced,     // One that nobody finds, or of no index.
  kIndexEntryWithoutKey,    // It leads to a consumer who is not there.
  kIndexEntryUnderClosed,   // Where no open epoch has its entries.
  kEvidenceKeyDoesNotOpen,  // A year's key of evidence, under its epoch.
  kEvidenceKeyUnderClosed,  // One whose epoch is not open.
  kObjectMissing,           // An epoch's, at the provider.
  kObjectOrphaned,          // One that no epoch of the key store has.
  kObjectBack,              // A destroyed epoch's, which is there again.
  kDestroyedKeyRemains      // Of a destroyed epoch, in its row.
};

// "key-without-entry", for programs.
absl::string_view KeyFaultSlug(KeyFault fault);
// What it means and what to do, in a line for people.
absl::string_view KeyFaultText(KeyFault fault);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_FAULT_H_
