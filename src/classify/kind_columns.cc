#include "src/classify/kind_columns.h"

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"

namespace subrosa {
namespace {

template <typename E, typename Set>
absl::Status ReadSet(absl::string_view list, absl::string_view what, Set* set) {
  if (list == "-") return absl::OkStatus();
  for (const absl::string_view slug : absl::StrSplit(list, ',')) {
    const absl::StatusOr<E> value = ParseSlug<E>(slug);
    if (!value.ok()) return WantInRules(what, slug);
    set->Add(*value);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadKindColumns(absl::Span<const absl::string_view> columns,
                             Classification* kinds) {
  for (size_t i = 0; i < columns.size(); ++i) {
    absl::Status status;
    switch (i) {
      case 0:
        status = ReadSet<v1::HealthCategory>(columns[i], "a health category",
                                             &kinds->categories);
        break;
      case 1:
        status = ReadSet<v1::HealthLabel>(columns[i], "a health label",
                                          &kinds->labels);
        break;
      case 2:
        status = ReadSet<v1::PersonalCategory>(
            columns[i], "a personal category", &kinds->personal);
        break;
      case 3:
        status = ReadSet<v1::SensitiveCategory>(
            columns[i], "a sensitive category", &kinds->sensitive);
        break;
      case 4:
        status = ReadSet<v1::IdentifierKind>(columns[i], "an identifier kind",
                                             &kinds->identifiers);
        break;
      default:
        status = WantInRules("five columns of kinds", columns[i]);
    }
    SUBROSA_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

bool IsRuleSlug(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_islower(c) && !absl::ascii_isdigit(c) && c != '-') {
      return false;
    }
  }
  return !text.empty();
}

absl::Status WantInRules(absl::string_view wanted, absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("want ", wanted, ", got `", got, "`"));
}

}  // namespace subrosa
