// What may be asked about consumers as groups (docs/formats/aggregate.md): read
// from a file that an officer writes, strictly.
//
// Immutable once made; safe to use from any thread.
#ifndef SUBROSA_SRC_EXPORTS_AGGREGATE_POLICY_H_
#define SUBROSA_SRC_EXPORTS_AGGREGATE_POLICY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "subrosa/v1/aggregate.pb.h"

namespace subrosa {

inline constexpr size_t kMaxAggregatePolicyBytes = size_t{1} << 20;
inline constexpr int kMaxAggregateQuestions = 1000;

// The days of a period, since 1970-01-01 in UTC, both included.
struct PeriodDays {
  int32_t first_day = 0;
  int32_t last_day = 0;
};

// INVALID_ARGUMENT if `text` is no period of `unit`.
absl::StatusOr<PeriodDays> ParsePeriod(v1::AggregatePeriod unit,
                                       absl::string_view text);

// The fields that lead to a value, from the outermost on.
using ValuePath = std::vector<const google::protobuf::FieldDescriptor*>;

// The path `text` from `type` on, dots between, no field but the last a value
// and none repeated. INVALID_ARGUMENT if there is none, or if what it leads to
// identifies somebody, was written freely, or is not marked: by which nobody
// can be grouped.
absl::StatusOr<ValuePath> ParseGroupPath(
    const google::protobuf::Descriptor& type, absl::string_view text);
// The same to a number.
absl::StatusOr<ValuePath> ParseNumberPath(
    const google::protobuf::Descriptor& type, absl::string_view text);

// Reads `text`, a v1::AggregatePolicy in protobuf's text format, for `entity`;
// `name` appears in errors. INVALID_ARGUMENT, `name:line: field.path: want …,
// got …`, for what is none: without a bound of groups or a period, of another
// entity, or with a question that lacks something or stands twice. Paths are
// checked when a question is answered.
absl::StatusOr<v1::AggregatePolicy> ParseAggregatePolicy(
    absl::string_view name, absl::string_view text, absl::string_view entity);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_AGGREGATE_POLICY_H_
