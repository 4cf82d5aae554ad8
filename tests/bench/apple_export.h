// A made-up export of Apple Health, of any size.
#ifndef SUBROSA_TESTS_BENCH_APPLE_EXPORT_H_
#define SUBROSA_TESTS_BENCH_APPLE_EXPORT_H_

#include <cstdint>
#include <string>

namespace subrosa {

// What stands before the first sample: declaration, document type, root.
std::string AppleExportStart();

// The `number`th sample: a heart rate, steps, a stage of sleep, now and then a
// workout, shaped as real exports are.
std::string AppleExportSample(uint64_t number);

// What ends it.
std::string AppleExportEnd();

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_APPLE_EXPORT_H_
