// What our kinds of data are called in published vocabularies, so that a data
// inventory can be read by tools that speak those: fideslang's data categories
// ("user.health_and_medical") and the Data Privacy Vocabulary's personal data
// ("https://w3id.org/dpv/pd#MedicalHealth"). The map is data
// (src/classify/terms/published_terms.tsv).
//
// The map goes one way and loses detail: neither vocabulary knows a statute's
// clause.
//
// Immutable once made; safe to use from any thread.
#ifndef SUBROSA_SRC_CLASSIFY_PUBLISHED_TERMS_H_
#define SUBROSA_SRC_CLASSIFY_PUBLISHED_TERMS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"

namespace subrosa {

// Sorted, each once.
struct PublishedTerms {
  std::vector<std::string> fideslang;
  std::vector<std::string> dpv;
};

class TermMap {
 public:
  // INTERNAL if the shipped file is malformed, which a test rules out.
  static absl::StatusOr<TermMap> BuiltIn();

  // Reads `text`; `name` appears in errors.
  //
  // INVALID_ARGUMENT, `name:line: want …, got …`, for a malformed line, a kind
  // that the taxonomy lacks, or one that stands twice.
  static absl::StatusOr<TermMap> Parse(absl::string_view name,
                                       absl::string_view text);

  // The terms of all that `kinds` holds. A term above another that holds too
  // ("user.location" beside "user.location.precise") is left out.
  PublishedTerms Of(const Classification& kinds) const;

 private:
  // By kind ("identifier") and slug.
  std::map<std::pair<std::string, std::string>, PublishedTerms> terms_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_PUBLISHED_TERMS_H_
