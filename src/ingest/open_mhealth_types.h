// The types of Open mHealth's schemas that we map, and what their bodies hold
// (https://www.openmhealth.org/schemas, namespace `omh`).
#ifndef SUBROSA_SRC_INGEST_OPEN_MHEALTH_TYPES_H_
#define SUBROSA_SRC_INGEST_OPEN_MHEALTH_TYPES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/ingest/sample_units.h"

namespace subrosa {

enum class BodyKind {
  kQuantity,  // A number with one of a kind's units.
  kCount,     // The same, but a bare number before `quantity_since`.
  kNumber,    // A bare number.
  kWord,      // One of a list of words.
  kTruth,     // true or false.
  kName,      // Any text: what the sample was of.
};

struct BodyMember {
  absl::string_view name;
  BodyKind kind = BodyKind::kNumber;
  bool is_required = false;
  bool is_main = false;  // The sample's value, and not a part of it.
  UnitKind unit = UnitKind::kPercent;
  absl::Span<const absl::string_view> words;

  // Of kQuantity: the only units (as written) that this member takes of its
  // kind; empty for all of them.
  absl::Span<const absl::string_view> units;
};

// Versions count by their first number: 2.0 and 2.1 are version 2. 0: none.
struct OpenMHealthType {
  absl::string_view name;
  int last_version;         // Later ones are not mapped.
  int time_required_since;  // effective_time_frame.
  int interval_since;       // It must be an interval.
  int ieee_since;           // It is IEEE 1752.1's.
  int quantity_since;       // Of a kCount.
  absl::Span<const BodyMember> members;
};

// The type `name` ("heart-rate"); null if it is not mapped.
const OpenMHealthType* FindOpenMHealthType(absl::string_view name);

// All of them.
absl::Span<const OpenMHealthType> OpenMHealthTypes();

// Members that every type may have.
absl::Span<const BodyMember> CommonBodyMembers();

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_OPEN_MHEALTH_TYPES_H_
