#include "src/exports/safe_harbor.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/exports/safe_harbor/built_in.h"

namespace subrosa {
namespace {

constexpr absl::string_view kAgeRule = "us-hipaa-safe-harbor/age";
constexpr int64_t kGreatestAge = 150;

// Stands for every area in which few people live.
constexpr absl::string_view kNowhere = "000";

bool AreDigits(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

absl::Status Want(absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat("want ", wanted));
}

}  // namespace

absl::StatusOr<SafeHarbor> SafeHarbor::From(const LawBook& law) {
  absl::StatusOr<SafeHarbor> rules = Parse(law, kBuiltInSafeHarbor);
  if (absl::IsInvalidArgument(rules.status())) {
    return absl::InternalError(rules.status().message());
  }
  return rules;
}

absl::StatusOr<SafeHarbor> SafeHarbor::Parse(const LawBook& law,
                                             absl::string_view text) {
  const LawEntry* age = law.Find(kAgeRule);
  if (age == nullptr || age->rule->threshold().value() < 1 ||
      age->rule->threshold().value() > kGreatestAge) {
    return absl::FailedPreconditionError(absl::StrCat(
        kAgeRule, ": want a threshold of 1 to ", kGreatestAge, ", got none"));
  }
  SafeHarbor rules;
  rules.oldest_age_ = age->rule->threshold().value();
  std::string source;
  bool is_dated = false;  // The source has its year.
  const auto read = [&](absl::string_view line) -> absl::Status {
    const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
    if (columns.size() != 2 || columns[1].empty()) {
      return Want("a keyword, a tab and its value");
    }
    const absl::string_view value = columns[1];
    if (columns[0] == "source") {
      source = std::string(value);
      is_dated = false;
      return absl::OkStatus();
    }
    if (columns[0] == "year") {
      if (source.empty() || is_dated || !AreDigits(value) ||
          value.size() != 4) {
        return Want("one year of four digits after each source");
      }
      rules.sources_.push_back(absl::StrCat(source, " (", value, ")"));
      is_dated = true;
      return absl::OkStatus();
    }
    if (!is_dated) return Want("a source and its year before an area");
    if (columns[0] == "sparse-area") {
      if (value.size() != 3 || !AreDigits(value) ||
          !rules.sparse_areas_.emplace(value).second) {
        return Want("an area of three digits, each once");
      }
      return absl::OkStatus();
    }
    return Want("source, year or sparse-area");
  };
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    SUBROSA_RETURN_IF_ERROR(
        Annotate(read(line), absl::StrCat("line ", number)));
  }
  return rules;
}

std::string SafeHarbor::PostalCode(absl::string_view code) const {
  const bool is_long = code.size() == 10 && code[5] == '-';
  if (!AreDigits(code.substr(0, 5)) || (code.size() != 5 && !is_long) ||
      (is_long && !AreDigits(code.substr(6)))) {
    return "";
  }
  const absl::string_view area = code.substr(0, 3);
  return std::string(sparse_areas_.count(area) != 0 ? kNowhere : area);
}

int64_t SafeHarbor::Age(int64_t years) const {
  return std::clamp<int64_t>(years, 0, oldest_age_ + 1);
}

int64_t SafeHarbor::Year(int64_t year, int64_t this_year) const {
  // Who was born that year may have turned oldest_age() + 1 by its end.
  return std::clamp(year, this_year - oldest_age_ - 1, this_year);
}

std::string SafeHarbor::DateText(absl::string_view date,
                                 int64_t this_year) const {
  const absl::string_view rest = date.size() > 4 ? date.substr(4) : "";
  const bool is_date =
      rest.empty() || rest[0] == '-' || (rest.size() == 4 && AreDigits(rest));
  int64_t year = 0;
  if (date.size() < 4 || !is_date || !AreDigits(date.substr(0, 4)) ||
      !absl::SimpleAtoi(date.substr(0, 4), &year)) {
    return "";
  }
  return absl::StrCat(Year(year, this_year));
}

}  // namespace subrosa
