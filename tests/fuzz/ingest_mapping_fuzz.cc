// Bytes from strangers, as a mapping. What is taken for one then maps a few
// rows, and must not break on them.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/ingest/message_types.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/row_mapping.h"
#include "src/ingest/testing/acme.pb.h"
#include "subrosa/v1/mapping.pb.h"
#include "tests/fuzz/ingest_memory_file.h"

namespace subrosa {
namespace {

constexpr absl::string_view kCells[] = {"1", "", "2024-05-01", "kg", "x", "2"};

void Run(absl::string_view text) {
  // Keeps the message linked, so that mappings may name it.
  Require(acme::v1::Everything::descriptor() != nullptr);
  const auto mapping = RowMapping::Parse("fuzz", text, MessageTypes::Linked());
  if (!mapping.ok()) {
    Require(absl::IsInvalidArgument(mapping.status()));
    return;
  }
  std::string file;
  const size_t columns = (*mapping)->columns().size();
  const char separator = (*mapping)->separator();
  if (!(*mapping)->source().without_header()) {
    for (size_t i = 0; i < columns; ++i) {
      std::string name;
      for (const char c : (*mapping)->columns()[i].name) {
        name += c == '"' ? "\"\"" : std::string(1, c);
      }
      absl::StrAppend(&file, i == 0 ? "" : std::string(1, separator), "\"",
                      name, "\"");
    }
    file += "\n";
  }
  for (size_t row = 0; row < 6; ++row) {
    for (size_t i = 0; i < columns; ++i) {
      absl::StrAppend(&file, i == 0 ? "" : std::string(1, separator),
                      kCells[(row + i) % 6]);
    }
    file += "\n";
  }
  ReaderOptions options = FuzzOptions(Format::kCsv);
  options.mapping = mapping->get();
  ReadAllOf(file, options);
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  subrosa::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
