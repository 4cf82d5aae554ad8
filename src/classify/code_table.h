// A CodeTable knows what codes of medical code systems say: that an ICD-10-CM
// code between F10 and F19 is about substance use, that a LOINC code is a
// depression questionnaire. The rules are data (src/classify/codes/*.tsv, built
// into the library); docs/classification.md tells how to add one.
//
// Immutable once made; safe to use from any thread.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const CodeTable codes, CodeTable::BuiltIn());
//   const CodeRule* rule =
//       codes.Find("http://hl7.org/fhir/sid/icd-10-cm", "F10.20");
//   if (rule != nullptr) record |= rule->adds;
#ifndef SUBROSA_SRC_CLASSIFY_CODE_TABLE_H_
#define SUBROSA_SRC_CLASSIFY_CODE_TABLE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/classification.h"

namespace subrosa {

// What a code, or a group of codes, tells of its record.
struct CodeRule {
  // "icd-10-cm/substance-use". Names the group, never one code, so that it may
  // appear where a value may not.
  std::string id;

  // What the codes are about, in our own words.
  std::string title;

  // Where the grouping comes from, and that source's year. In a list of single
  // codes, where this code was compared: each origin has a rule of its own with
  // the same id.
  std::string source;
  int year = 0;

  // The code stands in the list from memory and was compared with no public
  // source. Findings say so.
  bool unverified = false;

  // Holds for every record with such a code.
  Classification adds;

  // Holds too where no code in the record says more closely what it is. Only
  // rules on a record's foreign type (FIELD_ROLE_RESOURCE_TYPE) use it.
  Classification adds_if_uncoded;
};

// "LOINC codes, short list of our own, 2024", as reasons say it; says where a
// code was compared with nothing.
std::string SourceText(const CodeRule& rule);

class CodeTable {
 public:
  // One file of rules: `name` appears in errors.
  struct Source {
    absl::string_view name;
    absl::string_view text;
  };

  // The code system under which types of FHIR resources are looked up.
  static constexpr absl::string_view kFhirResourceTypes =
      "http://hl7.org/fhir/resource-types";

  // Longest code system URI, and longest code, that is looked up; in bytes.
  // Longer ones meet no rule.
  static constexpr size_t kMaxSystemBytes = 256;
  static constexpr size_t kMaxCodeBytes = 128;

  // The table that ships with Subrosa. INTERNAL if a shipped file is malformed,
  // which a test rules out.
  static absl::StatusOr<CodeTable> BuiltIn();

  // Reads `sources`. The text is copied.
  //
  // INVALID_ARGUMENT, `name:line: want …, got …`, for a malformed line, an
  // unknown kind, a second rule for the same codes, or ranges that overlap
  // without one lying in the other.
  static absl::StatusOr<CodeTable> Parse(absl::Span<const Source> sources);

  CodeTable(CodeTable&&) noexcept;
  CodeTable& operator=(CodeTable&&) noexcept;
  ~CodeTable();

  // The rule for `code` of the system with URI, OID or slug `system`: that of
  // the code itself, else of the narrowest range that holds it, else of the
  // whole system. Null if there is none. The rule lives as long as the table.
  const CodeRule* Find(absl::string_view system, absl::string_view code) const;

  // Whether the table has rules on codes of `system`, named as above.
  bool HasSystem(absl::string_view system) const;

  // Slugs of the systems ("icd-10-cm"), in the order of the sources.
  std::vector<absl::string_view> systems() const;

  // Number of rules, those of each origin counted apart.
  size_t size() const;

  // Every rule, in the order of the sources.
  absl::Span<const CodeRule> rules() const;

 private:
  struct Rep;
  explicit CodeTable(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_CODE_TABLE_H_
