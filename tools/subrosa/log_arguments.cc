#include "tools/subrosa/log_arguments.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/audit/log_files.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/steward/home.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

constexpr size_t kMaxKeyFileBytes = size_t{1} << 20;

absl::StatusOr<NoteKey> ParseKey(absl::string_view text, uint8_t type) {
  SUBROSA_ASSIGN_OR_RETURN(NoteKey key, NoteKey::Parse(text));
  if (key.type() != type) {
    return absl::InvalidArgumentError(
        absl::StrCat("vkey.type: want ", type, " (",
                     type == kNoteTypeEd25519 ? "a log's" : "a witness's",
                     "), got ", key.type()));
  }
  return key;
}

}  // namespace

absl::StatusOr<std::vector<NoteKey>> ReadNoteKeys(
    const std::string& option, absl::Span<const std::string> given,
    uint8_t type) {
  std::vector<NoteKey> keys;
  for (const std::string& text : given) {
    if (NoteKey::Parse(text).ok()) {
      absl::StatusOr<NoteKey> key = ParseKey(text, type);
      if (!key.ok()) return Annotate(key.status(), option);
      keys.push_back(*std::move(key));
      continue;
    }
    const std::string path(absl::StripPrefix(text, "@"));
    absl::StatusOr<std::string> content = ReadFile(path, kMaxKeyFileBytes);
    if (absl::IsNotFound(content.status())) {
      return absl::InvalidArgumentError(
          absl::StrCat(option, ": want a vkey or a file of them, got neither"));
    }
    if (!content.ok()) return content.status();
    int number = 0;
    for (absl::string_view line : absl::StrSplit(*content, '\n')) {
      ++number;
      line = absl::StripAsciiWhitespace(line);
      if (line.empty()) continue;
      absl::StatusOr<NoteKey> key = ParseKey(line, type);
      if (!key.ok()) {
        return Annotate(key.status(), absl::StrCat(path, ": line ", number));
      }
      keys.push_back(*std::move(key));
    }
  }
  return keys;
}

LogArguments::LogArguments(CommandLine* line, DefaultFormat format)
    : format_(static_cast<int>(format)) {
  line->AddOption("--home", &home_,
                  "Folder of the installation [$SUBROSA_HOME or "
                  "./subrosa-home]");
  line->AddOption("--log", &log_,
                  "A log's folder in place of a home, for auditors");
  line->AddOptions("--key", &given_keys_,
                   "A vkey of the log, or a file of them: wanted with --log; "
                   "else those that keys.db lists");
  line->AddChoice("--format", &format_, {{"text", 0}, {"json", 1}},
                  json() ? "How to print the result [json]"
                         : "How to print the result [text]");
}

std::string LogArguments::home() const { return HomeFolder(home_); }

absl::Status LogArguments::Check() const {
  if (!log_.empty() && given_keys_.empty()) {
    return absl::InvalidArgumentError("--log: want it with --key, got none");
  }
  if (!log_.empty() && !home_.empty()) {
    return absl::InvalidArgumentError("--log: want it without --home");
  }
  return absl::OkStatus();
}

absl::Status LogArguments::Read() {
  folder_ = is_home() ? LogFolderOf(home()) : log_;
  if (!has_keys()) {
    SUBROSA_ASSIGN_OR_RETURN(HomeLog log, ReadHomeLog(home()));
    keys_ = std::move(log.keys);
    return absl::OkStatus();
  }
  SUBROSA_ASSIGN_OR_RETURN(
      keys_, ReadNoteKeys("--key", given_keys_, kNoteTypeEd25519));
  return absl::OkStatus();
}

absl::StatusOr<LogReader> LogArguments::Open() const {
  return LogReader::Open(folder_, kCheckpointFile, keys_);
}

}  // namespace subrosa
