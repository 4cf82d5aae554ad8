#include "src/exports/set_draft.h"

#include <cstddef>
#include <cstring>

#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// Larger than what most consumers have of a type.
constexpr size_t kPieceBytes = 64 << 10;

// Stands before each part. It never leaves the process but sealed.
struct Head {
  uint64_t bytes;
  uint32_t consumer;
  uint32_t records;
};

}  // namespace

absl::StatusOr<std::unique_ptr<SetDraft>> SetDraft::Create(
    const std::string& folder) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<SealedScratch> scratch,
                           SealedScratch::Create(folder));
  return std::unique_ptr<SetDraft>(new SetDraft(std::move(scratch)));
}

absl::Status SetDraft::Add(const std::string& schema, const Part& part) {
  const Head head = {part.text.size(), part.consumer, part.records};
  Parts& parts = parts_[schema];
  parts.waiting.append(reinterpret_cast<const char*>(&head), sizeof(head));
  parts.waiting.append(part.text.data(), part.text.size());
  return parts.waiting.size() < kPieceBytes ? absl::OkStatus()
                                            : PutDown(&parts);
}

absl::Status SetDraft::PutDown(Parts* parts) {
  SUBROSA_ASSIGN_OR_RETURN(const SealedScratch::Piece piece,
                           scratch_->Put(parts->waiting));
  parts->pieces.push_back(piece);
  parts->waiting.clear();
  return absl::OkStatus();
}

absl::Status SetDraft::Visit(
    const std::string& schema,
    absl::FunctionRef<absl::Status(const Part& part)> visit) {
  Parts& parts = parts_[schema];
  if (!parts.waiting.empty()) SUBROSA_RETURN_IF_ERROR(PutDown(&parts));
  std::string opened;
  for (const SealedScratch::Piece& piece : parts.pieces) {
    SUBROSA_RETURN_IF_ERROR(scratch_->Get(piece, &opened));
    for (absl::string_view left = opened; !left.empty();) {
      Head head;
      std::memcpy(&head, left.data(), sizeof(head));
      left.remove_prefix(sizeof(head));
      SUBROSA_RETURN_IF_ERROR(
          visit({head.consumer, head.records, left.substr(0, head.bytes)}));
      left.remove_prefix(head.bytes);
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa
