// The rows that recording choices made, put into a copy of the same record
// store by plain SQLite statements: the baseline of what storing them durably
// costs without checks, keys and seals.
#ifndef SUBROSA_TESTS_BENCH_PLAIN_CHOICES_H_
#define SUBROSA_TESTS_BENCH_PLAIN_CHOICES_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace subrosa {

class PlainChoices {
 public:
  // Copies the record store at `records` as it is now to the new file `copy`.
  // Ends the program where anything fails, as does the next.
  PlainChoices(std::string records, std::string copy);

  // Inserts into the copy what was recorded since: the entries, what stands
  // after them and as many entries of the outbox, as long as leaves are;
  // `at_once` entries a transaction, with the same sync. Returns entries a
  // second.
  double InsertSame(size_t at_once) const;

 private:
  const std::string records_;
  const std::string copy_;
  int64_t last_row_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_PLAIN_CHOICES_H_
