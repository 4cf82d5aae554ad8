#include "tools/subrosa/finding_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "src/classify/taxonomy_facts.h"

namespace subrosa {
namespace {

absl::string_view ClauseCertainty(const Finding& finding) {
  if (finding.category != v1::HEALTH_CATEGORY_UNSPECIFIED) {
    return CertaintyText(FactsOf(finding.category).certainty());
  }
  if (finding.personal != v1::PERSONAL_CATEGORY_UNSPECIFIED) {
    return CertaintyText(FactsOf(finding.personal).certainty());
  }
  if (finding.sensitive != v1::SENSITIVE_CATEGORY_UNSPECIFIED) {
    return CertaintyText(FactsOf(finding.sensitive).certainty());
  }
  return CertaintyText(FactsOf(finding.identifier).certainty());
}

}  // namespace

std::string KindText(const Finding& finding) {
  std::string kind;
  if (finding.category != v1::HEALTH_CATEGORY_UNSPECIFIED) {
    kind = std::string(Slug(finding.category));
  } else if (finding.personal != v1::PERSONAL_CATEGORY_UNSPECIFIED) {
    kind = std::string(Title(finding.personal));
  } else if (finding.sensitive != v1::SENSITIVE_CATEGORY_UNSPECIFIED) {
    kind = std::string(Title(finding.sensitive));
  } else if (finding.identifier != v1::IDENTIFIER_UNSPECIFIED) {
    kind = absl::StrCat("identifier: ", Title(finding.identifier));
  }
  std::string labels;
  for (const v1::HealthLabel label : finding.labels.Values()) {
    absl::StrAppend(&labels, labels.empty() ? "" : ", ", Title(label));
  }
  if (kind.empty()) return labels;
  return labels.empty() ? kind : absl::StrCat(kind, " (", labels, ")");
}

std::string FindingText(const Finding& finding) {
  return absl::StrCat(KindText(finding), ": ", finding.reason, " [",
                      finding.rule_id, finding.clause.empty() ? "" : "; ",
                      finding.clause,
                      absl::StrFormat("; score %.2f]", finding.score));
}

nlohmann::ordered_json FindingJson(const Finding& finding) {
  nlohmann::ordered_json json = {
      {"field", finding.field_path},
      {"kind", KindText(finding)},
      {"basis", std::string(BasisText(finding.basis))},
      {"rule", finding.rule_id},
      {"clause", finding.clause}};
  if (!finding.clause.empty()) {
    json["certainty"] = std::string(ClauseCertainty(finding));
  }
  json["score"] = finding.score;
  json["span"] = {{"offset", finding.span.offset},
                  {"length", finding.span.length}};
  json["reason"] = finding.reason;
  return json;
}

}  // namespace subrosa
