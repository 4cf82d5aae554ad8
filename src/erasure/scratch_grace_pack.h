// For tests: a statute, made up, that gives twenty days to delete and lets an
// erasure wait within them. None that ships does the latter.
#ifndef SUBROSA_SRC_ERASURE_SCRATCH_GRACE_PACK_H_
#define SUBROSA_SRC_ERASURE_SCRATCH_GRACE_PACK_H_

#include <string>

namespace subrosa {

// The pack "xx-grace", of Wyoming, as text (src/law/law_book.h).
inline std::string ScratchGracePack() {
  return R"(
    id: "xx-grace"
    title: "An act that is made up"
    jurisdiction: "US-WY"
    time_zone: "Etc/UTC"
    as_of: "2026-01-01"
    rule {
      id: "delete"
      citation: "Made up 1"
      text: "delete within twenty days"
      certainty: TEXT_CERTAINTY_STATUTE_READ
      from: "2026-01-01"
      room: ROOM_ERASURE
      deadline {
        request: REQUEST_KIND_DELETE
        step: CLOCK_STEP_DELETE_LIVE
        within { count: 20 unit: PERIOD_UNIT_CALENDAR_DAYS }
        start: CLOCK_START_RECEIPT
      }
    }
    rule {
      id: "grace"
      citation: "Made up 2"
      text: "the consumer may think better of it for some days"
      certainty: TEXT_CERTAINTY_STATUTE_READ
      from: "2026-01-01"
      room: ROOM_ERASURE
      duty { duty: "grace-before-deletion" }
    }
  )";
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_SCRATCH_GRACE_PACK_H_
