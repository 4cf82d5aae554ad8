#include "src/audit/receipt.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/audit/merkle.h"
#include "src/audit/tile.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"

namespace subrosa {
namespace {

constexpr absl::string_view kMagic = "SBX1";

absl::Status Malformed(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("receipt.extra", what));
}

template <typename Integer>
void Append(Integer value, std::string* out) {
  const BigEndianBytes<Integer> bytes(value);
  out->append(bytes.view().data(), bytes.view().size());
}

// Takes `size` bytes from the front of `rest`.
absl::StatusOr<absl::string_view> Take(absl::string_view field, size_t size,
                                       absl::string_view* rest) {
  if (rest->size() < size) {
    return Malformed(absl::StrCat(".", field, ": want ", size, " bytes, got ",
                                  rest->size()));
  }
  const absl::string_view taken = rest->substr(0, size);
  rest->remove_prefix(size);
  return taken;
}

template <typename Integer>
absl::StatusOr<Integer> TakeInteger(absl::string_view field,
                                    absl::string_view* rest) {
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view bytes,
                           Take(field, sizeof(Integer), rest));
  return LoadBigEndian<Integer>(reinterpret_cast<const uint8_t*>(bytes.data()));
}

absl::StatusOr<LeafOpening> TakeOpening(absl::string_view* rest) {
  LeafOpening opening;
  SUBROSA_ASSIGN_OR_RETURN(opening.commitment,
                           TakeInteger<uint16_t>("commitment", rest));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view bytes,
                           Take("opening", opening.opening.size(), rest));
  std::memcpy(opening.opening.data(), bytes.data(), bytes.size());
  SUBROSA_ASSIGN_OR_RETURN(const uint32_t size,
                           TakeInteger<uint32_t>("detail", rest));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view detail,
                           Take("detail", size, rest));
  opening.detail = std::string(detail);
  return opening;
}

}  // namespace

std::string SerializeReceiptExtra(const ReceiptExtra& extra) {
  std::string out(kMagic);
  Append(static_cast<uint16_t>(extra.leaf.size()), &out);
  absl::StrAppend(&out, extra.leaf);
  Append(static_cast<uint8_t>(extra.opening.has_value() ? 1 : 0), &out);
  if (!extra.opening.has_value()) return out;
  Append(extra.opening->commitment, &out);
  out.append(extra.opening->opening.begin(), extra.opening->opening.end());
  Append(static_cast<uint32_t>(extra.opening->detail.size()), &out);
  absl::StrAppend(&out, extra.opening->detail);
  return out;
}

absl::StatusOr<ReceiptExtra> ParseReceiptExtra(absl::string_view bytes) {
  absl::string_view rest = bytes;
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view magic,
                           Take("magic", kMagic.size(), &rest));
  if (magic != kMagic) {
    return Malformed(".magic: want version 1, got another or no extra of ours");
  }
  ReceiptExtra extra;
  SUBROSA_ASSIGN_OR_RETURN(const uint16_t size,
                           TakeInteger<uint16_t>("leaf", &rest));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view leaf,
                           Take("leaf", size, &rest));
  extra.leaf = std::string(leaf);
  SUBROSA_ASSIGN_OR_RETURN(const uint8_t openings,
                           TakeInteger<uint8_t>("openings", &rest));
  if (openings > 1) {
    return Malformed(absl::StrCat(".openings: want 0 or 1, got ", openings));
  }
  if (openings == 1) {
    SUBROSA_ASSIGN_OR_RETURN(extra.opening, TakeOpening(&rest));
  }
  if (!rest.empty()) {
    return Malformed(
        absl::StrCat(".end: want nothing after it, got ", rest.size()));
  }
  return extra;
}

absl::StatusOr<VerifiedReceipt> VerifyReceipt(
    absl::string_view receipt, absl::Span<const NoteKey> keys,
    absl::Span<const NoteKey> witnesses) {
  SUBROSA_ASSIGN_OR_RETURN(const TlogProof proof, ParseTlogProof(receipt));
  VerifiedReceipt verified;
  verified.index = proof.index;
  SUBROSA_ASSIGN_OR_RETURN(verified.checkpoint,
                           OpenCheckpoint(proof.checkpoint, keys));
  SUBROSA_ASSIGN_OR_RETURN(ReceiptExtra extra, ParseReceiptExtra(proof.extra));
  SUBROSA_RETURN_IF_ERROR(CheckInclusion(
      proof.index, verified.checkpoint.size, MerkleHasher().Leaf(extra.leaf),
      proof.proof, verified.checkpoint.root));
  SUBROSA_ASSIGN_OR_RETURN(verified.leaf, ParseLeaf(extra.leaf));
  if (extra.opening.has_value() &&
      extra.opening->commitment >= verified.leaf.commitments.size()) {
    return Malformed(absl::StrCat(".commitment: want less than ",
                                  verified.leaf.commitments.size(), ", got ",
                                  extra.opening->commitment));
  }
  verified.opening = std::move(extra.opening);
  SUBROSA_ASSIGN_OR_RETURN(const Note note, ParseNote(proof.checkpoint));
  absl::StatusOr<std::vector<SeenByWitness>> seen =
      VerifyCosignatures(note, witnesses);
  if (!seen.ok()) return Annotate(seen.status(), "receipt.checkpoint");
  verified.witnesses = *std::move(seen);
  return verified;
}

absl::Status CheckConsumer(const VerifiedReceipt& receipt,
                           absl::string_view consumer) {
  if (!receipt.opening.has_value()) {
    return absl::FailedPreconditionError(
        "receipt.extra: want an opening, which binds the leaf to a consumer, "
        "got none");
  }
  return Annotate(
      VerifyCommitment(receipt.leaf.commitments[receipt.opening->commitment],
                       receipt.opening->opening, kLeafConsumerLabel,
                       {consumer, receipt.opening->detail}),
      "receipt.consumer");
}

}  // namespace subrosa
