// What the statutes that apply to one consumer say of their erasure: by when,
// in backups and by recipients too, and whether anything may be kept for it.
// All of it comes from the packs; where they say nothing, nothing is allowed.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_ERASURE_ERASURE_TERMS_H_
#define SUBROSA_SRC_ERASURE_ERASURE_TERMS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/consent/entity_law.h"
#include "src/law/law_book.h"
#include "subrosa/v1/certificate.pb.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// When an erasure was asked for. The clocks start there, and time that anybody
// waits before erasing is inside them.
struct ErasureTimes {
  absl::Time requested_at;
  absl::Time authenticated_at;
};

// A day by which a rule wants something: the last one that is not too late,
// since 1970-01-01. 0: no rule says one.
struct RuleDay {
  int32_t day = 0;
  std::string rule;
};

struct ErasureTerms {
  RuleDay live;        // What is held has to be gone: the strictest.
  RuleDay recipients;  // They have to have deleted: the strictest.
  // By when each statute wants backups to be free of it.
  std::vector<v1::CertificateLimit> limits;
  // The rule that lets a token of the id be kept, so that it stays deleted;
  // empty: none does, and none is kept. Where several statutes want a consumer
  // deleted, each has to let it be kept; so below.
  v1::CertificateKept suppression;
  // The rules that let an erasure wait while something is held for legal
  // claims, and for the days that the policy gives before it is carried out.
  std::string hold_rule;
  std::string grace_rule;

  bool MaySuppress() const { return !suppression.rule().empty(); }
};

// Of a consumer of whom `facts` are known, by the packs of the entity that
// apply to them at `now`. Errors of LawBook.
absl::StatusOr<ErasureTerms> ErasureTermsOf(const LawBook& law,
                                            const EntityLaw& entity_law,
                                            const v1::ConsumerFacts& facts,
                                            const ErasureTimes& times,
                                            absl::Time now);

// The citation of `rule`, for a certificate: its id where no pack has it.
std::string CitationOf(const LawBook& law, const std::string& rule);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_ERASURE_TERMS_H_
