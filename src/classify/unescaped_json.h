// A UnescapedJson is what a string of JSON says, its escapes read as what they
// stand for, and where in the JSON each of its bytes stands. Internal to this
// room.
//
// Thread-compatible. To be used again for the next string.
#ifndef SUBROSA_SRC_CLASSIFY_UNESCAPED_JSON_H_
#define SUBROSA_SRC_CLASSIFY_UNESCAPED_JSON_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace subrosa {

class UnescapedJson {
 public:
  UnescapedJson() = default;
  UnescapedJson(const UnescapedJson&) = delete;
  UnescapedJson& operator=(const UnescapedJson&) = delete;

  // Takes `text`, which must live on, as it stands: it begins at 0.
  void SetPlain(absl::string_view text);

  // Takes `raw`, what stands between quotes and must live on; `begin` is where.
  // Any bytes are safe: an escape that is none loses its backslash, and halves
  // of a pair become U+FFFD.
  void Unescape(absl::string_view raw, size_t begin);

  absl::string_view text() const { return text_; }

  // True if bytes of the text stand one after another in the JSON.
  bool is_plain() const { return places_.empty(); }

  // Where byte `i` of the text stands; of an escape, where that begins. Of the
  // text's end, where the string ends.
  size_t PlaceOf(size_t i) const {
    return is_plain() ? begin_ + i : places_[i];
  }

 private:
  // Appends what the escape at the begin of `raw` stands for. Returns its size.
  size_t AppendEscape(absl::string_view raw);

  absl::string_view text_;
  size_t begin_ = 0;
  std::string room_;
  std::vector<size_t> places_;  // Of each byte of the room, and of its end.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_UNESCAPED_JSON_H_
