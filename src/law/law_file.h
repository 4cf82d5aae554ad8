// Reads packs and calendars, strictly: a rule that is wrong is worse than none.
#ifndef SUBROSA_SRC_LAW_LAW_FILE_H_
#define SUBROSA_SRC_LAW_LAW_FILE_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

// The longest file that is read, in bytes.
inline constexpr size_t kMaxLawFileBytes = size_t{4} << 20;

// Reads `text`, a LawPack in protobuf's text format; `name` appears in errors.
//
// INVALID_ARGUMENT, `name:line: field.path: want …, got …`, for text that is no
// pack, for a rule without citation, certainty, room, demand or first day, for
// one whose last day is not after its first, for two rules of one id, and for a
// rule that follows another with days between them or in common. The message
// may quote the file, which holds no record.
absl::StatusOr<v1::LawPack> ParsePack(absl::string_view name,
                                      absl::string_view text);

// The same for a HolidayCalendar.
absl::StatusOr<v1::HolidayCalendar> ParseCalendar(absl::string_view name,
                                                  absl::string_view text);

// "2026-01-31". INVALID_ARGUMENT for what is no day of the calendar or lies
// outside the years 1900 to 2200.
absl::StatusOr<absl::CivilDay> ParseLawDay(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_LAW_LAW_FILE_H_
