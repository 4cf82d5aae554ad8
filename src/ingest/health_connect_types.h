// The record types of Android's Health Connect, and what of them is read
// (https://developer.android.com/health-connect).
#ifndef SUBROSA_SRC_INGEST_HEALTH_CONNECT_TYPES_H_
#define SUBROSA_SRC_INGEST_HEALTH_CONNECT_TYPES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/ingest/sample_units.h"

namespace subrosa {

enum class ConnectKind {
  kBare,     // A number, whose unit the member's name says.
  kMeasure,  // {"value": 70.5, "unit": "kilograms"} or {"inKilograms": 70.5}.
  kWord,     // One of the type's constants: a whole number or its name.
  kText,     // A title or note.
  kList,     // Parts, of which each has a time of its own.
};

struct ConnectMember {
  absl::string_view name;
  ConnectKind kind = ConnectKind::kBare;
  bool is_required = false;
  bool is_main = false;                // The sample's value, not a part.
  UnitKind unit = UnitKind::kPercent;  // Of kMeasure.
  absl::string_view ucum;              // Of kBare.

  // Of kList: the members of its items that are read.
  absl::Span<const ConnectMember> items;
  bool has_spans = false;  // An item has startTime and endTime, not time.
};

struct ConnectType {
  absl::string_view name;    // "StepsRecord".
  bool is_interval = false;  // It has startTime and endTime, not time.
  absl::Span<const ConnectMember> members;
};

// The type `name`, with or without "Record" at its end; null if it is not
// mapped.
const ConnectType* FindConnectType(absl::string_view name);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_HEALTH_CONNECT_TYPES_H_
