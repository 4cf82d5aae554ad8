// SignalCounts keep, in the record store's table `signal_count`, how many
// opt-out signals of browsers were taken as choices, by the year of their
// leaves and the place under whose law they were: so that a report reads some
// rows, and not the whole log. The ledger of choices changes them in the
// transaction in which it writes a signal and its leaf.
//
// Signals that were taken before they were counted, and those that came after
// the copy of a store that was put back, are in the log alone. What the store
// knows of it is a day: what is counted is complete from the year after it on.
//
// Thread-compatible, as its RecordStore. Errors are those of Connection.
//
// Security: in clear, as the log's leaves say the same of each: kind, place and
// day, of nobody. docs/threat_model.md has more.
#ifndef SUBROSA_SRC_VAULT_SIGNAL_COUNTS_H_
#define SUBROSA_SRC_VAULT_SIGNAL_COUNTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/vault/record_store.h"

namespace subrosa {

// By year and jurisdiction (ISO 3166-2, as in the leaf): how many more.
using NewSignals = std::map<std::pair<int32_t, std::string>, int64_t>;

struct SignalsOfYear {
  int64_t all = 0;
  std::map<std::string, int64_t> by_jurisdiction;
};

class SignalCounts {
 public:
  // `records` must outlive this.
  explicit SignalCounts(RecordStore& records) : records_(records) {}

  // Within a transaction: a statement for each of `signals`, and one more.
  // `today`, here and below, is counted in days from 1970-01-01.
  absl::Status Add(const NewSignals& signals, int32_t today);

  // Nothing if not all signals of `year` were counted: they are in the log.
  absl::StatusOr<std::optional<SignalsOfYear>> Read(int32_t year,
                                                    int32_t today);

  // Within a transaction: some signals until `today` may not be counted.
  absl::Status MarkIncomplete(int32_t today);

 private:
  // That a store of before anything was counted has been so from `today` on.
  absl::Status SettleStart(int32_t today);

  RecordStore& records_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_SIGNAL_COUNTS_H_
