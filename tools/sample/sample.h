// Sample writes what the options ask for.
#ifndef SUBROSA_TOOLS_SAMPLE_SAMPLE_H_
#define SUBROSA_TOOLS_SAMPLE_SAMPLE_H_

#include "absl/status/status.h"
#include "tools/sample/options.h"
#include "tools/sample/output.h"

namespace subrosa::sample {

// Writes to `output` and flushes it. Memory does not depend on how much is
// written. Errors as Output::Flush.
absl::Status WriteSample(const Options& options, Output* output);

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_SAMPLE_H_
