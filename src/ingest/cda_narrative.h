// A CdaNarrative remembers the words of a C-CDA section's text by the IDs of
// its elements, so that a code that says its words by `<reference
// value="#id"/>` is known by them (C-CDA R2.1 Volume 1, section 4.2.4; CDA R2
// `NarrativeBlock`).
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_CDA_NARRATIVE_H_
#define SUBROSA_SRC_INGEST_CDA_NARRATIVE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace subrosa {

// Appends `text` to `words`, with one space for white space of any length and
// none at either end of `words`. What would make it longer than `max_bytes` is
// left out, at a character's end.
void AppendWords(absl::string_view text, size_t max_bytes, std::string* words);

class CdaNarrative {
 public:
  // Of one element: its words beyond are left out.
  static constexpr size_t kMaxWordsBytes = 1024;
  // Of one ID: an element with a longer one is not remembered.
  static constexpr size_t kMaxIdBytes = 64;

  // An element begins; `id` is its ID, empty if it has none. Once IDs and words
  // fill `room_bytes`, neither further ones nor more words are remembered.
  void Start(absl::string_view name, absl::string_view id, size_t room_bytes);
  void Text(absl::string_view text);
  void End(absl::string_view name);

  // All elements that are open have ended: no more comes of them.
  void Drop() { open_.clear(); }

  // The words of the element with `id` and of all within it. Empty if there is
  // none, and if several have the ID: nobody can say which is meant. Valid
  // until the next call that is not const.
  absl::string_view Find(absl::string_view id) const;

  // How much of the room is taken.
  size_t size_bytes() const { return size_bytes_; }

 private:
  static constexpr int kNone = -1;

  std::vector<std::string> words_;
  std::vector<int> open_;  // Index in words_ of each open element, or kNone.
  absl::flat_hash_map<std::string, int> by_id_;  // kNone: several have it.
  size_t size_bytes_ = 0;
  size_t room_bytes_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_CDA_NARRATIVE_H_
