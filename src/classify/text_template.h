// Which labelled texts came out of one template: generated files have few
// sentences and many names in them. Rules that were made while looking at one
// part of a file are measured on another, and a template must not lie on both
// sides.
//
// Two texts are of one template if, with each label's text replaced by its
// type, digits by 0, letters in lower case and nothing kept but words, they are
// equal, or share their first eight words or their last eight. So near
// duplicates that begin or end alike stay together; texts that only share a
// middle do not.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_CLASSIFY_TEXT_TEMPLATE_H_
#define SUBROSA_SRC_CLASSIFY_TEXT_TEMPLATE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/classify/labelled_text.h"

namespace subrosa {

class TextTemplates {
 public:
  // The next text.
  void Add(const LabelledText& text);

  // How many templates there are.
  size_t count() const;

  // For each text, in the order added, whether it is of the held-out half: by a
  // hash of its template, so that the halves are the same on each run.
  std::vector<bool> HeldOut() const;

 private:
  size_t RootOf(size_t text) const;
  void Join(uint64_t key, size_t text);

  std::vector<size_t> parents_;
  std::vector<uint64_t> lowest_;  // Of a root: the lowest key of its texts.
  absl::flat_hash_map<uint64_t, size_t> first_with_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TEXT_TEMPLATE_H_
