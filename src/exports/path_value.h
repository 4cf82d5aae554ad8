// What a payload holds at a path (aggregate_policy.h).
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_EXPORTS_PATH_VALUE_H_
#define SUBROSA_SRC_EXPORTS_PATH_VALUE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "src/exports/aggregate_policy.h"

namespace subrosa {

// Appends the value in words; nothing where a message above it is not set.
// `path` is of the payload's type, and not empty. Errors of AppendFieldText.
absl::Status AppendTextAt(const google::protobuf::Message& payload,
                          const ValuePath& path, std::string* out);

// The number; nothing where it, or a message above it, is not set.
std::optional<double> NumberAt(const google::protobuf::Message& payload,
                               const ValuePath& path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_PATH_VALUE_H_
