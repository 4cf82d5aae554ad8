// A PartSorter puts the fields of a message, which were written in the order of
// their text, into the order of their numbers: so equal messages give equal
// bytes.
//
// Thread-compatible. Its memory is reused from message to message.
#ifndef SUBROSA_SRC_INGEST_PART_SORTER_H_
#define SUBROSA_SRC_INGEST_PART_SORTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace subrosa {

// A stack: the parts of an inner message lie on those of the outer ones.
class PartSorter {
 public:
  // Drops all parts.
  void Clear() { parts_.clear(); }

  // How many there are; what Sort and Drop start from.
  size_t size() const { return parts_.size(); }

  // Notes that the bytes from `begin` to before `end` of the output are a part
  // that sorts by `order`. It starts where the one before it ends.
  void Add(uint64_t order, size_t begin, size_t end) {
    parts_.push_back({order, begin, end});
  }

  void SetOrder(size_t part, uint64_t order) { parts_[part].order = order; }

  // Puts the parts from number `first` on into order within `out`.
  void Sort(size_t first, std::string* out);

  // Forgets the parts from number `first` on.
  void Drop(size_t first) { parts_.resize(first); }

 private:
  struct Part {
    uint64_t order;
    size_t begin;
    size_t end;
  };

  std::vector<Part> parts_;
  std::string sorted_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_PART_SORTER_H_
