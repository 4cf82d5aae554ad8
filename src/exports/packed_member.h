// Files of an archive while they are made, any number of them side by side:
// what is appended is packed as the archive has it, sealed and put down by a
// pool of threads, until the archive takes it in its own order, when its length
// and digest are known.
#ifndef SUBROSA_SRC_EXPORTS_PACKED_MEMBER_H_
#define SUBROSA_SRC_EXPORTS_PACKED_MEMBER_H_

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/task_pool.h"
#include "src/crypto/age_io.h"
#include "src/crypto/sealed_scratch.h"
#include "src/crypto/sha256.h"
#include "src/exports/deflate_pieces.h"

namespace subrosa {

enum class Packing { kNone, kDeflate };

// What packing takes: threads, where packed pieces wait, a deflater for each
// thread. Thread-compatible.
class MemberPacker {
 public:
  // `pool` must outlive it. Pieces wait in `folder` (sealed_scratch.h), whose
  // errors it has.
  static absl::StatusOr<std::unique_ptr<MemberPacker>> Create(
      Packing packing, TaskPool* pool, const std::string& folder);

  Packing packing() const { return packing_; }
  TaskPool& pool() { return *pool_; }
  const SealedScratch& scratch() const { return *scratch_; }

  // Packs `content` and puts it down; for tasks of the pool.
  absl::StatusOr<SealedScratch::Piece> Put(size_t worker,
                                           absl::string_view content);

 private:
  MemberPacker(Packing packing, TaskPool* pool,
               std::unique_ptr<SealedScratch> scratch)
      : packing_(packing),
        pool_(pool),
        scratch_(std::move(scratch)),
        deflaters_(pool->workers()),
        packed_(pool->workers()) {}

  const Packing packing_;
  TaskPool* const pool_;
  const std::unique_ptr<SealedScratch> scratch_;
  std::vector<PieceDeflater> deflaters_;  // By worker, as the next.
  std::vector<std::string> packed_;
};

// Thread-compatible. Memory: a piece of content, at most kPieceBytes, and 16
// bytes for each piece that waits.
class PackedMember final : public ByteSink {
 public:
  // `packer` must outlive it.
  explicit PackedMember(MemberPacker* packer);
  // Waits until nothing of it is worked on.
  ~PackedMember() override;

  // Errors of packing and of putting down, some pieces late; they are final.
  absl::Status Append(absl::string_view bytes) override;

  // To be called once, after all content; what follows may be asked then.
  absl::Status Finish();

  uint64_t bytes() const { return bytes_; }
  const std::string& sha256() const { return sha256_; }  // 32 bytes.
  uint32_t crc32() const { return crc32_; }
  uint64_t packed_bytes() const { return packed_bytes_; }

  // Writes it, packed. Errors of `out` and SealedScratch::Get.
  absl::Status CopyTo(ByteSink* out) const;

 private:
  absl::Status SubmitPiece();

  MemberPacker* const packer_;
  Sha256 digest_;
  std::string piece_;
  uint64_t bytes_ = 0;
  uint64_t packed_bytes_ = 0;
  uint32_t crc32_ = 0;
  std::string sha256_;

  std::mutex mutex_;
  std::condition_variable is_done_;
  // All below are guarded by mutex_ until Finish.
  std::vector<SealedScratch::Piece> pieces_;
  size_t in_work_ = 0;
  absl::Status status_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_PACKED_MEMBER_H_
