#include "src/audit/checkpoint.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "src/audit/text_line.h"
#include "src/base/status_macros.h"
#include "src/crypto/signed_note_text.h"

namespace subrosa {
namespace {

absl::Status Malformed(absl::string_view field, absl::string_view want) {
  return absl::InvalidArgumentError(
      absl::StrCat("checkpoint.", field, ": want ", want));
}

}  // namespace

std::string SerializeCheckpoint(const Checkpoint& checkpoint) {
  return absl::StrCat(checkpoint.origin, "\n", checkpoint.size, "\n",
                      WriteHash(checkpoint.root), "\n");
}

absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text) {
  Checkpoint checkpoint;
  const absl::optional<absl::string_view> origin = TakeLine(&text);
  if (!origin.has_value() || !IsNoteName(*origin)) {
    return Malformed("origin", "a line with the name of a note's key");
  }
  checkpoint.origin = std::string(*origin);
  const absl::optional<absl::string_view> size_line = TakeLine(&text);
  const absl::optional<uint64_t> size =
      ReadDecimal(size_line.value_or(absl::string_view()));
  if (!size.has_value()) {
    return Malformed("size", "a line with a number below 2^64 in decimal");
  }
  checkpoint.size = *size;
  const absl::optional<absl::string_view> root_line = TakeLine(&text);
  const absl::optional<MerkleHash> root =
      ReadHash(root_line.value_or(absl::string_view()));
  if (!root.has_value()) {
    return Malformed("root", "a line with 32 bytes in canonical base64");
  }
  checkpoint.root = *root;
  if (!text.empty()) {
    return Malformed("extensions",
                     absl::StrCat("none, got ", text.size(), " bytes"));
  }
  return checkpoint;
}

absl::StatusOr<Checkpoint> OpenCheckpoint(absl::string_view note,
                                          absl::Span<const NoteKey> keys) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string text, OpenNote(note, keys));
  SUBROSA_ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpoint(text));
  std::vector<NoteKey> own;
  for (const NoteKey& key : keys) {
    if (key.name() == checkpoint.origin) own.push_back(key);
  }
  // Where other logs' keys are among `keys`, one of them may have signed.
  if (own.size() != keys.size() && !OpenNote(note, own).ok()) {
    return Malformed("origin", "the name of the key that signed, got another");
  }
  return checkpoint;
}

}  // namespace subrosa
