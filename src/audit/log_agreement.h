// Whether the parts of a home belong together: the key store, the record store,
// the log's files, and what the key provider remembers. Whoever puts back an
// older copy of one of them is told which, before anything is changed.
//
// Thread-compatible, as its arguments; another process may sequence meanwhile.
#ifndef SUBROSA_SRC_AUDIT_LOG_AGREEMENT_H_
#define SUBROSA_SRC_AUDIT_LOG_AGREEMENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/log_files.h"
#include "src/audit/log_state.h"
#include "src/audit/right_edge.h"
#include "src/crypto/key_provider.h"
#include "src/crypto/signed_note.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"

namespace subrosa {

struct LogParts {
  Connection& key_database;  // What state and keys read, in no transaction.
  LogState& state;
  Outbox& keys;     // The key store's.
  Outbox& records;  // The record store's.
  KeyProvider& provider;
  const LogFiles& files;
};

// Under which name the provider remembers the size of the log `origin`.
std::string LogAnchorName(absl::string_view origin);

// Returns the right edge of the log once its newest checkpoint is signed by a
// key of the provider's, the edge on disk has its root, and no part is older
// than another says.
//
// Security: by which keys it is verified, the provider says. The key store's
// list of them is itself checked, so that a writer to the key store has no
// other history signed.
//
// NOT_FOUND if there is no log; FAILED_PRECONDITION if a part is an older copy
// or another log's; DATA_LOSS if one is damaged; errors of the parts.
absl::StatusOr<RightEdge> CheckAgreement(const LogParts& parts);

// OK if the key store's account of the log is what one of `keys` signed
// (CheckLogKeys); else DATA_LOSS.
absl::Status CheckSigned(const LogStatus& log, absl::Span<const NoteKey> keys);

// The right edge of the log as it lies on disk, if it has the signed root.
// Errors as above.
absl::StatusOr<RightEdge> LoadSignedEdge(const LogFiles& files,
                                         const LogStatus& log);

// FAILED_PRECONDITION if the provider remembers that the log `origin` has had
// leaves: the key store that does not know it is an older copy.
absl::Status CheckNeverUsed(KeyProvider& provider, absl::string_view origin);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LOG_AGREEMENT_H_
