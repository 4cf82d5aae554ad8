// Bytes from strangers, as a document in a field: JSON, or markup.
//
// What must hold: any bytes are read or are no document; pieces lie in the
// prose, in order, and are not empty; what stands in one is in the value; what
// is said lies in the value, in order; the text for the scanner is as long as
// the value; and a document tells the same twice.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"
#include "src/classify/document_prose.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// All pieces, each with where its first and last byte stand.
std::string Told(const DocumentProse& prose, size_t size) {
  std::string told;
  size_t end = 0;
  for (const ByteSpan& piece : prose.pieces()) {
    Require(piece.length > 0 && piece.offset >= end);
    end = piece.offset + piece.length;
    const absl::string_view text = prose.TextOf(piece);
    Require(text.size() == piece.length);
    for (const size_t at : {size_t{0}, text.size() - 1}) {
      const ByteSpan place = prose.SpanOf({piece.offset + at, 1});
      Require(place.offset + place.length <= size);
      (void)prose.IsStructure(place);
    }
    absl::StrAppend(&told, text, "\n");
  }
  end = 0;
  for (const DocumentProse::Said& said : prose.said()) {
    Require(said.span.length > 0 && said.span.offset >= end);
    end = said.span.offset + said.span.length;
    Require(end <= size);
  }
  return told;
}

void Run(absl::string_view value) {
  DocumentProse prose;
  const bool is_document = prose.Read(value);
  const std::string told = Told(prose, value.size());
  if (!is_document) {
    Require(prose.pieces().empty());
    return;
  }
  Require(prose.ScanText(value).size() == value.size());
  Require(prose.Read(value));
  Require(Told(prose, value.size()) == told);
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  subrosa::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
