// An incident as an officer wrote it, the clocks that it starts, and the notice
// to those whom it concerns. Every period and number comes from the packs that
// the policy names: none applies, none runs.
//
// Whether something is a breach of which anybody has to be told is for the
// entity and its counsel to say.
//
// Thread-safe: no state.
//
// Source: 16 CFR part 318, by the pack us-ftc-hbnr.
#ifndef SUBROSA_SRC_REQUEST_INCIDENT_H_
#define SUBROSA_SRC_REQUEST_INCIDENT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/law/law_book.h"
#include "subrosa/v1/incident.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

inline constexpr size_t kMaxIncidentBytes = size_t{64} << 10;

// Reads `text`, a v1::Incident in protobuf's text format; `name` appears in
// errors. INVALID_ARGUMENT, `name:line: incident.…: want …, got …`, for text
// that is none, or breaks what incident.proto says.
absl::StatusOr<v1::Incident> ParseIncident(absl::string_view name,
                                           absl::string_view text);

struct IncidentClock {
  const LawEntry* rule = nullptr;
  v1::ClockStep step = v1::CLOCK_STEP_UNSPECIFIED;
  absl::CivilDay last_day;  // In the pack's zone.
  bool is_met = false;
  absl::CivilDay met_on;  // Where it is met.

  // Whether its last day passed before it was met, or before `today`.
  bool IsLate(absl::CivilDay today) const {
    return (is_met ? met_on : today) > last_day;
  }
};

// What has to be told to whom by when: what is not met first, and of these what
// is due first. Where the number of those concerned is not known, every rule
// runs that would for many. The yearly log runs where no rule has the regulator
// told at once.
absl::StatusOr<std::vector<IncidentClock>> IncidentClocksOf(
    const LawBook& book, const v1::Policy& policy,
    const v1::Incident& incident);

// A notice to everybody, for those who could not be reached.
struct SubstituteNotice {
  const LawEntry* rule = nullptr;  // The one that asks for it.
  // By how long it has to stand; null where no rule says.
  const LawEntry* stands = nullptr;
  // In UTC: the last day on which it has to stand; absent while it does not
  // stand yet, or `stands` is null.
  std::optional<absl::CivilDay> until;
};

// Absent where no rule asks for one: too few could not be reached.
absl::StatusOr<std::optional<SubstituteNotice>> SubstituteNoticeOf(
    const LawBook& book, const v1::Policy& policy,
    const v1::Incident& incident);

struct IncidentNotice {
  std::string text;
  // What a rule has it say and the incident does not yet, in the rule's words.
  std::vector<std::string> missing;
};

// The notice, filled in as far as the incident says; where something is missing
// stands "[to be filled in: …]". FAILED_PRECONDITION where no pack of the
// policy has a notice written.
absl::StatusOr<IncidentNotice> WriteIncidentNotice(
    const LawBook& book, const v1::Policy& policy,
    const v1::Incident& incident);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_INCIDENT_H_
