// A TableClassifier says of each column of a table what kinds of data it holds,
// from the column's name, the names beside it and the values in it: as codes,
// as identifiers, as text that people wrote.
//
// Values are judged on a sample of each column, drawn with a stated seed, or
// all of them. Names suggest and values confirm or contradict: a column called
// `phone` in which nothing has a telephone number's form is said so.
//
// Thread-compatible.
//
// Security: findings hold names of columns, rules and shares, never a value.
// The samples do; see ColumnSample.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(auto classifier, TableClassifier::Create({}));
//   SUBROSA_RETURN_IF_ERROR(classifier->Read(&source));
//   SUBROSA_ASSIGN_OR_RETURN(const std::vector<ColumnReport> columns,
//                            classifier->Report());
#ifndef SUBROSA_SRC_CLASSIFY_TABLE_CLASSIFIER_H_
#define SUBROSA_SRC_CLASSIFY_TABLE_CLASSIFIER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"
#include "src/classify/column_sample.h"
#include "src/classify/column_tally.h"
#include "src/classify/name_rules.h"
#include "src/classify/row_source.h"
#include "src/classify/text_scanner.h"

namespace subrosa {

struct TableOptions {
  // What the table is called, if that tells anything.
  std::string table_name;

  // How many values of each column are kept and judged, and the seed by which
  // they are drawn.
  size_t sample_values = 1000;
  uint64_t seed = 1;

  // Judge every value and not the sample alone.
  bool every_value = false;
};

// One reason for one kind of data in a column.
struct ColumnFinding {
  // `field_path` is the column's name, the span is empty; `basis` is kLanguage
  // where the name tells.
  Finding finding;
  bool from_name = false;

  // Of the values judged, how many fit the rule, 0 to 1; -1 for what the name
  // alone says.
  double share = -1;
};

struct ColumnReport {
  std::string name;
  NamedValue value = NamedValue::kUnknown;

  uint64_t rows = 0;    // Of the table.
  uint64_t values = 0;  // That are not empty.
  uint64_t unread = 0;  // Beside them: lists, objects, bytes (RowSource).
  uint64_t judged = 0;
  uint64_t distinct = 0;  // Of those judged; kMaxDistinct means that or more.

  bool free_text = false;
  bool not_personal = false;  // The name says so, and nothing speaks against.

  // What the column is for, the system of its codes by URI, and the rule behind
  // its name; empty where nothing tells.
  v1::FieldRole role = v1::FIELD_ROLE_UNSPECIFIED;
  std::string code_system;
  std::string name_rule;

  // Best score first.
  std::vector<ColumnFinding> findings;
};

class TableClassifier {
 public:
  // The most columns of a table; further ones are an error.
  static constexpr size_t kMaxColumns = 1024;

  // Errors as CodeTable::BuiltIn, NameRules::BuiltIn, TextScanner::Create.
  static absl::StatusOr<std::unique_ptr<TableClassifier>> Create(
      const TableOptions& options);

  // Reads `source` to its end. INVALID_ARGUMENT for too many columns, and for a
  // column whose name reads like an identifier: that table has no line of
  // names, and its first row would be printed. Else errors as the source's and
  // as TextScanner::Scan.
  absl::Status Read(RowSource* source);

  // Forgets the table, so that another may be read: the rules are built once.
  void Clear();

  // One report a column, in the table's order. INTERNAL if scanning fails.
  absl::StatusOr<std::vector<ColumnReport>> Report();

  // Of the column at `index` of the reports.
  const ColumnSample& sample(size_t index) const {
    return columns_[index].sample;
  }

 private:
  struct Column {
    Column(const std::string& column_name, const TableOptions& options)
        : name(column_name), sample(options.sample_values, options.seed) {}
    std::string name;
    ColumnSample sample;
    ColumnTally tally;
    uint64_t unread = 0;
  };

  TableClassifier(const TableOptions& options, CodeTable codes, NameRules rules,
                  std::unique_ptr<TextScanner> scanner,
                  std::unique_ptr<TextScanner::Scratch> scratch);

  // OK for what may be the name of the column at `index`.
  absl::Status CheckName(const std::string& name, size_t index) const;
  absl::StatusOr<ColumnReport> ReportOf(
      Column* column, const std::vector<absl::string_view>& names);
  void AddNames(const std::vector<NameMatch>& matches, const Column& column,
                ColumnReport* report) const;
  void AddCodes(const std::vector<NameMatch>& matches, const Column& column,
                ColumnReport* report) const;
  void AddIdentifiers(const Column& column, ColumnReport* report) const;

  const TableOptions options_;
  const CodeTable codes_;
  const NameRules rules_;
  const std::unique_ptr<TextScanner> scanner_;
  const std::unique_ptr<TextScanner::Scratch> scratch_;
  uint64_t rows_ = 0;
  std::vector<Column> columns_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TABLE_CLASSIFIER_H_
