// Bytes from strangers, as an export of Apple Health: the first byte says what
// the rest is.
//
//   'x'  export.xml
//   's'  what stands in it: elements of a HealthData
//   'z'  the zip
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/ingest/reader_options.h"
#include "tests/fuzz/ingest_memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  subrosa::ReaderOptions options =
      subrosa::FuzzOptions(subrosa::Format::kAppleHealth);
  options.defaults.consumer = "c-1";
  if (bytes[0] == 's') {
    subrosa::ReadAllOf(
        absl::StrCat("<HealthData>", bytes.substr(1), "</HealthData>"),
        options);
  } else if (bytes[0] == 'z') {
    subrosa::ReadAllOfArchive(absl::StrCat("PK\x03\x04", bytes.substr(1)),
                              options);
  } else {
    subrosa::ReadAllOf(bytes.substr(1), options);
  }
  return 0;
}
