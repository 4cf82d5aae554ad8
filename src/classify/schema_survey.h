// A survey of a service's schema: every field, what its mark says it holds and
// under which clause, and for a field without a mark a suggestion. It answers
// "is anything forgotten?" before a record exists.
//
// Safe from any thread. Nothing of a record is read, only descriptions.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const DescriptorFiles files,
//                            ReadDescriptorSet(bytes));
//   SUBROSA_ASSIGN_OR_RETURN(const NameRules rules, NameRules::BuiltIn());
//   const SchemaSurvey survey = SurveySchema(rules, files.files);
//   if (survey.MarkedPercent() < 100) ...
#ifndef SUBROSA_SRC_CLASSIFY_SCHEMA_SURVEY_H_
#define SUBROSA_SRC_CLASSIFY_SCHEMA_SURVEY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"
#include "src/classify/classification.h"
#include "src/classify/mark_suggestion.h"
#include "src/classify/name_rules.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {

enum class FieldStanding {
  kMarked,       // It has a mark.
  kNotPersonal,  // Its mark says that it is about no person.
  kBelow,        // It holds a message whose own fields say what they are.
  kUnmarked,     // An oversight.
};

struct SurveyedField {
  std::string name;  // Of an extension the full name, in brackets.
  int number = 0;
  std::string type;  // "string", "repeated int32", "map<string, test.Mood>".
  int line = 0;      // From 1; 0 where the set has no source information.

  FieldStanding standing = FieldStanding::kUnmarked;
  v1::FieldMark mark;

  // What the field's mark says, what its message's mark says where the field's
  // names no health category and is not `not_personal`, and what follows in
  // California.
  Classification kinds;

  MarkSuggestion suggestion;  // Of an unmarked field.
};

// A message, or what a file adds to one by `extend`.
struct SurveyedMessage {
  std::string full_name;
  std::string file;      // Of its fields.
  std::string title;     // Of the message's mark; empty if it has none.
  Classification kinds;  // Of the message's mark alone.
  std::vector<SurveyedField> fields;
};

struct SchemaSurvey {
  // Messages with fields, those inside others too, in the order of the files;
  // after a file's messages, those that it extends. Options are none.
  std::vector<SurveyedMessage> messages;

  // What is wrong in the marks that are there: a number that the taxonomy
  // lacks, a role on the wrong type; `file: full.name: want …, got …`.
  std::vector<std::string> problems;

  // Fields that want a mark of their own: all but those that stand kBelow.
  size_t fields = 0;
  size_t unmarked = 0;

  // Of `fields`, those that are not unmarked, in percent; 100 without fields.
  double MarkedPercent() const;
};

// Surveys every message of `files`. Maps count as one field. Their kinds are
// those known to this build.
SchemaSurvey SurveySchema(
    const NameRules& rules,
    absl::Span<const google::protobuf::FileDescriptor* const> files);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_SCHEMA_SURVEY_H_
