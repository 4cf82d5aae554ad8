// A SampleMapper makes a record of one sample of a health platform, written in
// JSON: kept whole, with what classification and reading need beside it.
#ifndef SUBROSA_SRC_INGEST_SAMPLE_MAPPER_H_
#define SUBROSA_SRC_INGEST_SAMPLE_MAPPER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class SampleMapper {
 public:
  virtual ~SampleMapper() = default;

  // Maps `json`, one object, behind which kJsonPaddingBytes are readable, in
  // place of what `record` held: consumer where the sample names one, id,
  // effective, collected_at and how it was collected where it says so, and a
  // v1::HealthSample as payload.
  //
  // INVALID_ARGUMENT, `field.path: want …, got …` and never a value, for what
  // is no sample of the platform, or none of its type's. `record` is then
  // unspecified.
  virtual absl::Status Map(absl::string_view json,
                           v1::HealthRecord* record) = 0;

  // The platform, as an origin's system: "open-mhealth".
  virtual absl::string_view system() const = 0;

  // Of the sample mapped last: its type, "omh:heart-rate", and whether that is
  // one whose members are not read. Valid until the next one.
  virtual absl::string_view type() const = 0;
  virtual bool is_kept_whole() const = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_SAMPLE_MAPPER_H_
