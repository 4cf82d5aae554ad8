#include "src/ingest/cda_section.h"

namespace subrosa {
namespace {

struct SectionName {
  absl::string_view code;
  absl::string_view name;
};

constexpr SectionName kSections[] = {
    {"10157-6", "cda:family-history"},
    {"10160-0", "cda:medications"},
    {"10183-2", "cda:medications"},
    {"10190-7", "cda:mental-status"},
    {"11369-6", "cda:immunizations"},
    {"11450-4", "cda:problems"},
    {"18776-5", "cda:plan"},
    {"29549-3", "cda:medications"},
    {"29762-2", "cda:social-history"},
    {"30954-2", "cda:results"},
    {"42346-7", "cda:medications"},
    {"42348-3", "cda:advance-directives"},
    {"46240-8", "cda:encounters"},
    {"46264-8", "cda:equipment"},
    {"47420-5", "cda:functional-status"},
    {"47519-4", "cda:procedures"},
    {"48765-2", "cda:allergies"},
    {"48768-6", "cda:payers"},
    {"61146-7", "cda:goals"},
    {"75310-3", "cda:health-concerns"},
    {"8716-3", "cda:vital-signs"},
};

}  // namespace

absl::string_view CdaSectionName(absl::string_view code) {
  for (const SectionName& section : kSections) {
    if (section.code == code) return section.name;
  }
  return "cda:other";
}

}  // namespace subrosa
