#include "tests/fuzz/ingest_same_sample.h"

#include <string>

#include "absl/status/status.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/sample.pb.h"
#include "tests/fuzz/ingest_memory_file.h"

namespace subrosa {

void MapSample(absl::string_view json, SampleMapper* mapper) {
  const std::string padded = Padded(json);
  const absl::string_view text =
      absl::string_view(padded).substr(0, json.size());
  v1::HealthRecord record;
  const absl::Status status = mapper->Map(text, &record);
  if (!status.ok()) {
    Require(absl::IsInvalidArgument(status));
    return;
  }
  v1::HealthSample sample;
  Require(record.payload().UnpackTo(&sample));
  Require(sample.raw() == json);
  Require(sample.type().coding_size() == 1);
  Require(sample.type().coding(0).code() == mapper->type());
  v1::HealthRecord again;
  Require(mapper->Map(text, &again).ok());
  Require(again.SerializeAsString() == record.SerializeAsString());
}

}  // namespace subrosa
