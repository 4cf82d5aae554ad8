// A LetterBook writes the letters of requests from templates: plain text with
// the names of fields in braces; and has the words that fields are made of
// (letter_phrases.h). The shipped ones are in English (src/request/letters); an
// entity's own, in its words and other languages, take their place one by one.
//
// In a template, `{name}` is where a field goes, and `{?name}` is nothing
// itself. A line that names a field which is empty is left out, and blank lines
// that follow on each other become one. The first line is the subject.
//
// Thread-compatible.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(LetterBook letters, LetterBook::BuiltIn());
//   SUBROSA_ASSIGN_OR_RETURN(
//       const std::string text,
//       letters.Write(Letter::kDeny, LetterFieldsOf(law, policy, view, now)));
#ifndef SUBROSA_SRC_REQUEST_LETTER_BOOK_H_
#define SUBROSA_SRC_REQUEST_LETTER_BOOK_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/request/letter_phrases.h"

namespace subrosa {

enum class Letter {
  kAcknowledge,
  kAuthenticate,
  kExtend,
  kDeny,
  kComplete,
  kAppeal,  // The decision on one.
};
inline constexpr int kLetterCount = 6;

// "deny".
absl::string_view LetterName(Letter letter);

// What a letter can say, by name; one that is absent is empty.
using LetterFields = std::map<std::string, std::string>;

// The largest template or table, in bytes.
inline constexpr size_t kMaxLetterBytes = size_t{64} << 10;

class LetterBook {
 public:
  // INTERNAL if a shipped file is malformed, which a test rules out.
  static absl::StatusOr<LetterBook> BuiltIn();

  // The shipped ones, with the files of `folder` in their place: "deny.txt",
  // "regulators.tsv", "phrases.tsv". One that is not there stays as it is.
  // Errors of ReadFile and Replace.
  static absl::StatusOr<LetterBook> FromFolder(const std::string& folder);

  // Puts `text` in the place of `name` ("deny.txt", "regulators.tsv",
  // "phrases.tsv").
  //
  // INVALID_ARGUMENT, `name:line: want …, got …`, for a name that is no
  // letter's, for braces that name no field that there is, a template that does
  // not begin with `Subject: ` and a table whose lines are not place, name,
  // contact and source. Fields that a letter must name, as the packs list them,
  // are looked for too: a denial says its reason. Errors of
  // LetterPhrases::Parse.
  absl::Status Replace(absl::string_view name, absl::string_view text);

  // FAILED_PRECONDITION if a field that the letter cannot do without is empty:
  // an extension's reason, or, where a statute asks for it, the regulator of an
  // appeal that was denied and what an answer to access has to confirm.
  absl::StatusOr<std::string> Write(Letter letter,
                                    const LetterFields& fields) const;

  // "the Attorney General of Washington: https://…"; empty if none is known.
  std::string RegulatorOf(absl::string_view place) const;

  const LetterPhrases& phrases() const { return phrases_; }

 private:
  LetterBook() = default;

  std::map<std::string, std::string, std::less<>> texts_;       // By name.
  std::map<std::string, std::string, std::less<>> regulators_;  // By place.
  LetterPhrases phrases_ = LetterPhrases::BuiltIn();
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_LETTER_BOOK_H_
