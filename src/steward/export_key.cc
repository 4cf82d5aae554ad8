#include "src/steward/export_key.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// At the provider.
constexpr absl::string_view kKeyName = "exports";

absl::StatusOr<NoteKey> Named(const ExportKeyOwner& owner,
                              absl::string_view public_key) {
  return NoteKey::Create(
      absl::StrCat(owner.entity, "/exports/",
                   absl::BytesToHexString(owner.installation.substr(0, 4))),
      public_key);
}

}  // namespace

absl::StatusOr<NoteKey> FindExportKey(KeyProvider& provider,
                                      const ExportKeyOwner& owner) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string key, provider.PublicKey(kKeyName));
  return Named(owner, key);
}

absl::StatusOr<NoteKey> MakeExportKey(KeyProvider& provider,
                                      const ExportKeyOwner& owner) {
  absl::StatusOr<NoteKey> found = FindExportKey(provider, owner);
  if (!absl::IsNotFound(found.status())) return found;
  const absl::StatusOr<std::string> made = provider.CreateSigningKey(kKeyName);
  // Another process may have made it meanwhile.
  if (absl::IsAlreadyExists(made.status())) {
    return FindExportKey(provider, owner);
  }
  SUBROSA_RETURN_IF_ERROR(made.status());
  return Named(owner, *made);
}

absl::StatusOr<std::string> SignWithExportKey(KeyProvider& provider,
                                              const ExportKeyOwner& owner,
                                              absl::string_view text) {
  SUBROSA_ASSIGN_OR_RETURN(const NoteKey key, MakeExportKey(provider, owner));
  return SignNote(text, key, [&provider](absl::string_view message) {
    return provider.Sign(kKeyName, message);
  });
}

}  // namespace subrosa
