// The forms in which databases keep identifiers under a column's name: an SSN
// of nine digits, a telephone number without its dashes, an address of the web
// without its scheme. Too loose to find anything by; enough not to say that
// values contradict their name. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_LOOSE_FORM_H_
#define SUBROSA_SRC_CLASSIFY_LOOSE_FORM_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// The kinds that have a form.
absl::Span<const v1::IdentifierKind> KindsWithForm();

// True if `value`, under a name that says `kind`, may be one. False for a kind
// that has no form.
bool HasLooseForm(v1::IdentifierKind kind, absl::string_view value);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_LOOSE_FORM_H_
