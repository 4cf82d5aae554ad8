// NameRules say what the name of a field or of a table's column tells: that
// `dx_code` is a diagnosis, `lmp_date` the last menstrual period, `dob` a date
// of birth, and that `ip_address` is no street. A name is a hint and never
// proof: marks and codes decide, names suggest. The rules are data
// (src/classify/names/name_rules.tsv, built into the library);
// docs/classification.md tells how to add one.
//
// How a name is read: it is cut into words where its case changes, where a
// digit meets a letter, and at anything else; `phq9Total`, `PHQ9_total` and
// `phq-9-total` are the same three words. The longest run of words that a rule
// names is taken first, then the longest in what is left; so `drug_store_id` is
// about a shop. A run of several words is known when written as one, too
// (`zipcode`), and a plural is known by its singular.
//
// Immutable once made; safe to use from any thread.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const NameRules rules, NameRules::BuiltIn());
//   FieldName field;
//   field.name = "phq9_total";
//   for (const NameMatch& match : rules.Read(field)) {
//     std::cout << match.rule->id << " " << match.score << "\n";
//   }
#ifndef SUBROSA_SRC_CLASSIFY_NAME_RULES_H_
#define SUBROSA_SRC_CLASSIFY_NAME_RULES_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/classification.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {

// What kind of value a field holds, as far as its schema or a sample tells.
enum class NamedValue { kUnknown, kText, kNumber, kBool, kTime, kBytes };

// A name and what stands around it.
struct FieldName {
  absl::string_view name;
  NamedValue value = NamedValue::kUnknown;

  // The message, table or group that holds the field, if it has a name.
  absl::string_view parent;

  // The names beside it. Its own may be among them.
  absl::Span<const absl::string_view> siblings;
};

// What a group of names tells.
struct NameRule {
  // "name/date-of-birth".
  std::string id;

  // What such a field holds, in our own words: "a date of birth".
  std::string title;

  // Where the rule comes from, and that source's year.
  std::string source;
  int year = 0;

  // What the field holds. Empty where only what follows is known.
  Classification adds;

  // What the field is for, where its name tells.
  v1::FieldRole role = v1::FIELD_ROLE_UNSPECIFIED;

  // People write into it: it may hold anything.
  bool free_text = false;

  // Says nothing about a person. Such a rule stands alone.
  bool not_personal = false;

  // The code system that the field's codes are of, by its URI; empty where the
  // name does not tell.
  std::string code_system;
};

struct NameMatch {
  const NameRule* rule = nullptr;  // Lives as long as the rules.

  // 0.9 for a name that tells by itself; 0.8 for a word of many meanings beside
  // names (or in a parent) that settle which; 0.4 for such a word alone.
  double score = 0;

  // The words of the name that met the rule, with "_" between: "phq_9".
  std::string words;
};

class NameRules {
 public:
  // A name longer than this, or of more words, meets no rule.
  static constexpr size_t kMaxNameBytes = 256;
  static constexpr size_t kMaxWords = 32;

  // At and above this score a match is worth acting on without asking.
  static constexpr double kLikely = 0.5;

  // The rules that ship with Subrosa. INTERNAL if the shipped file is
  // malformed, which a test rules out.
  static absl::StatusOr<NameRules> BuiltIn();

  // Reads `text`; `name` appears in errors.
  //
  // INVALID_ARGUMENT, `name:line: want …, got …`, for the first line that is
  // not as it should be, or for a name that two rules claim.
  static absl::StatusOr<NameRules> Parse(absl::string_view name,
                                         absl::string_view text);

  NameRules(NameRules&&) noexcept;
  NameRules& operator=(NameRules&&) noexcept;
  ~NameRules();

  // What `field`'s name tells, best score first; of several with one score the
  // last in the name, which is what English puts its noun. Empty if it tells
  // nothing. What one match says holds beside what the others say. A rule that
  // is `not_personal` comes alone, and only where no other is likely.
  //
  // A rule that does not fit the kind of value is left out (a flag is no date
  // of birth). So are identifiers where the name's last word says that it holds
  // something about the identifier and not the thing itself (`email_verified`).
  std::vector<NameMatch> Read(const FieldName& field) const;

  // Number of rules.
  size_t size() const;

 private:
  friend class NameRulesFile;
  struct Rep;
  explicit NameRules(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

// The words of a name, in lower case: "lastSeenIP" is last, seen, ip. Bytes
// that are neither ASCII letters nor digits separate.
std::vector<std::string> WordsOfName(absl::string_view name);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_NAME_RULES_H_
