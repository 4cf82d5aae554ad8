// Suggests the mark of a field that has none, from its name, its type, its
// comment and the names beside it. A suggestion is for a person to judge: it is
// never applied.
//
// Safe from any thread.
#ifndef SUBROSA_SRC_CLASSIFY_MARK_SUGGESTION_H_
#define SUBROSA_SRC_CLASSIFY_MARK_SUGGESTION_H_

#include <string>

#include "google/protobuf/descriptor.h"
#include "src/classify/name_rules.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {

struct MarkSuggestion {
  // Empty (IsMarked is false) where nothing is known.
  v1::FieldMark mark;

  // As in NameMatch; less for what only the comment tells. 0 where nothing is
  // known.
  double score = 0;

  // The rule behind it: "name/diagnosis".
  std::string rule_id;

  // In plain words: "its name says a diagnosis (words: dx_code)".
  std::string reason;
};

// The suggestion keeps the rules that the schema lint holds marks to: roles and
// free text only on strings, a code only beside its code system.
MarkSuggestion SuggestMark(const NameRules& rules,
                           const google::protobuf::FieldDescriptor& field);

// `mark` as it is pasted behind a field's number:
// `[(subrosa.v1.field) = {health: HEALTH_CATEGORY_CONDITIONS}]`.
std::string MarkText(const v1::FieldMark& mark);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_MARK_SUGGESTION_H_
