// Reads the columns in which a file of rules names kinds of data. Internal to
// this room: the rules on codes and those on names share it.
#ifndef SUBROSA_SRC_CLASSIFY_KIND_COLUMNS_H_
#define SUBROSA_SRC_CLASSIFY_KIND_COLUMNS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/classification.h"

namespace subrosa {

// Adds to `kinds` what `columns` name: health categories, health labels, and,
// where there are more, personal categories, sensitive categories, identifiers.
// Each column is a list of slugs with commas between, or "-" for none.
//
// INVALID_ARGUMENT, `want …, got …`, for a slug that the taxonomy lacks or for
// a sixth column. The message quotes the file, which holds no record.
absl::Status ReadKindColumns(absl::Span<const absl::string_view> columns,
                             Classification* kinds);

// True for lower case letters, digits and hyphens, at least one.
bool IsRuleSlug(absl::string_view text);

// INVALID_ARGUMENT: want `wanted`, got `got`.
absl::Status WantInRules(absl::string_view wanted, absl::string_view got);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_KIND_COLUMNS_H_
