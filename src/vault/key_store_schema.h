// The key store's tables, column by column in docs/formats/stores.md.
#ifndef SUBROSA_SRC_VAULT_KEY_STORE_SCHEMA_H_
#define SUBROSA_SRC_VAULT_KEY_STORE_SCHEMA_H_

#include "absl/types/span.h"
#include "src/store/migrations.h"

namespace subrosa {

absl::Span<const Migration> KeyStoreMigrations();

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_STORE_SCHEMA_H_
