// The words that letters are made of beside their templates: months, periods,
// what is asked for, why it is denied. They come from a file, `phrases.tsv`
// beside the templates, so that letters in another language are so throughout.
//
// A line is a name, a tab and the words; lines that begin with # are left out.
// What stands in braces is filled in: {day}, {month}, {year}, {count},
// {period}.
//
// Immutable once made; safe to use from any thread.
#ifndef SUBROSA_SRC_REQUEST_LETTER_PHRASES_H_
#define SUBROSA_SRC_REQUEST_LETTER_PHRASES_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

class LetterPhrases {
 public:
  // Those that ship, in English.
  static const LetterPhrases& BuiltIn();

  // INVALID_ARGUMENT, `name:line: want …, got …`, for a line that is no name
  // and words, a name that is not one of the shipped file's or is there twice,
  // and words that leave out what the shipped ones have in braces, or have
  // other braces; and if a name is missing.
  static absl::StatusOr<LetterPhrases> Parse(absl::string_view name,
                                             absl::string_view text);

  // The words of `name`, which is one of the shipped file's.
  const std::string& Of(absl::string_view name) const;
  std::string WithCount(absl::string_view name, int64_t count) const;

  // "15 January 2027"; "45 calendar days".
  std::string Day(absl::CivilDay day) const;
  std::string Period(const v1::Period& period) const;

  // What is asked for, as a consumer knows it: "to have your data deleted".
  const std::string& Kind(v1::RequestKind kind) const;
  // Why it is denied, in a sentence for the requester, without a full stop.
  const std::string& Denial(v1::DenialReason reason) const;

 private:
  using Words = std::map<std::string, std::string, std::less<>>;
  explicit LetterPhrases(Words words) : words_(std::move(words)) {}

  Words words_;  // By name.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_LETTER_PHRASES_H_
