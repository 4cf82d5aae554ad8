// Tells samples of health platforms by the first bytes of their JSON.
#ifndef SUBROSA_SRC_INGEST_SAMPLE_LOOK_H_
#define SUBROSA_SRC_INGEST_SAMPLE_LOOK_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace subrosa {

// How much of a file is looked at for its platform.
inline constexpr size_t kSampleLookBytes = size_t{64} << 10;

// What the first bytes of an object, or of a list of them, tell.
enum class SampleLook {
  kNone,           // No sample of a platform that we read.
  kOpenMHealth,    // A `header` with a `schema_id`.
  kHealthConnect,  // A `metadata` beside a `type` or `recordType`.
  kMore,           // It takes more bytes to tell.
};

// Looks at the first object of `start`: the one that it begins with, the first
// of a list, or the first of the list `records` of an object that comes before
// others. White space is allowed.
SampleLook LookForSamples(absl::string_view start);

// True if `start`, an object, has a list `records` at its top level: it is a
// document of samples and none itself. False too if the end of `start` comes
// first.
bool HasRecordsList(absl::string_view start);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_SAMPLE_LOOK_H_
