// For tests: a decider over the packs that ship, with a small policy.
#ifndef SUBROSA_SRC_CONSENT_SCRATCH_DECIDER_H_
#define SUBROSA_SRC_CONSENT_SCRATCH_DECIDER_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/consent/decider.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

// The policy of "rosewater": all packs, and the purposes "mood-tracking"
// (necessary), "safety" (strictly), "coaching" (asked for), "sale" (to sell),
// "advertising" (targeted), "subpoena" (another law) and "newsletter".
v1::Policy ScratchPolicy();

// Its recipients: "coach-desk" (a third party), "cloud" (a processor), "sister"
// (an affiliate), "broker" (a third party that pays), and "gone", which may be
// given nothing.
std::vector<RecipientTerms> ScratchRecipients();

class ScratchDecider {
 public:
  // Of the packs and of what differs in `policy`; fails the test if there is no
  // such decider.
  explicit ScratchDecider(const v1::Policy& policy = ScratchPolicy());

  const Decider& decider() const { return *decider_; }
  const LawBook& law() const { return law_; }

  // What is decided, on 2026-11-25 unless `day` says otherwise: "permit",
  // "needs consent".
  Decision Decide(v1::Action action, absl::string_view purpose,
                  absl::string_view recipient, uint32_t categories,
                  const v1::Standing& standing,
                  absl::string_view day = "2026-11-25") const;

 private:
  LawBook law_;
  std::unique_ptr<Decider> decider_;
};

// Somebody who lives in `residence` and was born on `born`.
v1::Standing Resident(const std::string& residence,
                      const std::string& born = "1990-05-01");

// `standing` and one choice more, in protobuf's text format.
v1::Standing With(v1::Standing standing, const std::string& choice);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_SCRATCH_DECIDER_H_
