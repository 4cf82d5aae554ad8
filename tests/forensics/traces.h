// Looking for what ought to be gone: byte strings, in every file below a
// folder, in each form that they could lie there, and in this process's memory.
//
// Thread-compatible.
#ifndef SUBROSA_TESTS_FORENSICS_TRACES_H_
#define SUBROSA_TESTS_FORENSICS_TRACES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace subrosa {

class Traces {
 public:
  // Looks for `bytes`, at least eight of them, under `name` from now on. Kept
  // inverted, so that the search does not find itself.
  void Add(absl::string_view name, absl::string_view bytes);

  size_t size() const { return traces_.size(); }

  // "key-3 in keys.db-wal", for each that stands in a file below `folder`: as
  // it is or in hexadecimal.
  std::vector<std::string> FindInFiles(const std::string& folder) const;
  // Their names, if they stand in `content`.
  std::vector<std::string> FindIn(absl::string_view content) const;
  // Their names, if they stand in memory that this process can write to.
  std::vector<std::string> FindInMemory() const;

 private:
  struct Trace {
    std::string name;
    std::string inverted;
  };
  std::vector<Trace> traces_;
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FORENSICS_TRACES_H_
