#include "src/audit/log_keys.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

std::string KeyName(absl::string_view origin, int64_t number) {
  return absl::StrCat("log/", origin, "/", number);
}

}  // namespace

absl::StatusOr<LogKey> MakeLogKey(KeyProvider& provider,
                                  absl::string_view origin, int64_t number) {
  LogKey key;
  key.number = number;
  key.name = KeyName(origin, number);
  absl::StatusOr<std::string> public_key = provider.CreateSigningKey(key.name);
  if (absl::IsAlreadyExists(public_key.status())) {
    public_key = provider.PublicKey(key.name);
  }
  if (!public_key.ok()) return public_key.status();
  SUBROSA_ASSIGN_OR_RETURN(const NoteKey note_key,
                           NoteKey::Create(origin, *public_key));
  key.vkey = note_key.ToString();
  return key;
}

absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint,
                                           absl::Span<const LogKey> keys,
                                           KeyProvider& provider) {
  const std::string text = SerializeCheckpoint(checkpoint);
  Note note;
  note.text = text;
  for (const LogKey& key : keys) {
    SUBROSA_ASSIGN_OR_RETURN(const NoteKey note_key, NoteKey::Parse(key.vkey));
    SUBROSA_ASSIGN_OR_RETURN(
        const std::string one,
        SignNote(text, note_key, [&](absl::string_view message) {
          return provider.Sign(key.name, message);
        }));
    SUBROSA_ASSIGN_OR_RETURN(Note signed_once, ParseNote(one));
    note.signatures.push_back(std::move(signed_once.signatures.front()));
  }
  return SerializeNote(note);
}

absl::StatusOr<std::vector<LogKey>> FindLogKeys(KeyProvider& provider,
                                                absl::string_view origin) {
  std::vector<LogKey> keys;
  for (;;) {
    LogKey key;
    key.number = static_cast<int64_t>(keys.size()) + 1;
    key.name = KeyName(origin, key.number);
    const absl::StatusOr<std::string> public_key = provider.PublicKey(key.name);
    if (absl::IsNotFound(public_key.status()) && !keys.empty()) return keys;
    if (!public_key.ok()) return public_key.status();
    SUBROSA_ASSIGN_OR_RETURN(const NoteKey note_key,
                             NoteKey::Create(origin, *public_key));
    key.vkey = note_key.ToString();
    keys.push_back(std::move(key));
  }
}

absl::StatusOr<std::vector<NoteKey>> CheckLogKeys(
    KeyProvider& provider, absl::string_view origin,
    absl::Span<const LogKey> listed) {
  if (listed.empty()) {
    return absl::DataLossError(
        "key store.log_key: want a key of this log, got none");
  }
  SUBROSA_RETURN_IF_ERROR(ParseLogKeys(listed).status());
  absl::StatusOr<std::vector<LogKey>> own = FindLogKeys(provider, origin);
  if (absl::IsNotFound(own.status())) own = std::vector<LogKey>();
  SUBROSA_RETURN_IF_ERROR(own.status());
  for (const LogKey& key : listed) {
    if (key.number > static_cast<int64_t>(own->size())) {
      return absl::FailedPreconditionError(absl::StrCat(
          "keyring: want the key ", key.number,
          " of this log, got none; it is an older copy or another home's: put "
          "back the newest one"));
    }
    const LogKey* const same =
        key.number < 1 ? nullptr : &(*own)[static_cast<size_t>(key.number) - 1];
    if (same == nullptr || same->name != key.name || same->vkey != key.vkey) {
      return absl::FailedPreconditionError(absl::StrCat(
          "key store.log_key[", key.number,
          "]: want a key of the keyring that signs this log, got another; the "
          "keyring is another home's, or keys.db was changed: put back the "
          "ones that were made together"));
    }
  }
  return ParseLogKeys(*own);
}

absl::StatusOr<std::vector<NoteKey>> ParseLogKeys(
    absl::Span<const LogKey> keys) {
  std::vector<NoteKey> parsed;
  for (const LogKey& key : keys) {
    absl::StatusOr<NoteKey> note_key = NoteKey::Parse(key.vkey);
    if (!note_key.ok()) {
      return absl::DataLossError(absl::StrCat("key store.log_key[", key.number,
                                              "]: want a vkey, got another "
                                              "text"));
    }
    parsed.push_back(*std::move(note_key));
  }
  return parsed;
}

absl::StatusOr<std::string> AnnounceNextKey(Connection& keys, LogState& state,
                                            Outbox& outbox,
                                            KeyProvider& provider,
                                            int32_t today) {
  SUBROSA_ASSIGN_OR_RETURN(const LogStatus log, state.Read());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<LogKey> present, state.ReadKeys());
  SUBROSA_ASSIGN_OR_RETURN(
      LogKey key, MakeLogKey(provider, log.origin, present.back().number + 1));
  Leaf leaf = NewLeaf(LeafKind::kLogKeyAnnounced, today);
  leaf.text = key.vkey;
  SUBROSA_ASSIGN_OR_RETURN(const std::string entry, SerializeLeaf(leaf));
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(keys));
  SUBROSA_ASSIGN_OR_RETURN(key.announced_by,
                           outbox.Append({entry}, /*seen=*/0));
  SUBROSA_RETURN_IF_ERROR(state.AddKey(key));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return key.vkey;
}

absl::Status RestoreLogKeys(absl::Span<const LogKey> own, const LogStatus& log,
                            LogState& state) {
  SUBROSA_ASSIGN_OR_RETURN(const Note note, ParseNote(log.checkpoint));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<LogKey> known, state.ReadKeys());
  for (LogKey key : own) {
    SUBROSA_ASSIGN_OR_RETURN(const NoteKey note_key, NoteKey::Parse(key.vkey));
    key.announced_by = log.sequenced.keys;
    const bool is_known = std::any_of(
        known.begin(), known.end(),
        [&](const LogKey& other) { return other.number == key.number; });
    if (!is_known) SUBROSA_RETURN_IF_ERROR(state.AddKey(key));
    const bool signs =
        std::any_of(note.signatures.begin(), note.signatures.end(),
                    [&](const NoteSignature& signature) {
                      return IsSignedBy(note_key, note.text, signature);
                    });
    if (!signs && key.number != own.back().number) {
      SUBROSA_RETURN_IF_ERROR(state.RetireKey(key.number));
    }
  }
  return absl::OkStatus();
}

absl::Status RetireAnnouncedKeys(Connection& keys, LogState& state) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(keys));
  SUBROSA_ASSIGN_OR_RETURN(const LogStatus log, state.Read());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<LogKey> present, state.ReadKeys());
  if (present.back().announced_by > log.sequenced.keys) {
    return absl::FailedPreconditionError(
        "log key: want one whose announcement is in the log, got one that is "
        "not yet; run `subrosa audit checkpoint` first");
  }
  for (const LogKey& key : present) {
    if (key.number != present.back().number) {
      SUBROSA_RETURN_IF_ERROR(state.RetireKey(key.number));
    }
  }
  return transaction.Commit();
}

}  // namespace subrosa
