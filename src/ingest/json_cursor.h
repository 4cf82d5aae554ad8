// A JsonCursor passes over JSON of any size, member by member, and keeps only
// the piece that is wanted. It knows strings, escapes and brackets, which is
// what finding a piece's end takes; whether the piece is JSON, its parser says.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_JSON_CURSOR_H_
#define SUBROSA_SRC_INGEST_JSON_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/ingest/buffered_input.h"

namespace subrosa {

// Where something stands in a file, in bytes.
struct JsonPiece {
  uint64_t offset = 0;
  size_t size = 0;
};

class JsonCursor {
 public:
  // Why a call returned false.
  enum class Fault {
    kNone,
    kEnd,     // The file ended.
    kBroken,  // What stands here cannot stand in JSON.
    kSystem,  // Reading failed; `status` says how.
  };

  // Keeps pieces of at most `max_kept_bytes`.
  JsonCursor(BufferedInput input, size_t max_kept_bytes)
      : input_(std::move(input)), max_kept_bytes_(max_kept_bytes) {}

  // From here on what is passed over is kept, or forgotten. Keeping starts anew
  // with each call.
  void Keep();
  void Forget();

  // True if what was to be kept since Keep() was more than may be.
  bool too_long() const { return too_long_; }

  // The bytes of `piece`, which has been kept and is not too long.
  // kJsonPaddingBytes are readable behind it. Valid until the next call of
  // anything that passes over more.
  absl::string_view Text(const JsonPiece& piece) const;

  // What comes next, at least `size` bytes unless the file ends before.
  bool Look(size_t size, absl::string_view* text);

  // Passes over `size` bytes, which Look has shown.
  void Pass(size_t size) { at_ += size; }

  // Passes over white space. `c` is what comes next and is not passed over.
  bool Next(char* c);

  // Passes over white space, then over `c`.
  bool Take(char c);

  // Passes over white space, then over a string. `piece` is what stands between
  // its quotes, escapes and all.
  bool TakeString(JsonPiece* piece);

  // Passes over white space, then over a value of any kind, however deep.
  bool TakeValue(JsonPiece* piece);

  Fault fault() const { return fault_; }
  const absl::Status& status() const { return status_; }

  // The offset of what comes next.
  uint64_t offset() const { return input_.offset() + at_; }

  BufferedInput* input() { return &input_; }

 private:
  // Makes text_[at_] readable.
  bool More() { return at_ < text_.size() || ReadMore(); }
  bool ReadMore();
  bool Stop(Fault fault);
  bool PassString();
  bool PassNested();
  bool PassScalar();

  BufferedInput input_;
  size_t max_kept_bytes_;
  absl::string_view text_;  // From input_.offset() on.
  size_t at_ = 0;
  bool keeps_ = false;
  bool too_long_ = false;
  Fault fault_ = Fault::kNone;
  absl::Status status_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_JSON_CURSOR_H_
