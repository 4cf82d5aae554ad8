// Maps one sample of a health platform, and stops where its mapper breaks its
// word.
#ifndef SUBROSA_TESTS_FUZZ_INGEST_SAME_SAMPLE_H_
#define SUBROSA_TESTS_FUZZ_INGEST_SAME_SAMPLE_H_

#include "absl/strings/string_view.h"
#include "src/ingest/sample_mapper.h"

namespace subrosa {

// Aborts unless `json` is refused with nothing but INVALID_ARGUMENT, or is kept
// whole with a type, and is mapped to the same record again.
void MapSample(absl::string_view json, SampleMapper* mapper);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FUZZ_INGEST_SAME_SAMPLE_H_
