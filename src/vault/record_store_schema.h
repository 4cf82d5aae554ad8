// The tables of a record store (docs/formats/stores.md).
#ifndef SUBROSA_SRC_VAULT_RECORD_STORE_SCHEMA_H_
#define SUBROSA_SRC_VAULT_RECORD_STORE_SCHEMA_H_

#include "absl/types/span.h"
#include "src/store/migrations.h"

namespace subrosa {

absl::Span<const Migration> RecordStoreMigrations();

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RECORD_STORE_SCHEMA_H_
