#include "src/audit/tlog_proof.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "src/audit/checkpoint.h"
#include "src/audit/text_line.h"
#include "src/base/status_macros.h"
#include "src/crypto/base64.h"
#include "src/crypto/signed_note.h"

namespace subrosa {
namespace {

constexpr absl::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr absl::string_view kExtra = "extra ";
constexpr absl::string_view kIndex = "index ";

absl::Status Malformed(absl::string_view field, absl::string_view want) {
  return absl::InvalidArgumentError(
      absl::StrCat("receipt.", field, ": want ", want));
}

// The line at the front of `*text`; an empty one where no line is left, which
// nothing takes for what it looks for.
absl::string_view NextLine(absl::string_view* text) {
  return TakeLine(text).value_or(absl::string_view());
}

// Whether the text of `note` is a checkpoint, whoever signed it.
absl::Status CheckIsCheckpoint(absl::string_view note) {
  SUBROSA_ASSIGN_OR_RETURN(const Note parsed, ParseNote(note));
  return ParseCheckpoint(parsed.text).status();
}

}  // namespace

std::string SerializeTlogProof(const TlogProof& proof) {
  std::string text = absl::StrCat(kFirstLine, "\n");
  if (!proof.extra.empty()) {
    absl::StrAppend(&text, kExtra,
                    EncodeBase64(proof.extra, Base64Padding::kEquals), "\n");
  }
  absl::StrAppend(&text, kIndex, proof.index, "\n");
  for (const MerkleHash& hash : proof.proof) {
    absl::StrAppend(&text, WriteHash(hash), "\n");
  }
  absl::StrAppend(&text, "\n", proof.checkpoint);
  return text;
}

absl::StatusOr<TlogProof> ParseTlogProof(absl::string_view text) {
  if (text.size() > kMaxTlogProofBytes) {
    return Malformed("bytes", absl::StrCat("at most ", kMaxTlogProofBytes,
                                           ", got ", text.size()));
  }
  if (NextLine(&text) != kFirstLine) {
    return Malformed("version", absl::StrCat("a first line ", kFirstLine));
  }
  TlogProof proof;
  absl::string_view line = NextLine(&text);
  if (absl::ConsumePrefix(&line, kExtra)) {
    const absl::optional<std::string> extra =
        DecodeBase64(line, Base64Padding::kEquals);
    if (!extra.has_value() || extra->empty()) {
      return Malformed("extra", "bytes in canonical base64, or no such line");
    }
    proof.extra = *extra;
    line = NextLine(&text);
  }
  const bool has_index = absl::ConsumePrefix(&line, kIndex);
  const absl::optional<uint64_t> index = ReadDecimal(line);
  if (!has_index || !index.has_value()) {
    return Malformed("index", "a line with a number below 2^64 in decimal");
  }
  proof.index = *index;
  while (true) {
    const absl::optional<absl::string_view> next = TakeLine(&text);
    if (!next.has_value()) {
      return Malformed("checkpoint", "one, after an empty line");
    }
    if (next->empty()) break;
    const size_t count = proof.proof.size();
    if (count == kMaxInclusionProof) {
      return Malformed("proof", absl::StrCat("at most ", kMaxInclusionProof,
                                             " hashes, got more"));
    }
    const absl::optional<MerkleHash> hash = ReadHash(*next);
    if (!hash.has_value()) {
      return Malformed(absl::StrCat("proof[", count, "]"),
                       "32 bytes in canonical base64");
    }
    proof.proof.push_back(*hash);
  }
  SUBROSA_RETURN_IF_ERROR(Annotate(CheckIsCheckpoint(text), "receipt"));
  proof.checkpoint = std::string(text);
  return proof;
}

}  // namespace subrosa
