#include "src/ingest/mapping_file.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "simdjson.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/ingest/csv_splitter.h"

namespace subrosa {
namespace {

using ::google::protobuf::TextFormat;
using Use = v1::Column::UseCase;

constexpr size_t kMaxColumnNameBytes = 128;
constexpr size_t kMaxUnitBytes = 64;
constexpr size_t kMaxSystemBytes = 256;

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

// Keeps the first error, with its line from 1.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber,
                const std::string& message) override {
    if (!message_.empty()) return;
    line_ = line + 1;
    message_ = message;
  }
  absl::Status ToStatus(absl::string_view name) const {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ":", line_,
                     ": want a subrosa.v1.TableMapping as textproto, got an "
                     "error: ",
                     message_));
  }

 private:
  int line_ = 1;
  std::string message_;
};

// The lines of the elements of the repeated `field`, from 1.
std::vector<int> LinesOf(const TextFormat::ParseInfoTree& tree,
                         absl::string_view field, int count) {
  const auto* const descriptor =
      v1::TableMapping::descriptor()->FindFieldByName(std::string(field));
  std::vector<int> lines;
  for (int i = 0; i < count; ++i) {
    lines.push_back(tree.GetLocation(descriptor, i).line + 1);
  }
  return lines;
}

bool IsControl(char c) {
  return absl::ascii_iscntrl(static_cast<unsigned char>(c));
}

absl::Status CheckUnit(absl::string_view unit, absl::string_view unit_column) {
  if (unit.empty() == unit_column.empty()) {
    return Wrong("quantity", "either a unit or a unit_column",
                 unit.empty() ? "neither" : "both");
  }
  if (!unit.empty() && !IsUcumShape(unit)) {
    return Wrong("quantity.unit", "a UCUM code", "something else");
  }
  return absl::OkStatus();
}

absl::Status CheckSystem(absl::string_view system,
                         absl::string_view system_column) {
  if (system.empty() == system_column.empty()) {
    return Wrong("code", "either a system or a system_column",
                 system.empty() ? "neither" : "both");
  }
  if (system.size() > kMaxSystemBytes) {
    return Wrong("code.system", absl::StrCat("at most ", kMaxSystemBytes),
                 absl::StrCat(system.size(), " bytes"));
  }
  return absl::OkStatus();
}

}  // namespace

int ItemCount(v1::Instrument instrument) {
  switch (instrument) {
    case v1::INSTRUMENT_PHQ9:
      return 9;
    case v1::INSTRUMENT_GAD7:
      return 7;
    default:
      return 0;
  }
}

bool IsUcumShape(absl::string_view unit) {
  if (unit.empty() || unit.size() > kMaxUnitBytes) return false;
  std::string open;
  for (const char c : unit) {
    if (c <= ' ' || c > '~') return false;
    if (c == '[' || c == '{' || c == '(') {
      open.push_back(c == '[' ? ']' : c == '{' ? '}' : ')');
    } else if (c == ']' || c == '}' || c == ')') {
      if (open.empty() || open.back() != c) return false;
      open.pop_back();
    }
  }
  return open.empty();
}

absl::StatusOr<MappingFile> MappingFile::Parse(absl::string_view name,
                                               absl::string_view text) {
  if (text.size() > kMaxMappingBytes ||
      !simdjson::validate_utf8(text.data(), text.size()) ||
      absl::StrContains(text, '\0')) {
    return Wrong(name,
                 absl::StrCat("at most ", kMaxMappingBytes, " bytes of UTF-8"),
                 "something else");
  }
  MappingFile file;
  file.name_ = std::string(name);
  FirstError errors;
  TextFormat::ParseInfoTree tree;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.WriteLocationsTo(&tree);
  parser.SetRecursionLimit(8);  // No mapping nests deeper than 4.
  if (!parser.ParseFromString(std::string(text), &file.mapping_)) {
    return errors.ToStatus(name);
  }
  file.column_lines_ = LinesOf(tree, "column", file.mapping_.column_size());
  file.constant_lines_ =
      LinesOf(tree, "constant", file.mapping_.constant_size());
  SUBROSA_RETURN_IF_ERROR(file.Check());
  return file;
}

absl::Status MappingFile::InColumn(int index,
                                   const absl::Status& status) const {
  return Annotate(status, absl::StrCat(name_, ":", column_lines_[index],
                                       ": column[", index, "]"));
}

absl::Status MappingFile::InConstant(int index,
                                     const absl::Status& status) const {
  return Annotate(status, absl::StrCat(name_, ":", constant_lines_[index],
                                       ": constant[", index, "]"));
}

absl::Status MappingFile::InTable(const absl::Status& status) const {
  return Annotate(status, name_);
}

