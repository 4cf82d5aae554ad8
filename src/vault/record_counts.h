// RecordCounts keep, in the record store's table `record_count`, how many
// records are held of each shape: alike in type, source, purpose, categories
// and labels. So a notice is made from a few rows however many records there
// are. What is counted is the newest revision of each record, as long as its
// row stands: one whose key is destroyed counts until it is swept.
//
// Changes add up in memory while a transaction lasts and are written with its
// commit, one statement for each shape that changed. So the table is right
// after every transaction, and a batch pays for its shapes and not for its
// records.
//
// Thread-compatible. Errors are those of Connection.
//
// Security: the table says nothing that the rows of `record` do not say. A
// shape of which nothing is held any more has no row.
#ifndef SUBROSA_SRC_VAULT_RECORD_COUNTS_H_
#define SUBROSA_SRC_VAULT_RECORD_COUNTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/store/connection.h"

namespace subrosa {

// As rows have it: words by their numbers.
struct RecordShape {
  int64_t schema = 0;
  int64_t source = 0;
  int64_t purpose = 0;
  int64_t categories = 0;  // As CategoriesColumn has them.
  int64_t labels = 0;

  template <typename H>
  friend H AbslHashValue(H hash, const RecordShape& shape) {
    return H::combine(std::move(hash), shape.schema, shape.source,
                      shape.purpose, shape.categories, shape.labels);
  }
  friend bool operator==(const RecordShape& a, const RecordShape& b) {
    return std::tie(a.schema, a.source, a.purpose, a.categories, a.labels) ==
           std::tie(b.schema, b.source, b.purpose, b.categories, b.labels);
  }
};

struct ShapeCount {
  RecordShape shape;
  int64_t records = 0;
};

class RecordCounts final : public DeferredWrites {
 public:
  // Of the entity with the number `entity`. `database` must outlive this.
  static absl::StatusOr<std::unique_ptr<RecordCounts>> Open(
      Connection& database, int64_t entity);

  // Begins a transaction that these counts are written with.
  absl::StatusOr<Transaction> Begin();
  bool is_open() const { return is_open_; }

  // Within such a transaction: `change` records more of `shape`, or fewer.
  void Add(const RecordShape& shape, int64_t change) {
    changes_[shape] += change;
  }

  absl::Status Write() override;
  void End() override;

  // The shapes of which records are held, in no order.
  absl::StatusOr<std::vector<ShapeCount>> Read();

 private:
  RecordCounts(Connection& database, int64_t entity)
      : database_(database), entity_(entity) {}
  absl::Status Run(Statement& statement, const RecordShape& shape) const;

  Connection& database_;
  const int64_t entity_;
  bool is_open_ = false;
  absl::flat_hash_map<RecordShape, int64_t> changes_;
  std::unique_ptr<Statement> add_;
  std::unique_ptr<Statement> drop_;
  std::unique_ptr<Statement> read_;
};

// What the rows say beside what the table does, of all entities.
struct CountsCheck {
  int64_t records = 0;     // By the rows.
  int64_t counted = 0;     // By the table.
  int64_t shapes_off = 0;  // Of which the two say different numbers.
};

// Counts the rows of `database`, a record store's that is up to date; no key is
// used. A pass over all rows, with a search for each.
absl::StatusOr<CountsCheck> CheckRecordCounts(Connection& database);

// Writes the table anew from the rows, in one transaction.
absl::Status CountRecordsAnew(Connection& database);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RECORD_COUNTS_H_
