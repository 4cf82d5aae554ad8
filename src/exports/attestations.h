// What the entity has to attest before it calls data de-identified: that it
// takes reasonable measures, has committed in public, and binds the recipient
// (RCW 19.373.010(10); Cal. Civ. Code 1798.140(m)); and that it knows of nobody
// whom what is left could identify (45 CFR 164.514(b)(2)(ii)). Which, the law
// packs say; nobody but a person can attest them.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_EXPORTS_ATTESTATIONS_H_
#define SUBROSA_SRC_EXPORTS_ATTESTATIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "src/law/law_book.h"

namespace subrosa {

// One of them, with all that ask for it.
struct Attestation {
  std::string key;                 // "contract".
  std::vector<std::string> rules;  // "wa-mhmda/deidentified".
  std::vector<std::string> citations;
  std::vector<std::string> texts;  // One for each rule.
};

// Those that `law` asks for, in the packs' order.
std::vector<Attestation> AttestationsOf(const LawBook& law);

// PERMISSION_DENIED if one of `wanted` is not among the keys `given`, naming
// all that are missing; INVALID_ARGUMENT for a key that none has, or twice.
absl::Status CheckAttested(absl::Span<const Attestation> wanted,
                           absl::Span<const std::string> given);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_ATTESTATIONS_H_
