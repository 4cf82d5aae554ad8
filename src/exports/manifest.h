// The manifest of an archive that is handed out: what it is, whose, to whom it
// is sealed, and the SHA-256 of each of its files. It goes out as a note that
// the installation signs (src/steward/export_key.h), so that whoever has the
// files can tell that they are what was given, and to whom
// (docs/formats/copy.md, docs/formats/deidentified.md).
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_EXPORTS_MANIFEST_H_
#define SUBROSA_SRC_EXPORTS_MANIFEST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/exports/archive_member.h"

namespace subrosa {

// The manifest's own name in its archive.
inline constexpr char kManifestFile[] = "MANIFEST.txt";

enum class ManifestKind { kCopy, kDeidentifiedSet };

// "copy", "de-identified set".
absl::string_view ManifestKindName(ManifestKind kind);

struct Manifest {
  ManifestKind kind = ManifestKind::kCopy;
  std::string entity;
  std::string recipient;  // Of a set: whom it was made for; of a copy empty.
  std::string sealed_to;  // "age1…".
  std::string made_at;    // Of a copy an instant, of a set the day.
  // All but the manifest, in the archive's order. `bytes` is not written.
  std::vector<ArchiveMember> files;
};

std::string ManifestText(const Manifest& manifest);

// Whether `text`, of a note or not, begins as a manifest does.
bool IsManifest(absl::string_view text);

// Reads the text of a manifest, of whose signature this says nothing.
//
// INVALID_ARGUMENT, "manifest: line 3: want …", if it is not as ManifestText
// writes it, names a file twice, or names one that would not lie in the
// manifest's own folder or below. What parses is written as it was read.
absl::StatusOr<Manifest> ParseManifest(absl::string_view text);

// What lies beside a manifest, by the names in it.
struct ManifestFiles {
  std::vector<std::string> agree;
  std::vector<std::string> differ;
  std::vector<std::string> missing;
};

// Compares the files of `manifest` in `folder` with their digests, each read
// once, in constant memory. Links are followed. Errors of OpenForReading but
// NOT_FOUND, and of reading.
absl::StatusOr<ManifestFiles> CompareFiles(const Manifest& manifest,
                                           const std::string& folder);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_MANIFEST_H_
