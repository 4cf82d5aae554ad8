// Whether a value has the form of a code of one system, with its check digit
// where the system has one. That it is one, only its column or record tells.
#ifndef SUBROSA_SRC_CLASSIFY_CODE_SHAPE_H_
#define SUBROSA_SRC_CLASSIFY_CODE_SHAPE_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace subrosa {

struct CodeShape {
  // URI of the system.
  absl::string_view system;

  // What people call it.
  absl::string_view name;

  // How well the form alone tells: 0.9 with a check digit, 0.6 for a form of
  // its own, 0 for plain numbers, which only the column's name can explain.
  double strength;

  bool (*fits)(absl::string_view value);
};

// True for what an NDC may be written as: three segments with dashes, or its 10
// or 11 digits alone.
bool IsNdcCode(absl::string_view code);

// The systems whose codes are looked for in columns.
absl::Span<const CodeShape> CodeShapes();

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_CODE_SHAPE_H_
