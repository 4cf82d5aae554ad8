// SafeHarbor makes single values as coarse as HIPAA's Safe Harbor has them (45
// CFR 164.514(b)(2)(i)): postal codes to three digits, dates to years, ages to
// one category above a limit. The limit is the law's (src/law); the areas in
// which few people live are data (src/exports/safe_harbor/safe_harbor.tsv;
// docs/formats/safe_harbor.md).
//
// Immutable once made; safe to use from any thread.
//
// Security: coarse values are not anonymous ones. The rule also asks that
// nobody knows that what is left identifies a person ((b)(2)(ii)), which no
// program can say.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const SafeHarbor rules, SafeHarbor::From(law));
//   rules.PostalCode("98101-2034");          // "981"
//   rules.Year(1921, /*this_year=*/2026);    // 1936: "or before"
#ifndef SUBROSA_SRC_EXPORTS_SAFE_HARBOR_H_
#define SUBROSA_SRC_EXPORTS_SAFE_HARBOR_H_

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/law/law_book.h"

namespace subrosa {

class SafeHarbor {
 public:
  // By `law`, of which nothing is kept, and the areas that ship with Subrosa.
  // FAILED_PRECONDITION if `law` names no highest age that stays; INTERNAL if
  // the areas are malformed, which a test rules out.
  static absl::StatusOr<SafeHarbor> From(const LawBook& law);

  // The same with the areas of `text`. INVALID_ARGUMENT, by line, for a
  // malformed line, an area that stands twice, or one without source and year
  // before it.
  static absl::StatusOr<SafeHarbor> Parse(const LawBook& law,
                                          absl::string_view text);

  // The area of a postal code of the United States, five digits or ZIP+4: its
  // first three digits, or "000" where few people live. Empty for anything
  // else: what has no such form is left out whole.
  std::string PostalCode(absl::string_view code) const;

  // Years of age, those over oldest_age() as one category: oldest_age() + 1
  // stands for that or more. At least 0.
  int64_t Age(int64_t years) const;

  // A year, those that tell of an age over oldest_age() as one category: its
  // last year, which stands for that or before. Never later than `this_year`
  // is.
  int64_t Year(int64_t year, int64_t this_year) const;

  // The year of a date as computers write them ("2024", "2024-03",
  // "2024-03-05T…", "20240305"), made coarse as Year does; empty for what is
  // none.
  std::string DateText(absl::string_view date, int64_t this_year) const;

  int64_t oldest_age() const { return oldest_age_; }

  // Where the areas come from, each with its year, in the order of the file.
  const std::vector<std::string>& sources() const { return sources_; }

 private:
  SafeHarbor() = default;

  int64_t oldest_age_ = 0;
  std::set<std::string, std::less<>> sparse_areas_;
  std::vector<std::string> sources_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SAFE_HARBOR_H_
