// Bytes from strangers, as tables: the first byte says what the rest is.
//
//   's'  CSV, whose rows are held against a second, plain reading of RFC 4180
//   'c'  CSV with a header, by a mapping with every use
//   'q'  CSV of a questionnaire, without a header
//   'j'  NDJSON, by the first mapping
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/file.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/csv_splitter.h"
#include "src/ingest/message_types.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/row_mapping.h"
#include "tests/fuzz/ingest_memory_file.h"

namespace subrosa {
namespace {

constexpr absl::string_view kEveryUse = R"(
  name: "every" message: "subrosa.v1.Condition" missing: "NA" trim: true
  column { name: "a" consumer {} }
  column { name: "b" record_id {} }
  column { name: "c" effective { format: "%Y-%m-%d %H:%M:%S.%f"
                                 zone: "America/Los_Angeles" } }
  column { name: "d" effective_end { format: "%d %b %Y %I:%M %p" zone: "UTC" } }
  column { name: "e" collected_at { format: "%m/%d/%Y %H:%M%z" } }
  column { name: "f" code { path: "condition.coding[0]" system_column: "g" } }
  column { name: "g" code_system {} translation { from: "i" to: "urn:i" } }
  column { name: "h" code { path: "condition.coding[1]" system: "urn:s" } }
  column { name: "i" field { path: "note" } }
  constant { path: "condition.coding[1].display" value: "x" }
)";

std::string Questionnaire() {
  std::string text =
      "name: 'q' message: 'subrosa.v1.Assessment' without_header: true "
      "column { name: 'a' consumer {} } column { name: 't' total {} } "
      "questionnaire { instrument: INSTRUMENT_GAD7 }";
  for (int i = 1; i <= 7; ++i) {
    absl::StrAppend(&text, "column { name: 'q", i, "' item { number: ", i,
                    " } }");
  }
  return text;
}

const RowMapping* Mapping(absl::string_view text) {
  auto mapping = RowMapping::Parse("fuzz", text, MessageTypes::Linked());
  Require(mapping.ok());
  return mapping->release();
}

// The cells of the row at the front of `text`, read byte by byte, and `text`
// moved behind it; false if it is no row of RFC 4180.
bool TakeRow(absl::string_view* text, std::vector<std::string>* cells) {
  bool good = true, quoted = false, closed = false;
  cells->assign(1, "");
  bool at_start = true;
  size_t at = 0;
  for (; at < text->size(); ++at) {
    const char c = (*text)[at];
    if (quoted) {
      if (c != '"') {
        cells->back().push_back(c);
      } else if (at + 1 < text->size() && (*text)[at + 1] == '"') {
        cells->back().push_back('"');
        ++at;
      } else {
        quoted = false;
        closed = true;
      }
      continue;
    }
    const bool ends_with_cr =
        c == '\r' && (at + 1 == text->size() || (*text)[at + 1] == '\n');
    if (c == '\n') {
      ++at;
      break;
    }
    if (ends_with_cr) continue;
    if (c == ',') {
      cells->emplace_back();
      at_start = true;
      closed = false;
      continue;
    }
    if (c == '"' && at_start) {
      quoted = true;
    } else {
      good &= !closed && c != '"' && c != '\r';
      cells->back().push_back(c);
    }
    at_start = false;
  }
  text->remove_prefix(at);
  return good && !quoted && cells->size() <= kMaxCells;
}

void Split(absl::string_view bytes) {
  const UniqueFd file(memfd_create("fuzz", MFD_CLOEXEC));
  Require(write(file.get(), bytes.data(), bytes.size()) ==
          static_cast<ssize_t>(bytes.size()));
  absl::StatusOr<BufferedInput> input =
      BufferedInput::Open(absl::StrCat("/proc/self/fd/", file.get()));
  Require(input.ok());
  CsvSplitter splitter(*std::move(input), ',', size_t{1} << 20);
  for (;;) {
    const absl::StatusOr<CsvRow> row = splitter.Next();
    Require(row.ok());
    if (row->kind == CsvRow::Kind::kEnd) break;
    absl::string_view rest = bytes.substr(row->byte_offset);
    std::vector<std::string> cells;
    const bool good = TakeRow(&rest, &cells);
    if (row->kind == CsvRow::Kind::kReject) {
      // Beside its form a row is rejected for its bytes alone.
      const absl::string_view why = row->reject.message();
      Require(!good || why.find("UTF-8") != why.npos ||
              why.find("NUL") != why.npos);
      continue;
    }
    Require(good && cells.size() == row->cells.size());
    for (size_t i = 0; i < cells.size(); ++i) {
      Require(row->cells[i] == cells[i]);
    }
  }
  Require(splitter.bytes_read() == bytes.size());
}

void Run(char what, absl::string_view rest) {
  static const RowMapping* const every = Mapping(kEveryUse);
  static const RowMapping* const questionnaire = Mapping(Questionnaire());
  ReaderOptions options =
      FuzzOptions(what == 'j' ? Format::kNdjson : Format::kCsv);
  switch (what) {
    case 'c':
      options.mapping = every;
      ReadAllOf(absl::StrCat("a,b,c,d,e,f,g,h,i\n", rest), options);
      return;
    case 'q':
      options.mapping = questionnaire;
      ReadAllOf(rest, options);
      return;
    case 'j':
      options.mapping = every;
      ReadAllOf(rest, options);
      return;
    default:
      Split(rest);
      return;
  }
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  subrosa::Run(bytes[0], bytes.substr(1));
  return 0;
}
