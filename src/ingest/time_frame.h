// When a data point of Open mHealth holds. Not for other headers: it draws in
// simdjson.
#ifndef SUBROSA_SRC_INGEST_TIME_FRAME_H_
#define SUBROSA_SRC_INGEST_TIME_FRAME_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Which time frames a type takes.
struct TimeFrameRule {
  bool needs_interval = false;    // A measure of a span has no single instant.
  bool takes_part_of_day = true;  // omh:time-frame:1.x does, IEEE 1752.1 not.
};

// Sets `effective` from `frame`, which stands at `path`: an instant
// (`date_time`), or an interval of two of start, end and duration, or of a date
// and a part of the day. Such a date has no zone, so it stands for its whole
// day in UTC, and `given_start` says "2024-05-01 morning". A time that follows
// from a duration has no given text.
//
// INVALID_ARGUMENT, `path…: want …, got …`, for anything else. `effective` is
// then unspecified.
absl::Status SetTimeFrame(simdjson::dom::object frame, absl::string_view path,
                          TimeFrameRule rule, v1::Effective* effective);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_TIME_FRAME_H_
