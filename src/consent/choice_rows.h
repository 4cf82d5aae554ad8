// ChoiceRows are the rows of the ledger of choices in the record store. Each
// names the row before it of the same consumer, and the consumer's state the
// last one (choice_states.h): so a choice costs a row at the end of a table,
// and none is put into an index at random.
//
// Thread-compatible, as its RecordStore. Errors are those of Connection,
// besides what is said below.
#ifndef SUBROSA_SRC_CONSENT_CHOICE_ROWS_H_
#define SUBROSA_SRC_CONSENT_CHOICE_ROWS_H_

#include <cstdint>
#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/store/connection.h"
#include "src/vault/record_store.h"

namespace subrosa {

struct ChoiceRow {
  int64_t row = 0;                 // None is given twice.
  absl::string_view consumer_ref;  // 16 bytes.
  uint64_t number = 0;             // Among the consumer's, from 1.
  int64_t previous = 0;            // The consumer's row before; 0: none.
  absl::string_view sealed;
};

class ChoiceRows {
 public:
  // `records` must outlive this.
  static absl::StatusOr<ChoiceRows> Open(RecordStore& records);

  // Which row was given last. The two below: within one transaction, in which
  // rows are given upwards from it.
  absl::StatusOr<int64_t> ReadLast();
  absl::Status Insert(const ChoiceRow& row);
  absl::Status WriteLast(int64_t last);

  // Hands over each row of `consumer_ref` up to `last_row`, its newest,
  // upwards; stops at the first error of `visit` and returns it. `visit` must
  // not write to the record store. DATA_LOSS if one is missing. Memory: some
  // bytes a row.
  absl::Status Visit(
      absl::string_view consumer_ref, int64_t last_row,
      absl::FunctionRef<absl::Status(uint64_t number, absl::string_view sealed)>
          visit);

  // Hands over whose rows were given after `after`, up to `last`; may repeat
  // some.
  absl::Status VisitConsumers(
      int64_t after, int64_t last,
      absl::FunctionRef<void(absl::string_view consumer_ref)> visit);

 private:
  explicit ChoiceRows(int64_t entity) : entity_(entity) {}

  int64_t entity_;
  std::unique_ptr<Statement> read_last_;
  std::unique_ptr<Statement> insert_;
  std::unique_ptr<Statement> write_last_;
  std::unique_ptr<Statement> visit_;
  std::unique_ptr<Statement> visit_consumers_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_CHOICE_ROWS_H_
