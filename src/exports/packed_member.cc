#include "src/exports/packed_member.h"

#include <algorithm>
#include <utility>

#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<std::unique_ptr<MemberPacker>> MemberPacker::Create(
    Packing packing, TaskPool* pool, const std::string& folder) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<SealedScratch> scratch,
                           SealedScratch::Create(folder));
  return std::unique_ptr<MemberPacker>(
      new MemberPacker(packing, pool, std::move(scratch)));
}

absl::StatusOr<SealedScratch::Piece> MemberPacker::Put(
    size_t worker, absl::string_view content) {
  if (packing_ == Packing::kNone) return scratch_->Put(content);
  std::string& packed = packed_[worker];
  SUBROSA_RETURN_IF_ERROR(deflaters_[worker].Pack(content, &packed));
  return scratch_->Put(packed);
}

PackedMember::PackedMember(MemberPacker* packer) : packer_(packer) {
  digest_.Begin();
}

PackedMember::~PackedMember() {
  std::unique_lock<std::mutex> lock(mutex_);
  is_done_.wait(lock, [this] { return in_work_ == 0; });
}

absl::Status PackedMember::Append(absl::string_view bytes) {
  digest_.Add(bytes);
  crc32_ = Crc32(crc32_, bytes);
  bytes_ += bytes.size();
  while (!bytes.empty()) {
    const size_t room = PieceDeflater::kPieceBytes - piece_.size();
    const absl::string_view part = bytes.substr(0, room);
    piece_.append(part.data(), part.size());
    bytes.remove_prefix(part.size());
    if (part.size() == room) SUBROSA_RETURN_IF_ERROR(SubmitPiece());
  }
  return absl::OkStatus();
}

absl::Status PackedMember::SubmitPiece() {
  size_t number;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    SUBROSA_RETURN_IF_ERROR(status_);
    number = pieces_.size();
    pieces_.emplace_back();
    ++in_work_;
  }
  auto content = std::make_shared<std::string>(std::move(piece_));
  piece_ = std::string();
  packer_->pool().Submit([this, number, content](size_t worker) {
    const absl::StatusOr<SealedScratch::Piece> put =
        packer_->Put(worker, *content);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (put.ok()) pieces_[number] = *put;
    status_.Update(put.status());
    --in_work_;
    // Under the lock: whoever waits may destroy this as soon as it is free.
    is_done_.notify_all();
  });
  return absl::OkStatus();
}

absl::Status PackedMember::Finish() {
  if (!piece_.empty()) SUBROSA_RETURN_IF_ERROR(SubmitPiece());
  const auto digest = digest_.Finish();
  sha256_.assign(reinterpret_cast<const char*>(digest.data()), digest.size());
  std::unique_lock<std::mutex> lock(mutex_);
  is_done_.wait(lock, [this] { return in_work_ == 0; });
  SUBROSA_RETURN_IF_ERROR(status_);
  for (const SealedScratch::Piece& piece : pieces_) {
    packed_bytes_ += piece.bytes;
  }
  if (packer_->packing() == Packing::kDeflate) {
    packed_bytes_ += kDeflateEnd.size();
  }
  return absl::OkStatus();
}

absl::Status PackedMember::CopyTo(ByteSink* out) const {
  std::string packed;
  for (const SealedScratch::Piece& piece : pieces_) {
    SUBROSA_RETURN_IF_ERROR(packer_->scratch().Get(piece, &packed));
    SUBROSA_RETURN_IF_ERROR(out->Append(packed));
  }
  return packer_->packing() == Packing::kDeflate ? out->Append(kDeflateEnd)
                                                 : absl::OkStatus();
}

}  // namespace subrosa
