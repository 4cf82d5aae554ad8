// The shipped packs and calendars, as they stand in this folder. Internal to
// the room.
#ifndef SUBROSA_SRC_LAW_BUILT_IN_LAW_H_
#define SUBROSA_SRC_LAW_BUILT_IN_LAW_H_

#include <cstddef>

namespace subrosa {

struct BuiltInFile {
  const char* name;
  const char* text;
};

extern const BuiltInFile kBuiltInPacks[];
extern const size_t kBuiltInPacksCount;
extern const BuiltInFile kBuiltInCalendars[];
extern const size_t kBuiltInCalendarsCount;

// coverage.tsv alone.
extern const BuiltInFile kBuiltInCoverage[];
extern const size_t kBuiltInCoverageCount;

}  // namespace subrosa

#endif  // SUBROSA_SRC_LAW_BUILT_IN_LAW_H_
