#include "src/classify/table_classifier.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/classify/code_shape.h"
#include "src/classify/loose_form.h"
#include "src/classify/taxonomy_facts.h"
#include "src/classify/text_rules.h"

namespace subrosa {
namespace {

// A column is of what this share of its values is.
constexpr double kMostShare = 0.8;
// What stands in fewer values than this is chance.
constexpr double kLeastShare = 0.02;
// Fewer values than this prove nothing against a name.
constexpr uint64_t kEnoughValues = 20;
constexpr double kContradicted = 0.4;
constexpr double kCertain = 0.95;

// One finding for each kind that `kinds` holds.
void AddKinds(const Classification& kinds, const ColumnFinding& ground,
              std::vector<ColumnFinding>* findings) {
  LabelSet left = kinds.labels;
  for (const v1::HealthCategory category : kinds.categories.Values()) {
    ColumnFinding one = ground;
    one.finding.category = category;
    one.finding.clause = FactsOf(category).clause();
    for (const v1::HealthLabel label : kinds.labels.Values()) {
      const auto& under = FactsOf(label).under();
      if (std::find(under.begin(), under.end(), category) != under.end()) {
        one.finding.labels.Add(label);
      }
    }
    left = LabelSet::FromBits(left.bits() & ~one.finding.labels.bits());
    findings->push_back(std::move(one));
  }
  if (!left.empty()) {
    ColumnFinding one = ground;
    one.finding.labels = left;
    findings->push_back(std::move(one));
  }
  for (const v1::PersonalCategory personal : kinds.personal.Values()) {
    ColumnFinding one = ground;
    one.finding.personal = personal;
    one.finding.clause = FactsOf(personal).clause();
    findings->push_back(std::move(one));
  }
  for (const v1::SensitiveCategory sensitive : kinds.sensitive.Values()) {
    ColumnFinding one = ground;
    one.finding.sensitive = sensitive;
    one.finding.clause = FactsOf(sensitive).clause();
    findings->push_back(std::move(one));
  }
  for (const v1::IdentifierKind identifier : kinds.identifiers.Values()) {
    ColumnFinding one = ground;
    one.finding.identifier = identifier;
    one.finding.clause = FactsOf(identifier).clause();
    findings->push_back(std::move(one));
  }
}

bool HasForm(v1::IdentifierKind kind) {
  const auto kinds = KindsWithForm();
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// The share of values that are an identifier of `kind` and little else, or that
// may be one under a name that says so.
double ShareOfForm(const ColumnTally& tally, v1::IdentifierKind kind) {
  uint64_t count = 0;
  for (const auto& [rule, match] : tally.matches()) {
    if (match.identifier == kind) count += match.whole;
  }
  return std::min(1.0, tally.ShareOf(std::max(count, tally.loose(kind))));
}

// The rule says that codes of the system, or of some system, stand there.
bool NamesSystem(const NameRule& rule, const CodeShape& shape) {
  return rule.code_system == shape.system ||
         (rule.role == v1::FIELD_ROLE_CODE && rule.code_system.empty());
}

// The rule and a code that was seen are about the same kind of data.
bool SharesCategory(const NameRule& rule, const ColumnTally::Codes& codes) {
  return std::any_of(
      codes.by_rule.begin(), codes.by_rule.end(), [&rule](const auto& seen) {
        return !(seen.first->adds.categories & rule.adds.categories).empty();
      });
}

std::string Percent(double share) {
  return absl::StrCat(static_cast<int>(share * 100 + 0.5), " %");
}

}  // namespace

TableClassifier::TableClassifier(const TableOptions& options, CodeTable codes,
                                 NameRules rules,
                                 std::unique_ptr<TextScanner> scanner,
                                 std::unique_ptr<TextScanner::Scratch> scratch)
    : options_(options),
      codes_(std::move(codes)),
      rules_(std::move(rules)),
      scanner_(std::move(scanner)),
      scratch_(std::move(scratch)) {}

absl::StatusOr<std::unique_ptr<TableClassifier>> TableClassifier::Create(
    const TableOptions& options) {
  SUBROSA_ASSIGN_OR_RETURN(CodeTable codes, CodeTable::BuiltIn());
  SUBROSA_ASSIGN_OR_RETURN(NameRules rules, NameRules::BuiltIn());
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<TextScanner> scanner,
                           TextScanner::Create({}));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<TextScanner::Scratch> scratch,
                           scanner->NewScratch());
  return std::unique_ptr<TableClassifier>(
      new TableClassifier(options, std::move(codes), std::move(rules),
                          std::move(scanner), std::move(scratch)));
}

