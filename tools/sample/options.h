// The options of subrosa-sample, checked.
#ifndef SUBROSA_TOOLS_SAMPLE_OPTIONS_H_
#define SUBROSA_TOOLS_SAMPLE_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/sample/course.h"

namespace subrosa::sample {

enum class Format { kNdjson, kProtobuf, kFhir, kAppleHealth };

struct Options {
  Format format = Format::kNdjson;
  Span span;
  uint64_t first_consumer = 1;
  uint64_t consumers = 6;
  uint32_t records_per_consumer = 250;
  bool random_order = false;
  size_t record_bytes = 0;    // 0: as long as they come.
  uint64_t output_bytes = 0;  // 0: no limit. Stop after about this much.
  std::string resource;       // FHIR: only this type of resource, or all.
  std::string output = "-";   // A path; "-" is standard output.
};

struct Parsed {
  bool help = false;  // Then `options` means nothing; print `help_text`.
  std::string help_text;
  Options options;
};

// Reads the arguments after the program's name. INVALID_ARGUMENT, naming the
// option, what it wants and what it got, if they make no sense.
absl::StatusOr<Parsed> ParseOptions(const std::vector<std::string>& arguments);

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_OPTIONS_H_
