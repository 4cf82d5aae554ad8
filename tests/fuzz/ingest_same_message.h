// Whether two messages mean the same.
#ifndef SUBROSA_TESTS_FUZZ_INGEST_SAME_MESSAGE_H_
#define SUBROSA_TESTS_FUZZ_INGEST_SAME_MESSAGE_H_

#include "google/protobuf/message.h"

namespace subrosa {

// True if the messages are equal, where NaN equals NaN and an Any equals one
// whose content means the same.
bool IsSameMessage(const google::protobuf::Message& a,
                   const google::protobuf::Message& b);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FUZZ_INGEST_SAME_MESSAGE_H_
