// A FieldFault says what is wrong with a message and in which of its fields,
// put together from the inside out. It never holds a value.
#ifndef SUBROSA_SRC_INGEST_FIELD_FAULT_H_
#define SUBROSA_SRC_INGEST_FIELD_FAULT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace subrosa {

// Its functions return false, so that a reader of messages can return them.
class FieldFault {
 public:
  // Starts over: "want `want`, got `got`" here, whatever here is called.
  bool Wrong(absl::string_view want, absl::string_view got);

  // Here is the field `name`, or the element "[3]", of what surrounds it.
  bool In(absl::string_view name);

  // Starts over, and stays with the whole: no field is to blame.
  bool WrongAsWhole(absl::string_view want, absl::string_view got);

  // INVALID_ARGUMENT, `field.path: want …, got …`; `whole` is the path where no
  // field is to blame.
  absl::Status ToStatus(absl::string_view whole) const;

 private:
  bool is_whole_ = false;
  std::string path_;
  std::string want_;
  std::string got_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FIELD_FAULT_H_
