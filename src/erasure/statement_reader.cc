#include "src/erasure/statement_reader.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

namespace subrosa {
namespace {

constexpr size_t kTagBytes = 16;
constexpr size_t kDateBytes = 10;  // "2026-11-26".

}  // namespace

void StatementReader::Fail(absl::string_view want) {
  if (!ok()) return;
  status_ = absl::InvalidArgumentError(absl::StrCat(
      "certificate: line ", line_, ": want ", want, ", got another text"));
  rest_ = {};
}

bool StatementReader::IsNext(absl::string_view literal) const {
  return ok() && absl::StartsWith(rest_, literal);
}

bool StatementReader::TryTake(absl::string_view literal) {
  if (!ok() || !absl::ConsumePrefix(&rest_, literal)) return false;
  line_ += static_cast<int>(std::count(literal.begin(), literal.end(), '\n'));
  return true;
}

void StatementReader::Take(absl::string_view literal) {
  if (!TryTake(literal)) {
    Fail(absl::StrCat("\"", absl::StripSuffix(literal, "\n"), "\""));
  }
}

void StatementReader::Line(absl::string_view line) {
  Take(line);
  EndLine();
}

int32_t StatementReader::Day(absl::string_view before) {
  Take(before);
  const absl::string_view text = rest_.substr(0, kDateBytes);
  absl::CivilDay day;
  if (!ok() || !absl::ParseCivilTime(text, &day) ||
      absl::FormatCivilTime(day) != text) {
    Fail("a date as 2026-11-26");
    return 0;
  }
  rest_.remove_prefix(kDateBytes);
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}

uint64_t StatementReader::Number(absl::string_view before) {
  Take(before);
  uint64_t number = 0;
  size_t digits = 0;
  while (digits < rest_.size() && digits < 10 &&
         absl::ascii_isdigit(static_cast<unsigned char>(rest_[digits]))) {
    number = 10 * number + static_cast<uint64_t>(rest_[digits] - '0');
    ++digits;
  }
  if (digits == 0 || number >= uint64_t{1} << 31) {
    Fail("a number below 2^31");
    return 0;
  }
  rest_.remove_prefix(digits);
  return number;
}

char StatementReader::Letter(absl::string_view before) {
  Take(before);
  if (rest_.empty()) {
    Fail("a letter");
    return '\0';
  }
  const char letter = rest_.front();
  rest_.remove_prefix(1);
  EndLine();
  return letter;
}

std::string StatementReader::Word(absl::string_view before) {
  Take(before);
  const absl::string_view word =
      rest_.substr(0, std::min(rest_.find_first_of(",\n"), rest_.size()));
  rest_.remove_prefix(word.size());
  return std::string(word);
}

std::string StatementReader::Rest(absl::string_view before) {
  Take(before);
  const absl::string_view line =
      rest_.substr(0, std::min(rest_.find('\n'), rest_.size()));
  rest_.remove_prefix(line.size());
  EndLine();
  return std::string(line);
}

std::string StatementReader::Hex(absl::string_view before) {
  Take(before);
  const absl::string_view digits = rest_.substr(0, 2 * kTagBytes);
  if (digits.size() != 2 * kTagBytes ||
      !std::all_of(digits.begin(), digits.end(), [](char c) {
        return absl::ascii_isxdigit(static_cast<unsigned char>(c));
      })) {
    Fail("32 hexadecimal digits");
    return {};
  }
  rest_.remove_prefix(digits.size());
  EndLine();
  return absl::HexStringToBytes(digits);
}

}  // namespace subrosa
