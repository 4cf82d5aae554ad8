#include "src/classify/column_tally.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "src/base/status_macros.h"
#include "src/classify/column_sample.h"
#include "src/classify/loose_form.h"

namespace subrosa {
namespace {

constexpr int kWordsOfText = 4;
// A match is nearly the whole value with this share of its bytes.
constexpr double kWholeShare = 0.8;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsBool(absl::string_view value) {
  static const char* const kWords[] = {"true", "false", "yes", "no",
                                       "y",    "n",     "t",   "f"};
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [value](const char* word) {
                       return absl::EqualsIgnoreCase(value, word);
                     });
}

bool IsNumber(absl::string_view value) {
  double number;
  return value.find_first_not_of("0123456789+-.eE") == value.npos &&
         absl::SimpleAtod(value, &number);
}

int CountWords(absl::string_view value) {
  int words = 0;
  bool in_word = false;
  for (const char c : value) {
    const bool is_letter =
        absl::ascii_isalpha(static_cast<unsigned char>(c)) || (c & 0x80) != 0;
    if (is_letter && !in_word) ++words;
    in_word = is_letter || c == '\'';
  }
  return words;
}

}  // namespace

bool IsTimeShape(absl::string_view value) {
  // Digits in groups, by the first three of which a day is told.
  size_t groups[3] = {};
  char dividers[3] = {};
  int group = 0;
  for (const char c : value) {
    if (IsDigit(c)) {
      ++groups[group];
      continue;
    }
    dividers[group] = c;
    if (++group == 3) break;
  }
  const char divider = dividers[0];
  if ((divider != '-' && divider != '/' && divider != '.') ||
      dividers[1] != divider || value.size() > 40 || group < 2) {
    return false;
  }
  const bool year_first = groups[0] == 4 && groups[1] <= 2 && groups[2] <= 2;
  const bool year_last = groups[0] <= 2 && groups[1] <= 2 && groups[2] == 4;
  return (year_first || year_last) && groups[0] > 0 && groups[1] > 0 &&
         groups[2] > 0;
}

absl::Status ColumnTally::Add(absl::string_view value, const CodeTable& codes,
                              const TextScanner& scanner,
                              TextScanner::Scratch* scratch) {
  value = ColumnSample::Cut(absl::StripAsciiWhitespace(value));
  if (value.empty()) return absl::OkStatus();
  ++values_;
  if (hashes_.size() < kMaxDistinct) {
    hashes_.insert(absl::Hash<absl::string_view>()(value));
  }
  numbers_ += IsNumber(value) ? 1 : 0;
  bools_ += IsBool(value) ? 1 : 0;
  times_ += IsTimeShape(value) ? 1 : 0;
  wordy_ += CountWords(value) >= kWordsOfText ? 1 : 0;
  for (size_t i = 0; i < codes_.size(); ++i) {
    const CodeShape& shape = CodeShapes()[i];
    if (!shape.fits(value)) continue;
    ++codes_[i].shaped;
    const CodeRule* const rule = codes.Find(shape.system, value);
    if (rule == nullptr) continue;
    ++codes_[i].known;
    ++codes_[i].by_rule[rule];
  }
  for (const v1::IdentifierKind kind : KindsWithForm()) {
    if (HasLooseForm(kind, value)) ++loose_[kind];
  }
  std::vector<TextMatch> matches;
  SUBROSA_RETURN_IF_ERROR(scanner.Scan(value, scratch, &matches));
  std::set<uint16_t> counted;
  for (const TextMatch& match : matches) {
    Match& sum = matches_[match.rule];
    sum.identifier = match.identifier;
    sum.score = std::max(sum.score, static_cast<double>(match.score));
    if (counted.insert(match.rule).second) ++sum.values;
    if (static_cast<double>(match.span.length) >=
        kWholeShare * static_cast<double>(value.size())) {
      ++sum.whole;
    }
  }
  return absl::OkStatus();
}

NamedValue ColumnTally::Kind() const {
  if (values_ == 0) return NamedValue::kUnknown;
  const auto most = [this](uint64_t count) {
    return 10 * count >= 9 * values_;
  };
  if (most(bools_)) return NamedValue::kBool;
  if (most(times_)) return NamedValue::kTime;
  if (most(numbers_)) return NamedValue::kNumber;
  return NamedValue::kText;
}

}  // namespace subrosa
