#include "src/classify/suppressions.h"

#include <fnmatch.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr char kColumns[] =
    "rule, where, reason, reviewer, reviewed, expires, with tabs between";

// fnmatch tries every way to share a name out among stars.
constexpr int kMaxStars = 4;

constexpr size_t kPseudonymDigits = 12;

bool IsPseudonym(absl::string_view text) {
  return text.size() == kPseudonymDigits &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
         });
}

absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view name,
                                        absl::string_view text) {
  absl::CivilDay day;
  // Exactly one spelling, so that sorting the file sorts by date.
  if (text.size() != 10 || !absl::ParseCivilTime(text, &day)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": want a day as 2026-11-30"));
  }
  return day;
}

// "payload.reasons[1].text" is "payload.reasons.text".
std::string WithoutIndexes(absl::string_view path) {
  std::string place;
  bool in_index = false;
  for (const char c : path) {
    if (c == '[') in_index = true;
    if (!in_index) place += c;
    if (c == ']') in_index = false;
  }
  return place;
}

}  // namespace

absl::StatusOr<Suppressions> Suppressions::Parse(absl::string_view text,
                                                 absl::CivilDay today) {
  Suppressions suppressions;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    absl::ConsumeSuffix(&line, "\r");
    if (line.empty() || line.front() == '#') continue;
    SUBROSA_RETURN_IF_ERROR(Annotate(suppressions.AddLine(line, number, today),
                                     absl::StrCat("line ", number)));
  }
  return suppressions;
}

absl::Status Suppressions::AddLine(absl::string_view line, int number,
                                   absl::CivilDay today) {
  if (entries_.size() == kMaxEntries) {
    return absl::InvalidArgumentError(
        absl::StrCat("want at most ", kMaxEntries, " entries, got more"));
  }
  const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
  if (columns.size() != 6 ||
      std::any_of(columns.begin(), columns.end(), [](absl::string_view column) {
        return absl::StripAsciiWhitespace(column).empty();
      })) {
    return absl::InvalidArgumentError(
        absl::StrCat("want six columns, none of them empty: ", kColumns));
  }
  Suppression entry;
  entry.line = number;
  entry.rule_id = std::string(columns[0]);
  entry.reason = std::string(columns[2]);
  entry.reviewer = std::string(columns[3]);
  SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay reviewed,
                           ParseDay("reviewed", columns[4]));
  SUBROSA_ASSIGN_OR_RETURN(entry.expires, ParseDay("expires", columns[5]));
  if (reviewed > today) {
    return absl::InvalidArgumentError("reviewed: want a day that has come");
  }
  if (entry.expires <= reviewed) {
    return absl::InvalidArgumentError(
        "expires: want a day after the review, got one before");
  }
  entry.is_expired = entry.expires <= today;

  absl::string_view where = columns[1];
  Kind kind = Kind::kField;
  if (absl::ConsumePrefix(&where, "file:")) {
    kind = Kind::kFile;
    if (where.size() > kMaxPatternBytes ||
        std::count(where.begin(), where.end(), '*') > kMaxStars) {
      return absl::InvalidArgumentError(
          absl::StrCat("where: want a pattern of at most ", kMaxPatternBytes,
                       " bytes and ", kMaxStars, " stars"));
    }
  } else if (absl::ConsumePrefix(&where, "value:")) {
    kind = Kind::kValue;
    if (!IsPseudonym(where)) {
      return absl::InvalidArgumentError(
          absl::StrCat("where: want the ", kPseudonymDigits,
                       " letters and digits of a pseudonym after value:, never "
                       "the value"));
    }
    needs_pseudonyms_ = true;
  } else if (!absl::ConsumePrefix(&where, "field:")) {
    return absl::InvalidArgumentError(
        "where: want field:, file: or value: and what follows it");
  }
  const std::string key =
      absl::StrCat(entry.rule_id, "\n", static_cast<int>(kind), "\n", where);
  if (!by_place_.emplace(key, entries_.size()).second) {
    return absl::InvalidArgumentError(
        "where: want each rule and place once, got one again");
  }
  if (kind == Kind::kFile) {
    patterns_.push_back({std::string(where), entries_.size()});
  }
  entries_.push_back(std::move(entry));
  return absl::OkStatus();
}

void Suppressions::BeginFile(const std::string& path) {
  in_file_.clear();
  for (const FilePattern& pattern : patterns_) {
    const Suppression& entry = entries_[pattern.entry];
    if (!entry.is_expired &&
        fnmatch(pattern.pattern.c_str(), path.c_str(), 0) == 0) {
      in_file_.emplace(entry.rule_id, pattern.entry);
    }
  }
}

bool Suppressions::Use(absl::string_view rule_id, Kind kind,
                       absl::string_view where) {
  const auto known = by_place_.find(
      absl::StrCat(rule_id, "\n", static_cast<int>(kind), "\n", where));
  if (known == by_place_.end() || entries_[known->second].is_expired) {
    return false;
  }
  ++entries_[known->second].used;
  return true;
}

bool Suppressions::Suppresses(absl::string_view rule_id,
                              absl::string_view field_path,
                              absl::string_view pseudonym) {
  if (entries_.empty()) return false;
  if (const auto entry = in_file_.find(rule_id); entry != in_file_.end()) {
    ++entries_[entry->second].used;
    return true;
  }
  return (!pseudonym.empty() && Use(rule_id, Kind::kValue, pseudonym)) ||
         (!field_path.empty() &&
          Use(rule_id, Kind::kField, WithoutIndexes(field_path)));
}

}  // namespace subrosa
