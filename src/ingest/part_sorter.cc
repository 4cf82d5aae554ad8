#include "src/ingest/part_sorter.h"

#include <algorithm>
#include <cstring>

namespace subrosa {

void PartSorter::Sort(size_t first, std::string* out) {
  if (parts_.size() == first) return;
  const auto begin = parts_.begin() + static_cast<std::ptrdiff_t>(first);
  const size_t offset = begin->begin;
  std::sort(begin, parts_.end(),
            [](const Part& a, const Part& b) { return a.order < b.order; });
  sorted_.clear();
  for (auto part = begin; part != parts_.end(); ++part) {
    sorted_.append(*out, part->begin, part->end - part->begin);
  }
  std::memcpy(&(*out)[offset], sorted_.data(), sorted_.size());
}

}  // namespace subrosa
