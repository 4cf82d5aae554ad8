// Times as HL7 version 3 writes them.
#ifndef SUBROSA_SRC_INGEST_CDA_TIME_H_
#define SUBROSA_SRC_INGEST_CDA_TIME_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "src/ingest/time_text.h"

namespace subrosa {

// HL7's TS: "2015", "201502", "20150227", "201502271430",
// "20150227143005.5-0500". What is left out stands for its first instant in
// UTC; without an offset the time counts as UTC. Absent if `text` is anything
// else. Source: HL7 V3 data types R1, TS literal form.
std::optional<TextTime> ParseCdaTime(absl::string_view text);

// The same, but what is left out stands for its last second: a period that ends
// "2015" ends with the year.
std::optional<TextTime> ParseCdaPeriodEnd(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_CDA_TIME_H_
