#include "src/audit/witness_client.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "src/audit/checkpoint.h"
#include "src/audit/text_line.h"
#include "src/audit/witness_request.h"
#include "src/base/status_macros.h"
#include "src/crypto/cosignature.h"
#include "src/net/http_message.h"

namespace subrosa {
namespace {

// The size in a 409, if that is what it says.
absl::optional<uint64_t> SizeOf(const HttpResponse& response) {
  if (response.status != 409 || response.content_type != "text/x.tlog.size") {
    return absl::nullopt;
  }
  absl::string_view body = response.body;
  if (!absl::ConsumeSuffix(&body, "\n")) return absl::nullopt;
  return ReadDecimal(body);
}

// What a response other than 200 means for the log that asked.
absl::Status RefusedWith(int status) {
  const std::string message =
      absl::StrCat("want a cosignature, got status ", status);
  switch (status) {
    case 400:
    case 403:
    case 404:
    case 409:
    case 422:
      return absl::FailedPreconditionError(message);
    default:
      return absl::UnavailableError(message);
  }
}

// Asks the witness to cosign, from the size that it is believed to have seen.
absl::StatusOr<HttpResponse> Ask(const std::string& url, uint64_t old_size,
                                 absl::string_view signed_checkpoint,
                                 ProofFrom proof_from, HttpClient& http) {
  WitnessRequest request;
  request.old_size = old_size;
  request.checkpoint = std::string(signed_checkpoint);
  if (old_size != 0) {
    SUBROSA_ASSIGN_OR_RETURN(request.proof, proof_from(old_size));
  }
  if (request.proof.size() > kMaxWitnessProof) {
    return absl::InvalidArgumentError(
        absl::StrCat("proof: want at most ", kMaxWitnessProof, " hashes, got ",
                     request.proof.size()));
  }
  return http.Post(url, SerializeWitnessRequest(request),
                   "text/plain; charset=utf-8");
}

// Adds the cosignature by `key` among the signature lines `lines` to `note`.
absl::StatusOr<CosignedNote> TakeCosignature(Note note, absl::string_view lines,
                                             const NoteKey& key) {
  const absl::StatusOr<Note> answer =
      ParseNote(absl::StrCat(note.text, "\n", lines));
  if (!answer.ok()) {
    return absl::UnavailableError("want signature lines, got another answer");
  }
  for (const NoteSignature& signature : answer->signatures) {
    const absl::optional<absl::Time> at = CosignedAt(key, note.text, signature);
    if (!at.has_value()) continue;
    note.signatures.erase(
        std::remove_if(note.signatures.begin(), note.signatures.end(),
                       [&](const NoteSignature& older) {
                         return older.name == key.name() &&
                                older.key_id == key.id();
                       }),
        note.signatures.end());
    note.signatures.push_back(signature);
    return CosignedNote{SerializeNote(note), *at};
  }
  return absl::UnavailableError(
      "want a cosignature of this checkpoint by the witness's key, got none");
}

}  // namespace

WitnessClient::WitnessClient(const std::string& url, NoteKey key,
                             HttpClient& http)
    : url_(absl::StrCat(absl::StripSuffix(url, "/"), "/add-checkpoint")),
      key_(std::move(key)),
      http_(http) {}

absl::StatusOr<CosignedNote> WitnessClient::Cosign(
    absl::string_view signed_checkpoint, ProofFrom proof_from) {
  const std::string who = absl::StrCat("witness ", key_.name());
  if (key_.type() != kNoteTypeCosignature) {
    return absl::InvalidArgumentError(absl::StrCat(
        who, ".key.type: want ", kNoteTypeCosignature, ", got ", key_.type()));
  }
  SUBROSA_ASSIGN_OR_RETURN(Note note, ParseNote(signed_checkpoint));
  SUBROSA_ASSIGN_OR_RETURN(const Checkpoint checkpoint,
                           ParseCheckpoint(note.text));
  // A size that cannot be right is as good as none.
  uint64_t old_size = known_size_ <= checkpoint.size ? known_size_ : 0;
  absl::StatusOr<HttpResponse> response =
      Ask(url_, old_size, signed_checkpoint, proof_from, http_);
  if (!response.ok()) return Annotate(response.status(), who);
  const absl::optional<uint64_t> seen = SizeOf(*response);
  if (seen.has_value() && *seen != old_size) {
    if (*seen > checkpoint.size) {
      return absl::FailedPreconditionError(
          absl::StrCat(who, ": want a checkpoint of ", *seen,
                       " leaves or more, which it has "
                       "cosigned, got one of ",
                       checkpoint.size, ": this log is an old copy"));
    }
    old_size = *seen;
    response = Ask(url_, old_size, signed_checkpoint, proof_from, http_);
    if (!response.ok()) return Annotate(response.status(), who);
  }
  if (response->status != 200) {
    return Annotate(RefusedWith(response->status), who);
  }
  absl::StatusOr<CosignedNote> cosigned =
      TakeCosignature(std::move(note), response->body, key_);
  if (!cosigned.ok()) return Annotate(cosigned.status(), who);
  known_size_ = checkpoint.size;
  return cosigned;
}

}  // namespace subrosa
