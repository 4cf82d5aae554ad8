#include "src/exports/deflate_pieces.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <string.h>

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

// What cannot be packed is stored, in blocks with some bytes of their own.
constexpr size_t MostPacked(size_t bytes) {
  return bytes + bytes / 1024 + 4096;
}

// ISA-L's functions take what they only read as if they wrote it.
uint8_t* Bytes(const char* bytes) {
  return const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(bytes));
}

}  // namespace

struct PieceDeflater::State {
  isal_zstream stream;
  uint8_t level[ISAL_DEF_LVL1_DEFAULT];
};

PieceDeflater::PieceDeflater() : state_(std::make_unique<State>()) {}

PieceDeflater::~PieceDeflater() { explicit_bzero(state_.get(), sizeof(State)); }

absl::Status PieceDeflater::Pack(absl::string_view content,
                                 std::string* packed) {
  isal_zstream& stream = state_->stream;
  isal_deflate_stateless_init(&stream);
  stream.level = 1;
  stream.level_buf = state_->level;
  stream.level_buf_size = sizeof(state_->level);
  // Ends on a whole byte, and looks back no further.
  stream.flush = FULL_FLUSH;
  stream.end_of_stream = 0;
  packed->resize(MostPacked(content.size()));
  stream.next_in = Bytes(content.data());
  stream.avail_in = static_cast<uint32_t>(content.size());
  stream.next_out = Bytes(packed->data());
  stream.avail_out = static_cast<uint32_t>(packed->size());
  const int result = isal_deflate_stateless(&stream);
  if (result != COMP_OK || stream.avail_in != 0) {
    return absl::InternalError(
        absl::StrCat("deflate: want a piece packed, got ", result));
  }
  packed->resize(stream.total_out);
  return absl::OkStatus();
}

uint32_t Crc32(uint32_t crc, absl::string_view bytes) {
  return crc32_gzip_refl(crc, Bytes(bytes.data()), bytes.size());
}

}  // namespace subrosa
