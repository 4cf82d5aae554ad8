// Bytes from strangers, as Health Connect: the first byte says what the rest
// is.
//
//   'm'  one record: what is mapped is kept whole and mapped to the same record
//        again
//   'd'  a file whose format is detected
//   'f'  a file of records of one person, in any layout
#include <cstddef>
#include <cstdint>

#include "src/ingest/health_connect_mapper.h"
#include "src/ingest/sample_mapper.h"
#include "tests/fuzz/ingest_memory_file.h"
#include "tests/fuzz/ingest_same_sample.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static subrosa::SampleMapper* const mapper =
      subrosa::HealthConnectMapper::Make().release();
  if (size == 0) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes[0] == 'm') {
    subrosa::MapSample(bytes.substr(1), mapper);
    return 0;
  }
  subrosa::ReaderOptions options =
      subrosa::FuzzOptions(bytes[0] == 'd' ? subrosa::Format::kDetect
                                           : subrosa::Format::kHealthConnect);
  options.defaults.consumer = "c-1";
  subrosa::ReadAllOf(bytes.substr(1), options);
  return 0;
}
