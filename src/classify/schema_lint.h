// The schema lint finds what a service forgot when it marked its messages: a
// forgotten mark is health data that nothing seals as such, exports or erases.
//
// Safe from any thread. Nothing of a record is read, only descriptions.
//
// Example:
//   for (const std::string& problem : LintPayload(*MyPayload::descriptor())) {
//     std::cerr << problem << "\n";
//   }
//   // my.proto: my.Payload.note: want a mark, or `not_personal`, got neither
#ifndef SUBROSA_SRC_CLASSIFY_SCHEMA_LINT_H_
#define SUBROSA_SRC_CLASSIFY_SCHEMA_LINT_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace subrosa {

// The problems of `payload` and of every message and enum that it can hold, as
// `file: full.name: want …, got …`, in the order of the files; empty if there
// are none. Messages of package google.protobuf are taken as single values.
//
// A problem is
//   - a payload without a title;
//   - a field that is neither marked nor said to be not personal, unless it
//     holds a message whose own fields say it all;
//   - `not_personal` beside or over another mark, or a number that the taxonomy
//     lacks;
//   - a number left out between 1 and the highest that is not `reserved` (for
//     an enum, between its lowest and highest);
//   - a role on a field of the wrong type, twice in a message, or below the top
//     level; a code without its code system;
//   - `free_text` on what is no string, or `from_parent` where there is no
//     parent;
//   - a google.protobuf.Any, which hides what it holds.
std::vector<std::string> LintPayload(
    const google::protobuf::Descriptor& payload);

// Of the same, only what is wrong in the marks that are there: neither a title,
// a mark nor a number that is missing is a problem.
std::vector<std::string> LintMarks(const google::protobuf::Descriptor& payload);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_SCHEMA_LINT_H_
