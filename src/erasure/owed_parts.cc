#include "src/erasure/owed_parts.h"

#include "src/base/status_macros.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/request_parts.h"
#include "src/request/request_erasing.h"
#include "subrosa/v1/certificate.pb.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

absl::StatusOr<std::set<std::string>> ReadOwedParts(
    Vault& vault, const Clock& clock, absl::string_view consumer) {
  const absl::StatusOr<ErasureEntry> entry =
      ErasureBook(vault, clock).Find(consumer);
  std::set<std::string> owed;
  if (absl::IsNotFound(entry.status())) return owed;
  SUBROSA_RETURN_IF_ERROR(entry.status());
  const v1::StoredErasure& erasure = entry->erasure;
  if (!erasure.keys_destroyed()) owed.insert(kRecordsPart);
  for (const v1::ErasureParty& party : erasure.party()) {
    if (party.party().state() != v1::PARTY_STATE_DONE &&
        party.party().state() != v1::PARTY_STATE_REFUSED) {
      owed.insert(PartOf(party, erasure));
    }
  }
  return owed;
}

}  // namespace subrosa
