// The keys that sign a log's checkpoints: made and used at the key provider,
// listed in the key store, succeeded by announcement in the log itself.
//
// Thread-safe as far as their arguments are.
#ifndef SUBROSA_SRC_AUDIT_LOG_KEYS_H_
#define SUBROSA_SRC_AUDIT_LOG_KEYS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/checkpoint.h"
#include "src/audit/log_state.h"
#include "src/crypto/key_provider.h"
#include "src/crypto/signed_note.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"

namespace subrosa {

// Makes the signing key `number` of the log `origin`, or finds the one that an
// interrupted call made. Errors of the provider.
absl::StatusOr<LogKey> MakeLogKey(KeyProvider& provider,
                                  absl::string_view origin, int64_t number);

// The keys of the log `origin` that the provider has, by number upwards; what
// the key store says of them is not known. Errors of the provider; NOT_FOUND if
// it has none.
absl::StatusOr<std::vector<LogKey>> FindLogKeys(KeyProvider& provider,
                                                absl::string_view origin);

// By which keys the checkpoints of the log `origin` are verified: those that
// the provider has, once each of `listed`, which the key store says sign it, is
// among them. Whoever writes to the key store adds no key to them.
//
// FAILED_PRECONDITION if the provider lacks one of `listed`, or has another
// under its number; DATA_LOSS if none is listed, or one is no vkey; errors of
// the provider.
absl::StatusOr<std::vector<NoteKey>> CheckLogKeys(
    KeyProvider& provider, absl::string_view origin,
    absl::Span<const LogKey> listed);

// Their public sides. DATA_LOSS if one is no vkey.
absl::StatusOr<std::vector<NoteKey>> ParseLogKeys(
    absl::Span<const LogKey> keys);

// The signed note of `checkpoint`, with a signature by each of `keys`.
absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint,
                                           absl::Span<const LogKey> keys,
                                           KeyProvider& provider);

// Makes the next key and puts its announcement into the key store's outbox, in
// one transaction. Returns its vkey.
absl::StatusOr<std::string> AnnounceNextKey(Connection& keys, LogState& state,
                                            Outbox& outbox,
                                            KeyProvider& provider,
                                            int32_t today);

// Within a transaction: lets a key store that was put back from a copy list
// those of `own`, the provider's keys, that were announced after the copy was
// made. Which of them still sign, `log`'s checkpoint shows.
absl::Status RestoreLogKeys(absl::Span<const LogKey> own, const LogStatus& log,
                            LogState& state);

// Lets all keys but the newest sign no more. FAILED_PRECONDITION unless that
// one's announcement is in the log.
absl::Status RetireAnnouncedKeys(Connection& keys, LogState& state);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LOG_KEYS_H_
