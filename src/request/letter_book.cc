#include "src/request/letter_book.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/request/built_in_letters.h"

namespace subrosa {
namespace {

constexpr absl::string_view kNames[] = {
    "acknowledge", "authenticate", "extend", "deny", "complete", "appeal"};
static_assert(std::size(kNames) == kLetterCount, "a name for every letter");

constexpr absl::string_view kRegulators = "regulators.tsv";
constexpr absl::string_view kPhrases = "phrases.tsv";

// Every field that there is (letter_fields.h).
constexpr absl::string_view kFields[] = {"answered_on",
                                         "appeal",
                                         "appeal_within",
                                         "backups",
                                         "confirmation",
                                         "contact",
                                         "denial",
                                         "denied",
                                         "due_on",
                                         "entity",
                                         "granted",
                                         "in_part",
                                         "kept_for_exception",
                                         "kind",
                                         "nobody_is_asked",
                                         "opt_out",
                                         "reason",
                                         "received_on",
                                         "recipients",
                                         "record",
                                         "reference",
                                         "refused",
                                         "refused_names",
                                         "regulator",
                                         "statement_words",
                                         "told",
                                         "waits",
                                         "wanted"};

// What a letter has to name, by what the statutes ask of it.
const std::vector<absl::string_view>& NeededIn(absl::string_view name) {
  static const auto* const needed =
      new std::map<absl::string_view, std::vector<absl::string_view>>({
          {"acknowledge", {"reference", "kind", "wanted", "due_on", "contact"}},
          {"authenticate", {"reference", "wanted", "contact"}},
          {"extend", {"reference", "reason", "due_on", "contact"}},
          {"deny",
           {"reference", "denial", "reason", "opt_out", "kept_for_exception",
            "statement_words", "appeal", "record", "contact"}},
          {"complete",
           {"reference", "in_part", "refused_names", "confirmation",
            "recipients", "backups", "appeal", "record", "contact"}},
          {"appeal",
           {"reference", "granted", "denied", "reason", "regulator",
            "contact"}},
      });
  return needed->at(name);
}

absl::Status WrongLine(absl::string_view name, size_t line,
                       absl::string_view wants) {
  return absl::InvalidArgumentError(
      absl::StrCat(name, ":", line, ": want ", wants, ", got another"));
}

// One piece of a line: text, or a field.
struct Piece {
  absl::string_view text;
  bool is_field = false;
  bool is_shown = true;
};

// Empty if braces do not pair or name nothing.
std::vector<Piece> PiecesOf(absl::string_view line, bool* is_good) {
  std::vector<Piece> pieces;
  *is_good = true;
  while (!line.empty()) {
    const size_t brace = line.find_first_of("{}");
    if (brace != 0) pieces.push_back({line.substr(0, brace)});
    if (brace == absl::string_view::npos) return pieces;
    const size_t end = line.find('}', brace);
    if (line[brace] == '}' || end == absl::string_view::npos) {
      *is_good = false;
      return pieces;
    }
    absl::string_view field = line.substr(brace + 1, end - brace - 1);
    const bool is_shown = !absl::StartsWith(field, "?");
    if (!is_shown) field.remove_prefix(1);
    *is_good = *is_good && std::find(std::begin(kFields), std::end(kFields),
                                     field) != std::end(kFields);
    pieces.push_back({field, true, is_shown});
    line.remove_prefix(end + 1);
  }
  return pieces;
}

absl::Status CheckTemplate(absl::string_view name, absl::string_view file,
                           absl::string_view text) {
  if (!absl::StartsWith(text, "Subject: ")) {
    return WrongLine(file, 1, "a line that begins with `Subject: `");
  }
  std::vector<absl::string_view> named;
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    bool is_good = false;
    for (const Piece& piece : PiecesOf(line, &is_good)) {
      if (piece.is_field) named.push_back(piece.text);
    }
    if (!is_good) {
      return WrongLine(file, number,
                       "braces around the name of a field that there is");
    }
  }
  for (const absl::string_view field : NeededIn(name)) {
    if (std::find(named.begin(), named.end(), field) == named.end()) {
      return absl::InvalidArgumentError(absl::StrCat(
          file, ":1: want a letter that names {", field, "}, got one without"));
    }
  }
  return absl::OkStatus();
}

// The line with its fields filled in; false if it is left out.
bool FillLine(absl::string_view line, const LetterFields& fields,
              std::string* filled) {
  bool is_good = false;
  for (const Piece& piece : PiecesOf(line, &is_good)) {
    if (!piece.is_field) {
      absl::StrAppend(filled, piece.text);
      continue;
    }
    const auto field = fields.find(std::string(piece.text));
    const bool is_empty = field == fields.end() || field->second.empty();
    // A sentence may end with what not every statute says.
    if (is_empty && piece.text != "appeal_within") return false;
    if (!is_empty && piece.is_shown) absl::StrAppend(filled, field->second);
  }
  return true;
}

absl::Status NeedsField(absl::string_view name, absl::string_view field) {
  return absl::FailedPreconditionError(absl::StrCat(
      "letter.", name, ": want {", field, "} for it, got nothing"));
}

bool Has(const LetterFields& fields, const char* name) {
  const auto field = fields.find(name);
  return field != fields.end() && !field->second.empty();
}

}  // namespace

