// What the commands about the log share: which log, and which keys sign it.
#ifndef SUBROSA_TOOLS_SUBROSA_LOG_ARGUMENTS_H_
#define SUBROSA_TOOLS_SUBROSA_LOG_ARGUMENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/audit/log_reader.h"
#include "src/crypto/signed_note.h"
#include "tools/subrosa/command_line.h"

namespace subrosa {

// Public keys as they are typed: each a vkey, or a file of them, one a line,
// with or without "@" before its name. All of `type` (kNoteTypeEd25519,
// kNoteTypeCosignature). INVALID_ARGUMENT names the `option`; else errors of
// ReadFile.
absl::StatusOr<std::vector<NoteKey>> ReadNoteKeys(
    const std::string& option, absl::Span<const std::string> given,
    uint8_t type);

enum class DefaultFormat { kText = 0, kJson = 1 };

// A log: a home's, or a folder, for those who have no home. Whoever brings no
// keys takes the word of the home's key store for which keys sign it: somebody
// who can write to that may have listed others.
class LogArguments {
 public:
  // Adds --home, --log, --key and --format to `line`.
  explicit LogArguments(CommandLine* line,
                        DefaultFormat format = DefaultFormat::kText);

  bool json() const { return format_ == 1; }
  bool is_home() const { return log_.empty(); }
  // Whether keys were brought.
  bool has_keys() const { return !given_keys_.empty(); }
  // The home's folder, whether or not there is one.
  std::string home() const;

  // INVALID_ARGUMENT if they do not fit together: a wrong call.
  absl::Status Check() const;

  // Finds folder and keys. Errors of ReadHomeLog and ReadNoteKeys.
  absl::Status Read();
  const std::string& folder() const { return folder_; }
  const std::vector<NoteKey>& keys() const { return keys_; }

  // The log at its newest checkpoint, once Read was called.
  absl::StatusOr<LogReader> Open() const;

 private:
  std::string home_;
  std::string log_;
  std::vector<std::string> given_keys_;
  int format_;
  std::string folder_;
  std::vector<NoteKey> keys_;
};

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_LOG_ARGUMENTS_H_
