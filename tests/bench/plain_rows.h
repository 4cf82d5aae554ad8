// The rows that the vault made, put into a plain SQLite table: the baseline of
// what storing them costs without keys, log and look-ups.
#ifndef SUBROSA_TESTS_BENCH_PLAIN_ROWS_H_
#define SUBROSA_TESTS_BENCH_PLAIN_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace subrosa {

class PlainRows {
 public:
  // Reads the records of the record store at `path` after row number `after`,
  // in the order in which they were put, and how their table was made. Ends the
  // program where that fails.
  static PlainRows Read(const std::string& path, int64_t after = 0);

  size_t size() const { return rows_.size(); }

  // Inserts all into the same table of the database at `path`, which is made if
  // it is not there: the same columns, indexes, sync, and `rows_at_once` a
  // transaction. Returns seconds.
  double InsertInto(const std::string& path, size_t rows_at_once) const;

 private:
  struct Column {
    std::string name;
    bool is_bytes;
  };
  // Integers apart from bytes.
  struct Row {
    std::vector<int64_t> integers;
    std::vector<std::string> bytes;
  };

  std::string schema_;
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_PLAIN_ROWS_H_
