// Bytes from strangers, as a notice that somebody published.
//
// What must hold: they are refused with INVALID_ARGUMENT, or all that is read
// of them is UTF-8 and within what was given, and a comparison with another
// ends.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "src/notice/published_notice.h"
#include "src/notice/row_difference.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void Run(absl::string_view bytes) {
  const absl::StatusOr<PublishedNotice> notice = ReadPublishedNotice(bytes);
  if (!notice.ok()) {
    Require(absl::IsInvalidArgument(notice.status()));
    return;
  }
  // A sign of two bytes may stand for one of three.
  const size_t most = 3 * bytes.size() + 3;
  Require(notice->text.size() <= most);
  Require(simdjson::validate_utf8(notice->text.data(), notice->text.size()));
  Require(notice->Says(""));
  size_t cells = 0;
  for (const PublishedItem& item : notice->items) {
    Require(!item.rule.empty() && notice->Find(item.rule) != nullptr);
    for (const auto& row : item.rows) {
      for (const std::string& cell : row) {
        cells += cell.size();
        Require(simdjson::validate_utf8(cell.data(), cell.size()));
      }
    }
    Require(DifferencesOf(item.rows, item.rows).empty());
    for (const RowDifference& one : DifferencesOf(item.rows, {})) {
      Require(!one.is_added);
    }
  }
  Require(cells <= most);
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > (size_t{1} << 16)) return 0;
  subrosa::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
