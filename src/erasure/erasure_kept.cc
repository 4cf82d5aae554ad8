#include "src/erasure/erasure_kept.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/time/civil_time.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/vault/evidence_store.h"

namespace subrosa {
namespace {

// Evidence is kept until the end of the year that it expires in.
int32_t LastDayOfYear(int32_t day) {
  return static_cast<int32_t>(
      absl::CivilDay(absl::CivilYear(CivilDayOf(day)) + 1) - 1 -
      absl::CivilDay(1970, 1, 1));
}

}  // namespace

absl::StatusOr<std::vector<v1::CertificateKept>> KeptOf(
    const LawBook& law, EvidenceStore& evidence, const ErasureTerms& terms,
    absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EvidenceLabel> labels,
                           evidence.ListKinds(consumer));
  std::map<std::pair<std::string, std::string>, int32_t> until;
  for (const EvidenceLabel& label : labels) {
    int32_t& day = until[{label.kind, label.clause}];
    day = std::max(day, LastDayOfYear(label.expires_day));
  }
  std::vector<v1::CertificateKept> kept;
  for (const auto& [what, day] : until) {
    v1::CertificateKept& item = kept.emplace_back();
    item.set_what(what.first);
    item.set_until_day(day);
    item.set_rule(what.second);
    item.set_citation(CitationOf(law, what.second));
  }
  if (terms.MaySuppress()) kept.push_back(terms.suppression);
  return kept;
}

}  // namespace subrosa
