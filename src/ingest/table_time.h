// A TableTime reads the times of one column, in the one format that a mapping
// gives it. Strict: what merely looks like a time is none.
//
// Immutable once made; safe to use from any thread.
#ifndef SUBROSA_SRC_INGEST_TABLE_TIME_H_
#define SUBROSA_SRC_INGEST_TABLE_TIME_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/ingest/time_text.h"
#include "subrosa/v1/mapping.pb.h"

namespace subrosa {

class TableTime {
 public:
  // Compiles `use`, whose comments in mapping.proto say what it may hold.
  //
  // INVALID_ARGUMENT, `format: …` or `zone: …`, for a format that is unknown,
  // that lacks year, month or day or holds a part twice, and for a zone that is
  // unknown, missing, or given beside an offset.
  static absl::StatusOr<TableTime> Make(const v1::TimeUse& use);

  // The instant that `text` says, with its offset from UTC where the text or
  // the zone gives one. Absent if `text` is not in the format, is no time of
  // the calendar, was never shown by the zone's clock, or was shown twice and
  // the mapping does not say which is meant.
  std::optional<TextTime> Parse(absl::string_view text) const;

 private:
  enum class Kind { kRfc3339, kUnixSeconds, kUnixMilliseconds, kPattern };

  // A directive's letter, or 0 for the literal in `literal`.
  struct Part {
    char directive = 0;
    char literal = 0;
    // The next part is digits too, so that this one has its full width.
    bool fixed_width = false;
  };
  struct Fields;

  absl::Status Compile(absl::string_view format);
  static bool Take(const Part& part, absl::string_view* text, Fields* fields);
  std::optional<TextTime> InZone(const Fields& fields) const;

  Kind kind_ = Kind::kPattern;
  std::vector<Part> parts_;
  bool has_offset_ = false;
  absl::TimeZone zone_;
  v1::RepeatedHour repeated_hour_ = v1::REPEATED_HOUR_UNSPECIFIED;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_TABLE_TIME_H_
