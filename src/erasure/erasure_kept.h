// What stays of a consumer although they are erased, for their certificate:
// what statutes have kept as evidence, and the token of their id where one may
// be kept. Each with its rule.
//
// Thread-compatible, as the vault.
#ifndef SUBROSA_SRC_ERASURE_ERASURE_KEPT_H_
#define SUBROSA_SRC_ERASURE_ERASURE_KEPT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/erasure/erasure_terms.h"
#include "src/law/law_book.h"
#include "src/vault/evidence_store.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {

// One entry a kind and rule, until the last day of the longest. Errors of
// EvidenceStore.
absl::StatusOr<std::vector<v1::CertificateKept>> KeptOf(
    const LawBook& law, EvidenceStore& evidence, const ErasureTerms& terms,
    absl::string_view consumer);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_ERASURE_KEPT_H_
