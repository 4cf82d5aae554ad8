// How a record that is put becomes a row: what is computed of it under its
// consumer's key before anybody looks whether it is held already.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_VAULT_NEW_ROW_H_
#define SUBROSA_SRC_VAULT_NEW_ROW_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/put_item.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// "subrosa.v1.MoodCheckIn" of "type.googleapis.com/subrosa.v1.MoodCheckIn": the
// payload's type, as a view into `record`.
absl::string_view SchemaOf(const v1::HealthRecord& record);

struct NewRow {
  std::string plaintext;  // The record as it is sealed.
  RecordRow row;          // Sealed as a first revision.
};

// Makes the row of `item`, put for `consumer`; `made` may be one of before,
// whose memory is used again. INTERNAL if the record does not serialise.
absl::Status MakeNewRow(absl::string_view entity, const PutItem& item,
                        const ConsumerHandle& consumer, NewRow* made);

// Seals it as a later revision.
absl::Status SealAsRevision(absl::string_view entity,
                            const ConsumerHandle& consumer, uint32_t revision,
                            NewRow* made);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_NEW_ROW_H_
