// Bytes from strangers, as a table whose columns are classified.
//
// What must hold: any names and cells are judged; and a report stands for each
// column, with shares and scores from 0 to 1. The first byte says whether every
// value is judged.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "src/classify/row_source.h"
#include "src/classify/table_classifier.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// Lines of cells with tabs between; the first names the columns, and a longer
// row brings further ones, as objects of JSON do.
class LineRows final : public RowSource {
 public:
  explicit LineRows(absl::string_view text)
      : lines_(absl::StrSplit(text, '\n')) {
    for (const absl::string_view name : absl::StrSplit(lines_[0], '\t')) {
      columns_.emplace_back(name);
    }
  }

  absl::StatusOr<bool> Next() override {
    if (++at_ >= lines_.size()) return false;
    cells_ = absl::StrSplit(lines_[at_], '\t');
    while (columns_.size() < cells_.size())
      columns_.emplace_back(cells_.back());
    return true;
  }
  const std::vector<std::string>& columns() const override { return columns_; }
  const std::vector<absl::string_view>& cells() const override {
    return cells_;
  }
  const std::vector<uint64_t>& unread() const override { return unread_; }

 private:
  const std::vector<absl::string_view> lines_;
  size_t at_ = 0;
  std::vector<std::string> columns_;
  std::vector<absl::string_view> cells_;
  std::vector<uint64_t> unread_;
};

TableClassifier* NewClassifier(bool every_value) {
  TableOptions options;
  options.sample_values = 8;
  options.every_value = every_value;
  return std::move(TableClassifier::Create(options)).value().release();
}

void RunTable(absl::string_view text, bool every_value) {
  static TableClassifier* const of_samples = NewClassifier(false);
  static TableClassifier* const of_all = NewClassifier(true);
  TableClassifier* const classifier = every_value ? of_all : of_samples;
  classifier->Clear();
  LineRows rows(text);
  const absl::Status read = classifier->Read(&rows);
  if (!read.ok()) {
    Require(absl::IsInvalidArgument(read));
    return;
  }
  const auto reports = classifier->Report();
  Require(reports.ok() && reports->size() == rows.columns().size());
  for (const ColumnReport& report : *reports) {
    Require(report.judged <= report.values && report.values <= report.rows);
    for (const ColumnFinding& found : report.findings) {
      Require(found.share <= 1 && found.finding.score >= 0 &&
              found.finding.score <= 1 && !found.finding.rule_id.empty());
    }
  }
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const absl::string_view text(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  subrosa::RunTable(text, data[0] % 2 == 1);
  return 0;
}
