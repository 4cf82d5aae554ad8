// Reads text as people see it, so that an identifier cannot be hidden by how
// its characters are written. Internal to this room.
//
// Folded are, each to the ASCII character that it looks like: full-width forms,
// the usual dashes, spaces, curly quotes and primes, and letters of Cyrillic
// and Greek that look like Latin ones; and digits of other scripts, each to the
// digit that it means. Dropped are characters without width: zero-width
// spaces and joiners, soft hyphens, marks of direction, variation selectors.
// Everything else, bytes that are no UTF-8 included, stays as it is.
#ifndef SUBROSA_SRC_CLASSIFY_TEXT_FOLD_H_
#define SUBROSA_SRC_CLASSIFY_TEXT_FOLD_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace subrosa {

// A piece of text as read, and where its bytes come from.
class FoldedText {
 public:
  // Forgets everything; the next byte appended is number 0 of the text.
  void Clear();

  // Appends `bytes` folded. Up to three bytes of a character that is not yet
  // whole wait for the next call, or for `Flush`.
  void Append(absl::string_view bytes);
  void Flush();

  // Appends a newline that is no byte of the text.
  void AppendFrame();

  // What is held: the first byte is number `base()` of the folded text.
  absl::string_view bytes() const { return bytes_; }
  size_t base() const { return base_; }
  size_t end() const { return base_ + bytes_.size(); }

  // Drops what lies before number `from` of the folded text.
  void DropBefore(size_t from);

  // Where the folded byte number `i` begins, and where it ends, in the text as
  // given. `i` must not be dropped yet.
  size_t OriginBegin(size_t i) const;
  size_t OriginEnd(size_t i) const;

 private:
  // From folded byte `folded` on, bytes come one by one from `origin` on; but
  // if `width` is not 0, this one byte stands for `width` of them.
  struct Run {
    size_t folded;
    size_t origin;
    size_t width;
  };

  void AppendCharacter(absl::string_view character);
  const Run& RunOf(size_t i) const;

  std::string bytes_;
  size_t base_ = 0;
  size_t origin_end_ = 0;
  std::vector<Run> runs_ = {{0, 0, 0}};
  std::string waiting_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TEXT_FOLD_H_
