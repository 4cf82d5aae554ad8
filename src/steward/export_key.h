// The key that signs what is handed out of a home: the manifests of consumers'
// copies and of de-identified sets. Its vkey is public; an entity publishes it
// beside its log's, for whoever has a manifest to check.
//
// It is called "<entity>/exports/<8 hexadecimal digits of the installation>",
// and rests at the home's key provider.
//
// Thread-safe as far as the provider is.
#ifndef SUBROSA_SRC_STEWARD_EXPORT_KEY_H_
#define SUBROSA_SRC_STEWARD_EXPORT_KEY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/key_provider.h"
#include "src/crypto/signed_note.h"

namespace subrosa {

// Whose key it is. `installation` has 16 bytes.
struct ExportKeyOwner {
  absl::string_view entity;
  absl::string_view installation;
};

// NOT_FOUND if none was made yet; else errors of the provider.
absl::StatusOr<NoteKey> FindExportKey(KeyProvider& provider,
                                      const ExportKeyOwner& owner);

// As FindExportKey, and makes it if there is none.
absl::StatusOr<NoteKey> MakeExportKey(KeyProvider& provider,
                                      const ExportKeyOwner& owner);

// `text` as a note signed by that key. Errors of MakeExportKey and SignNote.
absl::StatusOr<std::string> SignWithExportKey(KeyProvider& provider,
                                              const ExportKeyOwner& owner,
                                              absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_EXPORT_KEY_H_
