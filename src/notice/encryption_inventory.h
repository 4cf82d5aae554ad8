// What rests where in every installation, and under what, as the file
// encryption_inventory.textproto has it.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_NOTICE_ENCRYPTION_INVENTORY_H_
#define SUBROSA_SRC_NOTICE_ENCRYPTION_INVENTORY_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "subrosa/v1/evidence.pb.h"

namespace subrosa {

// Reads such a file. INVALID_ARGUMENT, with the line, for a text that is
// missing, or a table that is none of "keys." and "records.".
absl::StatusOr<v1::EncryptionInventory> ParseEncryptionInventory(
    absl::string_view text);

// The one that ships. INTERNAL if it is not as it should be.
absl::StatusOr<v1::EncryptionInventory> BuiltInEncryptionInventory();

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_ENCRYPTION_INVENTORY_H_
