// Takes the statement of a certificate apart, piece by piece. The first piece
// that is not as it should be ends the reading: what follows is empty or 0.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_ERASURE_STATEMENT_READER_H_
#define SUBROSA_SRC_ERASURE_STATEMENT_READER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace subrosa {

class StatementReader {
 public:
  // `text` must outlive it.
  explicit StatementReader(absl::string_view text) : rest_(text) {}

  bool ok() const { return status_.ok(); }
  // INVALID_ARGUMENT with the line and what was wanted there.
  const absl::Status& status() const { return status_; }

  // Whether `literal` comes next; TryTake takes it then.
  bool IsNext(absl::string_view literal) const;
  bool TryTake(absl::string_view literal);

  // Each takes what it names, and wants it there: a literal, a whole line, the
  // end of a line.
  void Take(absl::string_view literal);
  void Line(absl::string_view line);
  void EndLine() { Take("\n"); }

  // After `before`: a date as days since 1970-01-01; a number below 2^31; one
  // character and the end of its line; up to the next comma or end of line; to
  // the end of the line, which is taken too; and 16 bytes in hexadecimal that
  // end their line.
  int32_t Day(absl::string_view before);
  uint64_t Number(absl::string_view before);
  char Letter(absl::string_view before);
  std::string Word(absl::string_view before);
  std::string Rest(absl::string_view before);
  std::string Hex(absl::string_view before);

 private:
  void Fail(absl::string_view want);

  absl::string_view rest_;
  int line_ = 1;
  absl::Status status_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_STATEMENT_READER_H_
