// An OpenMHealthMapper makes records of data points of Open mHealth: a header,
// which says of which schema the body is, and the body.
#ifndef SUBROSA_SRC_INGEST_OPEN_MHEALTH_MAPPER_H_
#define SUBROSA_SRC_INGEST_OPEN_MHEALTH_MAPPER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/sample_mapper.h"

namespace subrosa {

// Thread-compatible. Its memory is reused from sample to sample.
class OpenMHealthMapper {
 public:
  // With `schema_id`, "omh:heart-rate:2.0", what is mapped is bodies of that
  // schema, without headers; without, data points.
  //
  // INVALID_ARGUMENT if `schema_id` has another form.
  static absl::StatusOr<std::unique_ptr<SampleMapper>> Make(
      const std::string& schema_id);
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_OPEN_MHEALTH_MAPPER_H_