absl::Status TableClassifier::Read(RowSource* source) {
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool more, source->Next());
    if (source->columns().size() > kMaxColumns) {
      return absl::InvalidArgumentError(
          absl::StrCat("table: want at most ", kMaxColumns, " columns, got ",
                       source->columns().size()));
    }
    while (columns_.size() < source->columns().size()) {
      const std::string& name = source->columns()[columns_.size()];
      SUBROSA_RETURN_IF_ERROR(CheckName(name, columns_.size()));
      columns_.emplace_back(name, options_);
    }
    if (!more) {
      for (size_t i = 0; i < source->unread().size(); ++i) {
        columns_[i].unread = source->unread()[i];
      }
      return absl::OkStatus();
    }
    ++rows_;
    for (size_t i = 0; i < source->cells().size(); ++i) {
      const absl::string_view value = source->cells()[i];
      if (value.empty()) continue;
      columns_[i].sample.Add(value);
      if (options_.every_value) {
        SUBROSA_RETURN_IF_ERROR(
            columns_[i].tally.Add(value, codes_, *scanner_, scratch_.get()));
      }
    }
  }
}

absl::Status TableClassifier::CheckName(const std::string& name,
                                        size_t index) const {
  std::vector<TextMatch> matches;
  SUBROSA_RETURN_IF_ERROR(scanner_->Scan(name, scratch_.get(), &matches));
  if (matches.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("column ", index + 1, ": want a name, got what reads like ",
                   TitleWithArticle(TextRules()[matches[0].rule]),
                   ": put a line of the columns' names before the first row"));
}

void TableClassifier::Clear() {
  rows_ = 0;
  columns_.clear();
}

absl::StatusOr<std::vector<ColumnReport>> TableClassifier::Report() {
  std::vector<absl::string_view> names;
  for (const Column& column : columns_) names.push_back(column.name);
  std::vector<ColumnReport> reports;
  for (Column& column : columns_) {
    SUBROSA_ASSIGN_OR_RETURN(ColumnReport report, ReportOf(&column, names));
    reports.push_back(std::move(report));
  }
  return reports;
}

absl::StatusOr<ColumnReport> TableClassifier::ReportOf(
    Column* column, const std::vector<absl::string_view>& names) {
  if (!options_.every_value && column->tally.values() == 0) {
    for (const std::string& value : column->sample.values()) {
      SUBROSA_RETURN_IF_ERROR(
          column->tally.Add(value, codes_, *scanner_, scratch_.get()));
    }
  }
  ColumnReport report;
  report.name = column->name;
  report.rows = rows_;
  report.values = column->sample.seen();
  report.unread = column->unread;
  report.judged = column->tally.values();
  report.distinct = column->tally.distinct();
  report.value = column->tally.Kind();
  report.free_text = column->tally.IsFreeText();
  FieldName field;
  field.name = column->name;
  field.parent = options_.table_name;
  field.siblings = names;
  // A code of digits is no number to the rules of names.
  field.value =
      report.value == NamedValue::kNumber ? NamedValue::kUnknown : report.value;
  const std::vector<NameMatch> matches = rules_.Read(field);
  AddNames(matches, *column, &report);
  AddCodes(matches, *column, &report);
  AddIdentifiers(*column, &report);
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const ColumnFinding& a, const ColumnFinding& b) {
                     return a.finding.score > b.finding.score;
                   });
  report.not_personal &= report.findings.empty();
  return report;
}

void TableClassifier::AddNames(const std::vector<NameMatch>& matches,
                               const Column& column,
                               ColumnReport* report) const {
  for (const NameMatch& match : matches) {
    if (match.score >= NameRules::kLikely) {
      report->free_text |= match.rule->free_text;
      report->not_personal |= match.rule->not_personal;
      if (report->name_rule.empty()) report->name_rule = match.rule->id;
      if (report->role == v1::FIELD_ROLE_UNSPECIFIED) {
        report->role = match.rule->role;
      }
      if (report->code_system.empty()) {
        report->code_system = match.rule->code_system;
      }
    }
    ColumnFinding ground;
    ground.from_name = true;
    ground.finding.field_path = column.name;
    ground.finding.basis = FindingBasis::kLanguage;
    ground.finding.rule_id = match.rule->id;
    ground.finding.score = match.score;
    ground.finding.reason = absl::StrCat("its name says ", match.rule->title,
                                         " (words: ", match.words, ")");
    for (const v1::IdentifierKind kind :
         match.rule->adds.identifiers.Values()) {
      if (!HasForm(kind) || column.tally.values() < kEnoughValues) continue;
      ground.share = ShareOfForm(column.tally, kind);
      if (ground.share >= kLeastShare) continue;
      ground.finding.score *= kContradicted;
      absl::StrAppend(&ground.finding.reason,
                      ", but its values do not have the form");
    }
    AddKinds(match.rule->adds, ground, &report->findings);
  }
}

