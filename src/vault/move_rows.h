// How a rotation goes through a table of any size: in batches of rows that are
// read, sealed anew and written, so that memory is bounded and other writers
// come in between. One batch is sealed while the one before it is written.
#ifndef SUBROSA_SRC_VAULT_MOVE_ROWS_H_
#define SUBROSA_SRC_VAULT_MOVE_ROWS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <future>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"

namespace subrosa {

// Rows that are written in one transaction: so long writers wait.
inline constexpr size_t kRowsPerTransaction = 16384;

// What has another size than it should is kept as zeros, which open nowhere.
template <size_t size>
void CopyBytes(absl::string_view from, std::array<char, size>* to) {
  to->fill(0);
  if (from.size() == size) from.copy(to->data(), size);
}

// Some rows of a table in their order, and how many erasures there were when
// they were read. None if there is no more to do.
template <typename Row>
struct RowBatch {
  std::vector<Row> rows;
  int64_t last_row = 0;
  int64_t erasures = 0;
};

// Calls `seal(row)` for each row, on `processors` of them. Returns one of the
// errors.
template <typename Row, typename Seal>
absl::Status SealRows(size_t processors, const Seal& seal,
                      std::vector<Row>* rows) {
  std::vector<absl::Status> statuses(processors);
  OnProcessors(processors, [&](size_t which, size_t of) {
    absl::Status status;
    for (size_t i = which; i < rows->size() && status.ok(); i += of) {
      status = seal((*rows)[i]);
    }
    statuses[which] = status;
  });
  for (const absl::Status& status : statuses) {
    SUBROSA_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

// Moves all rows. `read(after)` returns a StatusOr<RowBatch<Row>> of the rows
// after row `after`; `seal(row)` seals one anew, in any thread, and
// `order(rows)` puts a batch in the order to be written; `write(batch)` is
// called in this one. Stops at the first error and returns it.
template <typename Row, typename Read, typename Seal, typename Order,
          typename Write>
absl::Status MoveRows(const Read& read, const Seal& seal, const Order& order,
                      const Write& write) {
  const auto prepare = [&](size_t processors,
                           RowBatch<Row>* batch) -> absl::Status {
    SUBROSA_RETURN_IF_ERROR(SealRows(processors, seal, &batch->rows));
    order(batch->rows);
    return absl::OkStatus();
  };
  SUBROSA_ASSIGN_OR_RETURN(RowBatch<Row> batch, read(0));
  SUBROSA_RETURN_IF_ERROR(prepare(ProcessorCount(), &batch));
  // One processor writes, and should not be kept from it.
  const size_t spare = std::max<size_t>(1, ProcessorCount() - 1);
  while (!batch.rows.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(RowBatch<Row> next, read(batch.last_row));
    std::future<absl::Status> sealed =
        std::async(std::launch::async, [&] { return prepare(spare, &next); });
    const absl::Status written = write(batch);
    SUBROSA_RETURN_IF_ERROR(sealed.get());
    SUBROSA_RETURN_IF_ERROR(written);
    batch = std::move(next);
  }
  return absl::OkStatus();
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_MOVE_ROWS_H_
