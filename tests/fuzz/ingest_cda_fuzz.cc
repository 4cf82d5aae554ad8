// Bytes from strangers, as a C-CDA document: the first byte says what the rest
// is.
//
//   'd'  a document, or a fragment of one
//   'e'  what stands in a section
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
  const subrosa::ReaderOptions options =
      subrosa::FuzzOptions(subrosa::Format::kCda);
  if (bytes[0] == 'e') {
    subrosa::ReadAllOf(
        absl::StrCat("<ClinicalDocument><recordTarget><patientRole><id "
                     "root=\"1\" extension=\"p\"/></patientRole>"
                     "</recordTarget><section>",
                     bytes.substr(1), "</section></ClinicalDocument>"),
        options);
  } else {
    subrosa::ReadAllOf(bytes.substr(1), options);
  }
  return 0;
}
