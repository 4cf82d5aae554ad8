// What the taxonomy says of each of its values: the clause, the words for
// people, how sure we are of the text. All of it is read from the options of
// the enum values in proto/subrosa/v1/taxonomy.proto, so that no citation
// stands in C++.
//
// E is one of v1::HealthCategory, v1::HealthLabel, v1::PersonalCategory,
// v1::SensitiveCategory and v1::IdentifierKind. The references and views
// returned live as long as the program. Safe to call from any thread.
//
// Example:
//   std::cout << Slug(v1::HEALTH_CATEGORY_CONDITIONS) << ": "
//             << FactsOf(v1::HEALTH_CATEGORY_CONDITIONS).clause();
//   // conditions: RCW 19.373.010(8)(b)(i)
#ifndef SUBROSA_SRC_CLASSIFY_TAXONOMY_FACTS_H_
#define SUBROSA_SRC_CLASSIFY_TAXONOMY_FACTS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// Clause, title, counterparts and certainty. For UNSPECIFIED and for a number
// that this build does not know, an empty message.
const v1::ClauseFacts& FactsOf(v1::HealthCategory value);
const v1::ClauseFacts& FactsOf(v1::PersonalCategory value);
const v1::ClauseFacts& FactsOf(v1::SensitiveCategory value);
const v1::ClauseFacts& FactsOf(v1::IdentifierKind value);

// Title and the categories below which the label hangs. Empty as above.
const v1::LabelFacts& FactsOf(v1::HealthLabel value);

// The words for people; "unspecified" or "unknown" where there are none.
template <typename E>
absl::string_view Title(E value);

// The short name for files and command lines: the value's name without its
// prefix, lower case, hyphens: "mental-health". "unspecified" for zero,
// "unknown" for a number that this build does not know.
template <typename E>
absl::string_view Slug(E value);

// The value whose Slug is exactly `slug`.
//
// INVALID_ARGUMENT for anything else, "unspecified" included. The message does
// not repeat `slug`.
template <typename E>
absl::StatusOr<E> ParseSlug(absl::string_view slug);

// Every value but UNSPECIFIED, in the statute's order (by number).
template <typename E>
const std::vector<E>& AllValues();

// How sure we are of a text, in words to print beside its citation:
// "statute read", "secondary source", "from memory: check".
absl::string_view CertaintyText(v1::TextCertainty certainty);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TAXONOMY_FACTS_H_
