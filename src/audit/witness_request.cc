#include "src/audit/witness_request.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "src/audit/text_line.h"

namespace subrosa {
namespace {

absl::Status Malformed(absl::string_view field, absl::string_view want) {
  return absl::InvalidArgumentError(
      absl::StrCat("request.", field, ": want ", want));
}

}  // namespace

std::string SerializeWitnessRequest(const WitnessRequest& request) {
  std::string text = absl::StrCat("old ", request.old_size, "\n");
  for (const MerkleHash& hash : request.proof) {
    absl::StrAppend(&text, WriteHash(hash), "\n");
  }
  absl::StrAppend(&text, "\n", request.checkpoint);
  return text;
}

absl::StatusOr<WitnessRequest> ParseWitnessRequest(absl::string_view text) {
  if (text.size() > kMaxWitnessRequestBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("request: want at most ", kMaxWitnessRequestBytes,
                     " bytes, got ", text.size()));
  }
  WitnessRequest request;
  absl::string_view old_line = TakeLine(&text).value_or(absl::string_view());
  const absl::optional<uint64_t> old_size =
      absl::ConsumePrefix(&old_line, "old ") ? ReadDecimal(old_line)
                                             : absl::nullopt;
  if (!old_size.has_value()) {
    return Malformed("old", "a line \"old\" with a size in decimal");
  }
  request.old_size = *old_size;
  for (;;) {
    const absl::optional<absl::string_view> line = TakeLine(&text);
    if (!line.has_value()) {
      return Malformed("proof", "an empty line after it");
    }
    if (line->empty()) break;
    const size_t count = request.proof.size();
    if (count == kMaxWitnessProof) {
      return Malformed("proof", absl::StrCat("at most ", kMaxWitnessProof,
                                             " lines, got more"));
    }
    const absl::optional<MerkleHash> hash = ReadHash(*line);
    if (!hash.has_value()) {
      return Malformed(absl::StrCat("proof[", count, "]"),
                       "32 bytes in canonical base64");
    }
    request.proof.push_back(*hash);
  }
  if (text.empty()) return Malformed("checkpoint", "a signed note, got none");
  request.checkpoint = std::string(text);
  return request;
}

}  // namespace subrosa
