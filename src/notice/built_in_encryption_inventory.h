// The file encryption_inventory.textproto, as it stands. Internal to the room.
#ifndef SUBROSA_SRC_NOTICE_BUILT_IN_ENCRYPTION_INVENTORY_H_
#define SUBROSA_SRC_NOTICE_BUILT_IN_ENCRYPTION_INVENTORY_H_

namespace subrosa {

extern const char kBuiltInEncryptionInventory[];

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_BUILT_IN_ENCRYPTION_INVENTORY_H_
