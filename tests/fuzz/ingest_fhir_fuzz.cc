// Bytes from strangers, as FHIR: the first byte says what the rest is.
//
//   'm'  one resource: what is mapped is kept whole, says whom it is about, and
//        is mapped to the same record again
//   'f'  a file of resources, one a line
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/ingest/fhir_mapper.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "tests/fuzz/ingest_memory_file.h"

namespace subrosa {
namespace {

void MapOne(absl::string_view json) {
  static FhirMapper* const mapper = new FhirMapper();
  const std::string padded = Padded(json);
  const absl::string_view text =
      absl::string_view(padded).substr(0, json.size());
  v1::HealthRecord record;
  const absl::StatusOr<FhirAbout> about = mapper->Map(text, &record);
  if (!about.ok()) {
    Require(absl::IsInvalidArgument(about.status()));
    return;
  }
  Require(!mapper->type().empty());
  if (*about == FhirAbout::kNobody) return;
  Require(!record.consumer().empty() && record.consumer().size() <= 64);
  v1::FhirResource resource;
  Require(record.payload().UnpackTo(&resource));
  Require(resource.json() == json);
  // What is written by hand is what protobuf would write.
  Require(resource.SerializeAsString() == record.payload().value());
  Require(resource.resource_type() == mapper->type());
  v1::HealthRecord again;
  Require(mapper->Map(text, &again).ok());
  Require(again.SerializeAsString() == record.SerializeAsString());
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes[0] == 'm') {
    subrosa::MapOne(bytes.substr(1));
  } else {
    subrosa::ReadAllOf(bytes.substr(1),
                       subrosa::FuzzOptions(subrosa::Format::kFhirNdjson));
  }
  return 0;
}
