// Who the people of ingested files are at the service: what --consumer-from
// says.
#ifndef SUBROSA_TOOLS_SUBROSA_CONSUMER_SOURCE_H_
#define SUBROSA_TOOLS_SUBROSA_CONSUMER_SOURCE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/ingest/consumer_map.h"

namespace subrosa {

struct ConsumerSource {
  std::string consumer;                    // Of `id-file:FILE`; else empty.
  std::unique_ptr<const ConsumerMap> map;  // Of `map:FILE`; else null.
};

// Opens what `text` names: `file` for the files' own ids, `id-file:FILE` for
// files about one person, `map:FILE` for a ConsumerMap.
//
// INVALID_ARGUMENT for anything else; else errors as ReadConsumerId and
// ConsumerMap::Load.
absl::StatusOr<ConsumerSource> OpenConsumerSource(const std::string& text);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_CONSUMER_SOURCE_H_