absl::string_view LetterName(Letter letter) {
  return kNames[static_cast<int>(letter)];
}

absl::Status LetterBook::Replace(absl::string_view name,
                                 absl::string_view text) {
  if (text.size() > kMaxLetterBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ":1: want at most ", kMaxLetterBytes, " bytes, got ",
                     text.size()));
  }
  if (name == kPhrases) {
    SUBROSA_ASSIGN_OR_RETURN(phrases_, LetterPhrases::Parse(name, text));
    return absl::OkStatus();
  }
  if (name == kRegulators) {
    std::map<std::string, std::string, std::less<>> regulators;
    size_t number = 0;
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      ++number;
      if (line.empty() || line[0] == '#') continue;
      const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
      if (columns.size() != 4 || columns[0].empty() || columns[1].empty() ||
          columns[2].empty()) {
        return WrongLine(name, number, "place, name, contact and source");
      }
      regulators[std::string(columns[0])] =
          absl::StrCat(columns[1], ": ", columns[2]);
    }
    regulators_ = std::move(regulators);
    return absl::OkStatus();
  }
  for (const absl::string_view letter : kNames) {
    if (name != absl::StrCat(letter, ".txt")) continue;
    SUBROSA_RETURN_IF_ERROR(CheckTemplate(letter, name, text));
    texts_[std::string(letter)] = std::string(text);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "letter: want the name of one that there is, got another");
}

absl::StatusOr<LetterBook> LetterBook::BuiltIn() {
  LetterBook book;
  for (size_t i = 0; i < kBuiltInLettersCount; ++i) {
    // Each begins on the line after its quotes.
    const absl::Status taken =
        book.Replace(kBuiltInLetters[i].name, kBuiltInLetters[i].text + 1);
    if (!taken.ok()) return absl::InternalError(taken.message());
  }
  return book;
}

absl::StatusOr<LetterBook> LetterBook::FromFolder(const std::string& folder) {
  SUBROSA_ASSIGN_OR_RETURN(LetterBook book, BuiltIn());
  for (size_t i = 0; i < kBuiltInLettersCount; ++i) {
    const std::string name = kBuiltInLetters[i].name;
    const absl::StatusOr<std::string> text =
        ReadFile(absl::StrCat(folder, "/", name), kMaxLetterBytes);
    if (absl::IsNotFound(text.status())) continue;
    SUBROSA_RETURN_IF_ERROR(text.status());
    SUBROSA_RETURN_IF_ERROR(book.Replace(name, *text));
  }
  return book;
}

absl::StatusOr<std::string> LetterBook::Write(
    Letter letter, const LetterFields& fields) const {
  const absl::string_view name = LetterName(letter);
  if (letter == Letter::kExtend || letter == Letter::kDeny ||
      letter == Letter::kAppeal) {
    if (!Has(fields, "reason")) return NeedsField(name, "reason");
  }
  if (letter == Letter::kExtend && !Has(fields, "due_on")) {
    return NeedsField(name, "due_on");
  }
  if (letter == Letter::kAppeal && Has(fields, "denied") &&
      Has(fields, "appeal") && !Has(fields, "regulator")) {
    return NeedsField(name, "regulator");
  }
  if (letter == Letter::kComplete && Has(fields, "answers") &&
      !Has(fields, "confirmation")) {
    return NeedsField(name, "confirmation");
  }
  std::string written;
  bool after_blank = false;
  for (const absl::string_view line :
       absl::StrSplit(texts_.find(name)->second, '\n')) {
    std::string filled;
    if (!FillLine(line, fields, &filled)) continue;
    if (filled.empty() && after_blank) continue;
    after_blank = filled.empty();
    absl::StrAppend(&written, filled, "\n");
  }
  while (absl::EndsWith(written, "\n\n")) written.pop_back();
  return written;
}

std::string LetterBook::RegulatorOf(absl::string_view place) const {
  const auto found = regulators_.find(place);
  return found == regulators_.end() ? "" : found->second;
}

}  // namespace subrosa
