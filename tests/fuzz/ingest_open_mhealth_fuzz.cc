// Bytes from strangers, as Open mHealth: the first byte says what the rest is.
//
//   'm'  one data point: what is mapped is kept whole and mapped to the same
//        record again
//   'b'  one body without a header
//   'f'  a file of data points, in any layout
#include <cstddef>
#include <cstdint>
#include <string>

#include "src/ingest/open_mhealth_mapper.h"
#include "src/ingest/sample_mapper.h"
#include "tests/fuzz/ingest_memory_file.h"
#include "tests/fuzz/ingest_same_sample.h"

namespace subrosa {
namespace {

SampleMapper* MapperOf(const std::string& schema_id) {
  auto mapper = OpenMHealthMapper::Make(schema_id);
  Require(mapper.ok());
  return mapper->release();
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static subrosa::SampleMapper* const points = subrosa::MapperOf("");
  static subrosa::SampleMapper* const bodies =
      subrosa::MapperOf("omh:sleep-episode:1.1");
  if (size == 0) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes[0] == 'm' || bytes[0] == 'b') {
    subrosa::MapSample(bytes.substr(1), bytes[0] == 'm' ? points : bodies);
  } else {
    subrosa::ReadAllOf(bytes.substr(1),
                       subrosa::FuzzOptions(subrosa::Format::kOpenMHealth));
  }
  return 0;
}
