// Of which days records are in a copy.
#ifndef SUBROSA_SRC_EXPORTS_COPY_RANGE_H_
#define SUBROSA_SRC_EXPORTS_COPY_RANGE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/steward/steward.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Days are since 1970-01-01 in UTC, and both included. Empty: no bound.
struct CopyRange {
  // By when what a record tells happened, else when it was collected.
  std::optional<int32_t> first_day;
  std::optional<int32_t> last_day;
  // By when it was collected, whatever it tells of.
  std::optional<int32_t> collected_since;
  // The rule of the packs that `collected_since` is of, "PACK/RULE", and where
  // it stands; empty if it is of none.
  std::string rule;
  std::string citation;

  bool is_whole() const {
    return !first_day.has_value() && !last_day.has_value() &&
           !collected_since.has_value();
  }

  // Whether `record` is in it.
  bool Has(const v1::HealthRecord& record) const;
};

// How far back an answer to `consumer`, who named no days, has to reach, by the
// packs of the entity that apply to them: where each pack by which they may ask
// says since when (`collected_since` of its contents), since the earliest of
// these days; else everything. Errors of ConsentGate::ReadStanding.
absl::StatusOr<CopyRange> LeastCopyRange(Steward& steward,
                                         absl::string_view consumer);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_COPY_RANGE_H_
