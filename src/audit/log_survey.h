// A LogSurvey says what each part of a home knows of the log, read by itself,
// and which parts disagree: for those whose home refuses to open
// (log_agreement.h), since an older copy of a part was put back.
//
// Every part only ever learns of a longer log, in this order: key store, the
// folder's checkpoint, record store, keyring. So whichever knows less than one
// further on is behind.
//
// Thread-safe as far as its arguments are; another process may sequence
// meanwhile. Nothing is changed.
#ifndef SUBROSA_SRC_AUDIT_LOG_SURVEY_H_
#define SUBROSA_SRC_AUDIT_LOG_SURVEY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/audit/log_state.h"
#include "src/crypto/key_provider.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"

namespace subrosa {

enum class LogPart { kKeyStore, kRecordStore, kFolder, kKeyring };

enum class LogStanding {
  kAgrees,
  kBehind,   // An older copy.
  kAhead,    // Knows more than a part that is behind.
  kForeign,  // Of another log, or of another history of this one.
  kDamaged,
  kUnread,  // Is not there, cannot be read, or was left out.
};

// "keys.db", "behind".
absl::string_view LogPartName(LogPart part);
absl::string_view LogStandingName(LogStanding standing);

struct SurveyedPart {
  LogPart part = LogPart::kKeyStore;
  LogStanding standing = LogStanding::kUnread;
  // How long a log the part knows; nothing if it does not say.
  std::optional<uint64_t> size;
};

// `part` does not stand where the others do, and why that is known.
struct LogDisagreement {
  LogPart part = LogPart::kKeyStore;
  LogStanding standing = LogStanding::kBehind;
  std::string reason;  // "want …, got …"
};

struct LogSurvey {
  // What the key store says; nothing in it if that cannot be read.
  LogStatus log;
  std::vector<LogKey> keys;
  // Entries that are committed and not yet in the log.
  int64_t keys_waiting = 0;
  int64_t records_waiting = 0;
  // Of the newest checkpoint that a witness cosigned.
  std::optional<uint64_t> cosigned_size;

  std::vector<SurveyedPart> parts;  // One of each, in the order of LogPart.
  std::vector<LogDisagreement> disagreements;

  bool agrees() const { return disagreements.empty(); }
};

struct LogSurveyParts {
  // An error where a database cannot be opened.
  absl::StatusOr<std::unique_ptr<Connection>> keys;
  absl::StatusOr<std::unique_ptr<Connection>> records;
  // Null: the keyring is left out, and nothing is said of it; then checkpoints
  // are verified by the keys that the key store lists, which is its own word.
  KeyProvider* provider = nullptr;
  std::string folder;
};

LogSurvey SurveyLog(const LogSurveyParts& parts);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LOG_SURVEY_H_
