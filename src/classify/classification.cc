#include "src/classify/classification.h"

namespace subrosa {

bool operator==(const Classification& a, const Classification& b) {
  return a.categories == b.categories && a.labels == b.labels &&
         a.personal == b.personal && a.sensitive == b.sensitive &&
         a.identifiers == b.identifiers && a.has_unmarked == b.has_unmarked;
}

absl::string_view BasisText(FindingBasis basis) {
  switch (basis) {
    case FindingBasis::kMark:
      return "mark";
    case FindingBasis::kCode:
      return "code";
    case FindingBasis::kIdentifier:
      return "identifier";
    case FindingBasis::kLanguage:
      return "language";
    case FindingBasis::kInference:
      return "inference";
  }
  return "unknown";
}

}  // namespace subrosa
