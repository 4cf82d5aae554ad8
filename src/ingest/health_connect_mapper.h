// A HealthConnectMapper makes records of JSON that holds records of Android's
// Health Connect, with the members' names of its API. Health Connect defines no
// JSON itself; docs/formats/ingest.md says what is taken.
#ifndef SUBROSA_SRC_INGEST_HEALTH_CONNECT_MAPPER_H_
#define SUBROSA_SRC_INGEST_HEALTH_CONNECT_MAPPER_H_

#include <memory>

#include "src/ingest/sample_mapper.h"

namespace subrosa {

// Thread-compatible. Its memory is reused from sample to sample.
class HealthConnectMapper {
 public:
  static std::unique_ptr<SampleMapper> Make();
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_HEALTH_CONNECT_MAPPER_H_
