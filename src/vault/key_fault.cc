#include "src/vault/key_fault.h"

namespace subrosa {

absl::string_view KeyFaultSlug(KeyFault fault) {
  switch (fault) {
    case KeyFault::kKeyDoesNotOpen:
      return "key-does-not-open";
    case KeyFault::kKeyUnderClosed:
      return "key-under-closed-epoch";
    case KeyFault::kEntryDoesNotOpen:
      return "entry-does-not-open";
    case KeyFault::kEntryMisplaced:
      return "entry-misplaced";
    case KeyFault::kEntryUnderClosed:
      return "entry-under-closed-epoch";
    case KeyFault::kEntryWithoutKey:
      return "entry-without-key";
    case KeyFault::kKeyWithoutEntry:
      return "key-without-entry";
    case KeyFault::kKeyWithTwoEntries:
      return "key-with-two-entries";
    case KeyFault::kIndexEntryDoesNotOpen:
      return "index-entry-does-not-open";
    case KeyFault::kIndexEntryMisplaced:
      return "index-entry-misplaced";
    case KeyFault::kIndexEntryWithoutKey:
      return "index-entry-without-key";
    case KeyFault::kIndexEntryUnderClosed:
      return "index-entry-under-closed-epoch";
    case KeyFault::kEvidenceKeyDoesNotOpen:
      return "evidence-key-does-not-open";
    case KeyFault::kEvidenceKeyUnderClosed:
      return "evidence-key-under-closed-epoch";
    case KeyFault::kObjectMissing:
      return "object-missing";
    case KeyFault::kObjectOrphaned:
      return "object-orphaned";
    case KeyFault::kObjectBack:
      return "object-back";
    case KeyFault::kDestroyedKeyRemains:
      return "destroyed-key-remains";
  }
  return "";
}

absl::string_view KeyFaultText(KeyFault fault) {
  switch (fault) {
    case KeyFault::kKeyDoesNotOpen:
      return "consumers' keys do not open under their epoch: the file was "
             "changed or damaged; put back a copy";
    case KeyFault::kKeyUnderClosed:
      return "consumers' keys stand under an epoch that is not open: the file "
             "was changed or damaged; put back a copy";
    case KeyFault::kEntryDoesNotOpen:
      return "directory entries do not open: nobody finds those consumers; put "
             "back a copy";
    case KeyFault::kEntryMisplaced:
      return "directory entries stand where nobody finds them; put back a copy";
    case KeyFault::kEntryUnderClosed:
      return "directory entries stand under an epoch that is not open: the "
             "next rotation would take them for its own; report it";
    case KeyFault::kEntryWithoutKey:
      return "directory entries lead to keys that are not there: the keys were "
             "deleted, and not by an erasure";
    case KeyFault::kKeyWithoutEntry:
      return "consumers' keys are led to by no directory entry: nobody can ask "
             "for those consumers or erase them; put back a copy";
    case KeyFault::kKeyWithTwoEntries:
      return "or more consumers' keys are led to by two directory entries; "
             "report it";
    case KeyFault::kIndexEntryDoesNotOpen:
      return "index entries do not open: the file was changed or damaged; drop "
             "the indexes and add them again";
    case KeyFault::kIndexEntryMisplaced:
      return "index entries stand where nobody finds them; drop the indexes "
             "and add them again";
    case KeyFault::kIndexEntryWithoutKey:
      return "index entries lead to nobody: of keys that were deleted, and not "
             "by an erasure; drop the indexes and add them again";
    case KeyFault::kIndexEntryUnderClosed:
      return "index entries stand under an epoch that is not open; report it";
    case KeyFault::kEvidenceKeyDoesNotOpen:
      return "keys of evidence do not open under their epoch: what was kept "
             "until the end of those years cannot be read; put back a copy";
    case KeyFault::kEvidenceKeyUnderClosed:
      return "keys of evidence stand under an epoch that is not open: the file "
             "was changed or damaged; put back a copy";
    case KeyFault::kObjectMissing:
      return "epochs lack their object at the key provider: an older copy of "
             "the keyring was put back, or it lost them";
    case KeyFault::kObjectOrphaned:
      return "objects of the key provider are no epoch's: a rotation was "
             "killed as it began, or an older copy of the key store was put "
             "back; the next `subrosa keys rotate` destroys them";
    case KeyFault::kObjectBack:
      return "objects of destroyed epochs are there again, and with them old "
             "backups open: an older copy of the keyring was put back; "
             "`subrosa keys retire` destroys them again";
    case KeyFault::kDestroyedKeyRemains:
      return "destroyed epochs have their sealed working key still; report it";
  }
  return "";
}

}  // namespace subrosa
