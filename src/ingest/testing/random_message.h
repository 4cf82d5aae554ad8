// Messages filled at random, for tests that hold two readers against each other
// and for benchmarks.
#ifndef SUBROSA_SRC_INGEST_TESTING_RANDOM_MESSAGE_H_
#define SUBROSA_SRC_INGEST_TESTING_RANDOM_MESSAGE_H_

#include <random>

#include "google/protobuf/message.h"

namespace subrosa {

// Fills `message`, which is empty, with values that its type allows and that
// ProtoJSON can write: each field is left out about half the time, ends of
// ranges are frequent, enums are known, times in range, an Any holds a marked
// message. A Struct is left out.
void FillAtRandom(std::mt19937_64* random, google::protobuf::Message* message);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_TESTING_RANDOM_MESSAGE_H_