absl::Status MappingFile::Check() const {
  SUBROSA_RETURN_IF_ERROR(InTable(CheckSlug("name", mapping_.name())));
  const std::string& separator = mapping_.separator();
  if (separator.size() > 1 || separator == "\"" || separator == "\r" ||
      separator == "\n" || (!separator.empty() && (separator[0] & 0x80))) {
    return InTable(Wrong("separator", "one byte of ASCII, no quote or line end",
                         "something else"));
  }
  if (mapping_.column_size() == 0 ||
      mapping_.column_size() > static_cast<int>(kMaxCells)) {
    return InTable(Wrong("column", absl::StrCat("1 to ", kMaxCells),
                         absl::StrCat(mapping_.column_size())));
  }
  std::set<std::string> names;
  int counts[32] = {};
  for (int i = 0; i < mapping_.column_size(); ++i) {
    const v1::Column& column = mapping_.column(i);
    SUBROSA_RETURN_IF_ERROR(InColumn(i, CheckColumn(column)));
    if (!names.insert(column.name()).second) {
      return InColumn(i, Wrong("name", "each name once", "it again"));
    }
    const Use use = column.use_case();
    const bool is_single = use == Use::kConsumer || use == Use::kRecordId ||
                           use == Use::kEffective ||
                           use == Use::kEffectiveEnd ||
                           use == Use::kCollectedAt || use == Use::kTotal;
    if (++counts[use] > 1 && is_single) {
      return InColumn(i, Wrong("use", "one column of this use", "a second"));
    }
  }
  if (counts[Use::kConsumer] == 0) {
    return InTable(Wrong("column", "one with consumer {}", "none"));
  }
  if (counts[Use::kEffectiveEnd] > 0 && counts[Use::kEffective] == 0) {
    return InTable(
        Wrong("column", "one with `effective` beside effective_end", "none"));
  }
  SUBROSA_RETURN_IF_ERROR(CheckPartners());
  return CheckQuestionnaire();
}

absl::Status MappingFile::CheckColumn(const v1::Column& column) const {
  if (column.name().empty() || column.name().size() > kMaxColumnNameBytes ||
      std::any_of(column.name().begin(), column.name().end(), IsControl)) {
    return Wrong("name",
                 absl::StrCat("1 to ", kMaxColumnNameBytes,
                              " bytes without control characters"),
                 absl::StrCat(column.name().size(), " bytes"));
  }
  std::set<std::string> sources;
  for (const v1::Translation& translation : column.translation()) {
    if (!sources.insert(translation.from()).second) {
      return Wrong("translation.from", "each once", "one again");
    }
  }
  switch (column.use_case()) {
    case Use::kCode:
      return CheckSystem(column.code().system(), column.code().system_column());
    case Use::kQuantity:
      return CheckUnit(column.quantity().unit(),
                       column.quantity().unit_column());
    case Use::kIgnore:
      if (column.ignore().empty()) {
        return Wrong("ignore", "the reason why it is left out", "none");
      }
      if (column.required() || column.translation_size() > 0) {
        return Wrong("ignore", "nothing else of the column", "more");
      }
      return absl::OkStatus();
    case Use::USE_NOT_SET:
      return Wrong("use", "what the column is (`ignore` leaves it out)",
                   "nothing");
    default:
      return absl::OkStatus();
  }
}

// Each column of systems or units is named by another, and each that is named
// is one.
absl::Status MappingFile::CheckPartners() const {
  absl::flat_hash_map<std::string, Use> wanted;
  for (const v1::Column& column : mapping_.column()) {
    if (!column.code().system_column().empty()) {
      wanted[column.code().system_column()] = Use::kCodeSystem;
    }
    if (!column.quantity().unit_column().empty()) {
      wanted[column.quantity().unit_column()] = Use::kUnit;
    }
  }
  for (int i = 0; i < mapping_.column_size(); ++i) {
    const v1::Column& column = mapping_.column(i);
    const bool is_partner = column.use_case() == Use::kCodeSystem ||
                            column.use_case() == Use::kUnit;
    const auto found = wanted.find(column.name());
    if (is_partner != (found != wanted.end()) ||
        (is_partner && found->second != column.use_case())) {
      return InColumn(
          i, is_partner
                 ? Wrong("use", "a code or quantity that names this column",
                         "none")
                 : Wrong("use",
                         "code_system or unit, since another column "
                         "names this one",
                         "another use"));
    }
    if (found != wanted.end()) wanted.erase(found);
  }
  if (!wanted.empty()) {
    return InTable(Wrong("column",
                         "the one that a system_column or unit_column names",
                         absl::StrCat("no `", wanted.begin()->first, "`")));
  }
  return absl::OkStatus();
}

absl::Status MappingFile::CheckQuestionnaire() const {
  const int count = ItemCount(mapping_.questionnaire().instrument());
  if (mapping_.has_questionnaire() && count == 0) {
    return InTable(Wrong("questionnaire.instrument", "a known one", "none"));
  }
  std::set<int> numbers;
  bool has_total = false;
  for (int i = 0; i < mapping_.column_size(); ++i) {
    const v1::Column& column = mapping_.column(i);
    has_total |= column.has_total();
    if ((column.has_item() || column.has_total()) && count == 0) {
      return InColumn(i,
                      Wrong("use", "a `questionnaire` in the mapping", "none"));
    }
    if (!column.has_item()) continue;
    const int number = column.item().number();
    if (number < 1 || number > count || !numbers.insert(number).second) {
      return InColumn(
          i, Wrong("item.number", absl::StrCat("1 to ", count, ", each once"),
                   absl::StrCat(number)));
    }
  }
  if (count == 0) return absl::OkStatus();
  const int found = static_cast<int>(numbers.size());
  if (found != count && !(found == 0 && has_total)) {
    return InTable(Wrong("column",
                         absl::StrCat("an `item` for each of the ", count,
                                      " items, or a `total` alone"),
                         absl::StrCat(found, " items")));
  }
  const int least = mapping_.questionnaire().min_answers();
  if (least < 0 || least > found) {
    return InTable(Wrong("questionnaire.min_answers",
                         absl::StrCat("0 to ", found), absl::StrCat(least)));
  }
  return absl::OkStatus();
}

}  // namespace subrosa
