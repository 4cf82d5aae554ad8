// The payload types that ship with Subrosa. Naming them here also links their
// descriptions in, so that a payload's type can be found by its name.
#ifndef SUBROSA_SRC_CLASSIFY_PAYLOAD_TYPES_H_
#define SUBROSA_SRC_CLASSIFY_PAYLOAD_TYPES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"

namespace subrosa {

// Every payload in proto/subrosa/v1, in no particular order. The span and the
// descriptors live as long as the program. Safe from any thread.
absl::Span<const google::protobuf::Descriptor* const> ShippedPayloads();

// The shipped payload with the full name `type_name`
// ("subrosa.v1.MoodCheckIn"), or null.
const google::protobuf::Descriptor* FindShippedPayload(
    absl::string_view type_name);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_PAYLOAD_TYPES_H_
