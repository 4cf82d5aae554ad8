// A receipt proves to anyone, without a network, that a leaf is in the log; and
// to whoever knows the account id, that the leaf is about that consumer. It is
// a TlogProof whose extra holds the leaf and, if it is given away, an opening
// (docs/formats/audit.md, "Receipt"). The account id is not in it.
//
// Thread-safe: no state.
//
// Security: a verified receipt says that the log's key signed a tree that holds
// this leaf. Cosignatures say that a witness saw that same tree at a time; who
// asks for one is safe from a log that shows different trees to different
// people. An opening given away binds the leaf to one account id for good.
#ifndef SUBROSA_SRC_AUDIT_RECEIPT_H_
#define SUBROSA_SRC_AUDIT_RECEIPT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/checkpoint.h"
#include "src/audit/cosignatures.h"
#include "src/audit/leaf.h"
#include "src/audit/tlog_proof.h"
#include "src/crypto/commitment.h"
#include "src/crypto/signed_note.h"

namespace subrosa {

// What opens one of a leaf's commitments.
struct LeafOpening {
  uint16_t commitment = 0;  // Which, from 0.
  Opening opening = {};
  std::string detail;  // What was committed to beside the account id.
};

// A receipt's extra, and back. INVALID_ARGUMENT ("receipt.extra…") for bytes
// that are nothing of the kind.
struct ReceiptExtra {
  std::string leaf;  // Its bytes.
  std::optional<LeafOpening> opening;
};
std::string SerializeReceiptExtra(const ReceiptExtra& extra);
absl::StatusOr<ReceiptExtra> ParseReceiptExtra(absl::string_view bytes);

// What a receipt proves.
struct VerifiedReceipt {
  uint64_t index = 0;
  Leaf leaf;
  Checkpoint checkpoint;
  std::vector<SeenByWitness> witnesses;
  std::optional<LeafOpening> opening;
};

// Verifies a receipt: its checkpoint is signed by one of `keys`, and its leaf
// is in that tree. Cosignatures by `witnesses` (keys of kNoteTypeCosignature)
// are verified too; a false one is refused, one by another is ignored.
//
// INVALID_ARGUMENT if it is malformed or proves nothing; PERMISSION_DENIED if
// none of `keys` signed it.
absl::StatusOr<VerifiedReceipt> VerifyReceipt(
    absl::string_view receipt, absl::Span<const NoteKey> keys,
    absl::Span<const NoteKey> witnesses);

// Returns OK if the receipt's opening shows that its leaf is about `consumer`,
// an account id. FAILED_PRECONDITION if it carries no opening;
// PERMISSION_DENIED if it is about another, or the opening was altered.
absl::Status CheckConsumer(const VerifiedReceipt& receipt,
                           absl::string_view consumer);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_RECEIPT_H_
