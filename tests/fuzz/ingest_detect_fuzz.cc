// Bytes from strangers, as a file whose format is told by its first bytes: what
// they are taken for must read them, or refuse them, as it would any file.
#include <cstddef>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "src/ingest/reader_options.h"
#include "tests/fuzz/ingest_memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  subrosa::ReaderOptions options =
      subrosa::FuzzOptions(subrosa::Format::kDetect);
  options.defaults.consumer = "c-1";
  if (absl::StartsWith(bytes, "PK")) {
    subrosa::ReadAllOfArchive(bytes, options);
  } else {
    subrosa::ReadAllOf(bytes, options);
  }
  return 0;
}
