// Payloads by the class of their message type, whether they were made of it or
// by a descriptor at run time.
#ifndef SUBROSA_SRC_EXPORTS_PAYLOAD_AS_H_
#define SUBROSA_SRC_EXPORTS_PAYLOAD_AS_H_

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace subrosa {

template <typename Payload>
bool PayloadIs(const google::protobuf::Descriptor& type) {
  return type.full_name() == Payload::descriptor()->full_name();
}

// `payload`, for which PayloadIs<Payload> holds; `copy` is used if it was not
// made of that class, and must live as long as what is returned.
template <typename Payload>
const Payload& PayloadAs(const google::protobuf::Message& payload,
                         Payload* copy) {
  const auto* const known = dynamic_cast<const Payload*>(&payload);
  if (known != nullptr) return *known;
  // Both are of one type, so that what one wrote the other reads.
  copy->ParsePartialFromString(payload.SerializePartialAsString());
  return *copy;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_PAYLOAD_AS_H_
