#include "tools/subrosa/part_arguments.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

absl::Status Wrong(absl::string_view message) {
  return absl::InvalidArgumentError(message);
}

absl::StatusOr<int32_t> ReadDay(const std::string& text) {
  absl::CivilDay day;
  if (text.size() != 10 || !absl::ParseCivilTime(text, &day)) {
    return Wrong("--collected-before: want a date as YYYY-MM-DD, got another");
  }
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}

}  // namespace

PartArguments::PartArguments(CommandLine* line) {
  line->AddOption("--record", &record_,
                  "Erase one record alone: SOURCE/ID, as `subrosa show` names "
                  "it");
  line->AddOptions("--category", &categories_,
                   "Erase records of this health category alone, such as "
                   "conditions; may be given several times: any of them");
  line->AddOption("--purpose", &purpose_,
                  "Erase records held for this purpose alone");
  line->AddFlag("--old-revisions", &old_revisions_,
                "Erase only revisions that a newer one followed");
  line->AddOption("--collected-before", &collected_before_,
                  "Erase what was collected before this day (YYYY-MM-DD, in "
                  "UTC) alone");
}

bool PartArguments::is_given() const {
  return !record_.empty() || !categories_.empty() || !purpose_.empty() ||
         old_revisions_ || !collected_before_.empty();
}

absl::StatusOr<PartSelection> PartArguments::Read() const {
  PartSelection selection;
  if (!record_.empty()) {
    // A source is a slug: what follows the first slash is the id.
    const size_t slash = record_.find('/');
    if (slash == 0 || slash == std::string::npos ||
        slash + 1 == record_.size()) {
      return Wrong("--record: want a source, a slash and an id, got another");
    }
    selection.source = record_.substr(0, slash);
    selection.id = record_.substr(slash + 1);
  }
  for (const std::string& slug : categories_) {
    const absl::StatusOr<v1::HealthCategory> category =
        ParseSlug<v1::HealthCategory>(slug);
    if (!category.ok()) {
      return Wrong(
          "--category: want one that `subrosa inventory` names, got another");
    }
    selection.categories |= uint32_t{1} << *category;
  }
  if (!purpose_.empty()) {
    SUBROSA_RETURN_IF_ERROR(CheckSlug("--purpose", purpose_));
  }
  selection.purpose = purpose_;
  selection.old_revisions = old_revisions_;
  if (!collected_before_.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(selection.collected_before,
                             ReadDay(collected_before_));
  }
  SUBROSA_RETURN_IF_ERROR(CheckSelection(selection));
  return selection;
}

}  // namespace subrosa
