#include "src/exports/set_log.h"

#include "absl/strings/escaping.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/store/connection.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {

absl::StatusOr<std::string> SetLeaf(const Clock& clock, GivenSet form,
                                    int64_t consumers,
                                    absl::string_view sha256) {
  Leaf leaf = NewLeaf(kSetGivenLeaf, DayOf(clock.Now()));
  leaf.numbers = {static_cast<uint64_t>(form),
                  static_cast<uint64_t>(consumers)};
  leaf.text = absl::BytesToHexString(sha256);
  return SerializeLeaf(leaf);
}

absl::Status LogSet(Vault& vault, const Clock& clock, GivenSet form,
                    int64_t consumers, absl::string_view sha256) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string bytes,
                           SetLeaf(clock, form, consumers, sha256));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, vault.keys().ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault.records().Begin());
  SUBROSA_RETURN_IF_ERROR(vault.records().AppendEntries({bytes}, keys_seen));
  return transaction.Commit();
}

}  // namespace subrosa
