// What a decoder found in the fields that have a role.
#ifndef SUBROSA_SRC_INGEST_ROLE_VALUES_H_
#define SUBROSA_SRC_INGEST_ROLE_VALUES_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "src/ingest/time_text.h"

namespace subrosa {

// Of the top level of one message. The views are valid as long as the decoder
// that gave them says.
struct RoleValues {
  absl::string_view consumer;
  absl::string_view record_id;
  std::optional<TextTime> effective;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_ROLE_VALUES_H_
