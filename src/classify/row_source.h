// A RowSource gives the rows of a table one at a time, whatever it lies in: a
// file, a database. This room knows neither.
#ifndef SUBROSA_SRC_CLASSIFY_ROW_SOURCE_H_
#define SUBROSA_SRC_CLASSIFY_ROW_SOURCE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

class RowSource {
 public:
  virtual ~RowSource() = default;

  // Moves to the next row; false when there is none. A row that is none (of a
  // broken file) is passed over and counted by the source.
  virtual absl::StatusOr<bool> Next() = 0;

  // Names of the columns known so far, in the table's order. May grow with
  // Next: objects of JSON may bring new keys.
  virtual const std::vector<std::string>& columns() const = 0;

  // The present row's cells, one for each of columns() or fewer. Empty for no
  // value. Valid until Next.
  virtual const std::vector<absl::string_view>& cells() const = 0;

  // Of each of columns(), or of fewer, how many rows so far hold there what is
  // no text to judge and has no cell: a list, an object, bytes.
  virtual const std::vector<uint64_t>& unread() const = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_ROW_SOURCE_H_