void TableClassifier::AddCodes(const std::vector<NameMatch>& matches,
                               const Column& column,
                               ColumnReport* report) const {
  const ColumnTally& tally = column.tally;
  if (tally.values() == 0 || report->free_text) return;
  const ColumnTally::Codes* best = nullptr;
  const CodeShape* best_shape = nullptr;
  double best_score = 0;
  for (size_t i = 0; i < tally.codes().size(); ++i) {
    const CodeShape& shape = CodeShapes()[i];
    const ColumnTally::Codes& codes = tally.codes()[i];
    const bool is_named = std::any_of(matches.begin(), matches.end(),
                                      [&shape](const NameMatch& match) {
                                        return NamesSystem(*match.rule, shape);
                                      });
    const bool agrees =
        is_named || std::any_of(matches.begin(), matches.end(),
                                [&codes](const NameMatch& match) {
                                  return SharesCategory(*match.rule, codes);
                                });
    // By form alone a system's codes must be known too: `A12` is also a seat.
    const uint64_t count =
        is_named || shape.strength > kMostShare ? codes.shaped : codes.known;
    const double share = tally.ShareOf(count);
    if (share < kMostShare || (!is_named && shape.strength == 0)) continue;
    // One value over and over proves no system.
    if (!agrees && tally.distinct() < 2) continue;
    const double score = agrees && shape.strength > 0
                             ? kCertain
                             : std::max(shape.strength, is_named ? 0.7 : 0.0);
    if (score * share <= best_score) continue;
    best = &codes;
    best_shape = &shape;
    best_score = score * share;
  }
  if (best == nullptr) return;
  report->code_system = std::string(best_shape->system);
  report->role = v1::FIELD_ROLE_CODE;
  // A rule whose codes have several origins is one finding, with the source of
  // most of them.
  std::map<std::string, std::pair<const CodeRule*, uint64_t>> by_id;
  std::map<std::string, uint64_t> most;
  for (const auto& [rule, count] : best->by_rule) {
    auto& sum = by_id[rule->id];
    sum.second += count;
    if (sum.first == nullptr || count > most[rule->id]) {
      sum.first = rule;
      most[rule->id] = count;
    }
  }
  std::vector<std::pair<const CodeRule*, uint64_t>> rules;
  for (const auto& entry : by_id) rules.push_back(entry.second);
  std::stable_sort(rules.begin(), rules.end(),
                   [](const auto& a, const auto& b) {
                     return a.second != b.second ? a.second > b.second
                                                 : a.first->id < b.first->id;
                   });
  // All of them: the rarest are often the most sensitive.
  for (const auto& [common, count] : rules) {
    const CodeRule& rule = *common;
    ColumnFinding ground;
    ground.finding.field_path = column.name;
    ground.finding.basis = FindingBasis::kCode;
    ground.finding.rule_id = rule.id;
    ground.finding.score = best_score;
    ground.share = tally.ShareOf(count);
    ground.finding.reason = absl::StrCat(
        "its values have the form of ", best_shape->name, " codes, and ",
        Percent(ground.share), " of them are about ", rule.title, " (",
        SourceText(rule), ")");
    AddKinds(rule.adds, ground, &report->findings);
  }
}

void TableClassifier::AddIdentifiers(const Column& column,
                                     ColumnReport* report) const {
  double code_score = 0;
  for (const ColumnFinding& found : report->findings) {
    if (found.finding.basis != FindingBasis::kCode) continue;
    code_score = std::max(code_score, found.finding.score);
  }
  for (const auto& [index, match] : column.tally.matches()) {
    const double share = column.tally.ShareOf(match.values);
    const double whole = column.tally.ShareOf(match.whole);
    // Digits of a code are sometimes those of a telephone number.
    const bool is_code = report->role == v1::FIELD_ROLE_CODE;
    if (share < kLeastShare ||
        (is_code && (whole < kMostShare || match.score < code_score))) {
      continue;
    }
    const TextRule& rule = TextRules()[index];
    ColumnFinding one;
    one.finding.field_path = column.name;
    one.finding.basis = FindingBasis::kIdentifier;
    one.finding.rule_id = rule.id;
    // In text one name among many words is a find; a column of numbers with a
    // few that look like one is not.
    one.finding.score = report->free_text ? match.score : match.score * whole;
    if (one.finding.score < kLeastShare) continue;
    one.share = share;
    one.finding.reason = absl::StrCat(
        Percent(share), " of its values ", report->free_text ? "hold " : "are ",
        TitleWithArticle(rule), ": ", rule.reason);
    Classification kinds;
    kinds.identifiers.Add(rule.identifier);
    kinds.personal.Add(rule.personal);
    kinds.sensitive.Add(rule.sensitive);
    AddKinds(kinds, one, &report->findings);
  }
}

}  // namespace subrosa
