#include "src/erasure/certificate_handout.h"

#include <algorithm>
#include <utility>

#include "src/base/status_macros.h"
#include "src/store/connection.h"
#include "src/vault/record_store.h"

namespace subrosa {

absl::Status CertificateHandout::SetGiven(std::vector<ErasureEntry> entries) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault_.records().Begin());
  for (ErasureEntry& entry : entries) {
    entry.erasure.clear_contact();
    entry.state = StateOf(entry.erasure);
    // What another process changed meanwhile is given again.
    SUBROSA_RETURN_IF_ERROR(book_.Put(&entry).status());
  }
  return transaction.Commit();
}

absl::StatusOr<int64_t> CertificateHandout::GiveAll(Giver give) {
  SUBROSA_RETURN_IF_ERROR(issuer_.Refresh());
  int64_t given = 0;
  int64_t at = 0;
  for (;;) {
    std::vector<ErasureEntry> entries;
    std::vector<v1::StoredErasure> erasures;
    uint64_t from = UINT64_MAX;
    SUBROSA_ASSIGN_OR_RETURN(
        const int64_t count,
        book_.VisitSome(
            ErasureState::kForOfficer, kAtOnce, &at, [&](ErasureEntry entry) {
              // A part has no certificate.
              if (!entry.erasure.part().empty()) return absl::OkStatus();
              from = std::min(from, entry.erasure.log_size_before());
              erasures.push_back(entry.erasure);
              entries.push_back(std::move(entry));
              return absl::OkStatus();
            }));
    if (count == 0) return given;
    if (entries.empty()) continue;
    SUBROSA_RETURN_IF_ERROR(issuer_.VisitFiles(
        erasures, from, [&](size_t place, const std::string& file) {
          return give(erasures[place], file);
        }));
    given += static_cast<int64_t>(entries.size());
    SUBROSA_RETURN_IF_ERROR(SetGiven(std::move(entries)));
  }
}

}  // namespace subrosa
