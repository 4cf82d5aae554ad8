#include "src/audit/cosignatures.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/optional.h"
#include "src/crypto/cosignature.h"

namespace subrosa {

absl::StatusOr<std::vector<SeenByWitness>> VerifyCosignatures(
    const Note& note, absl::Span<const NoteKey> witnesses) {
  std::vector<SeenByWitness> seen;
  for (size_t i = 0; i < note.signatures.size(); ++i) {
    const NoteSignature& signature = note.signatures[i];
    for (const NoteKey& witness : witnesses) {
      if (witness.type() != kNoteTypeCosignature ||
          witness.name() != signature.name ||
          witness.id() != signature.key_id) {
        continue;
      }
      const absl::optional<absl::Time> at =
          CosignedAt(witness, note.text, signature);
      if (!at.has_value()) {
        return absl::InvalidArgumentError(
            absl::StrCat("signatures[", i, "]: want a cosignature of it by `",
                         witness.name(), "`, got another"));
      }
      seen.push_back({witness.name(), witness.id(), *at});
    }
  }
  return seen;
}

absl::Status CheckSeenByAll(absl::Span<const SeenByWitness> seen,
                            absl::Span<const NoteKey> witnesses) {
  for (const NoteKey& witness : witnesses) {
    if (std::none_of(
            seen.begin(), seen.end(), [&witness](const SeenByWitness& each) {
              return each.name == witness.name() && each.key_id == witness.id();
            })) {
      return absl::PermissionDeniedError(
          absl::StrFormat("want a cosignature by %s, got none of its key %08x",
                          witness.name(), witness.id()));
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa
