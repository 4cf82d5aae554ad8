// The Decider answers "may we?" for one use of one consumer's health data: by
// the entity's policy, the recipient's terms, what the consumer chose, and the
// rules of the packs that apply to them on the day.
//
// Most protective wins: every rule that applies must have its ground, and what
// the consumer said last about the same use holds against what they said
// before. A rule applies to those who live in its pack's place, to those whose
// data is collected there where the pack's scope says so, and to all where the
// policy keeps the pack for all.
//
// It informs; whether the packs say all that the law does, and whether the
// policy's needs are truly needs, it cannot know.
//
// Immutable once made, and thread-safe. Decide allocates nothing.
//
// Example:
//   const Use use = {v1::ACTION_SHARE, decider.PurposeNumber("coaching"),
//                    decider.RecipientNumber("coach-desk"), categories};
//   const Decision decision = decider.Decide(use, standing, TodayOf(now));
//   if (!decision.Permits()) …
//
// Source: what each rule says, by its citation; see docs/law.md.
#ifndef SUBROSA_SRC_CONSENT_DECIDER_H_
#define SUBROSA_SRC_CONSENT_DECIDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/consent/compiled_law.h"
#include "src/consent/compiled_standing.h"
#include "src/consent/decision.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

// What decisions need to know of a recipient.
struct RecipientTerms {
  std::string id;
  v1::RecipientRole role = v1::RECIPIENT_ROLE_UNSPECIFIED;
  bool pays = false;
  std::vector<std::string> purposes;
  uint32_t categories = 0;  // As bits.
  // It may be given data on the days from `from_day` and before `until_day`.
  int32_t from_day = 0;
  int32_t until_day = 0;
};

class Decider {
 public:
  // `law` must outlive the decider. `recipients` keep their numbers as long as
  // new ones come last.
  //
  // INVALID_ARGUMENT for a pack that `law` has not, for more purposes or
  // recipients than CompiledChoice has numbers for, more than 32 packs or
  // places, or packs of which more than kMaxAppliedRules could apply to one
  // use.
  static absl::StatusOr<std::unique_ptr<Decider>> Create(
      const LawBook& law, const v1::Policy& policy,
      absl::Span<const RecipientTerms> recipients);

  // 0 if there is none of the name.
  uint16_t PurposeNumber(absl::string_view slug) const;
  uint16_t RecipientNumber(absl::string_view slug) const;

  // `standing` as Decide reads it. Consents that name a purpose or recipient
  // which is there no more are left out.
  CompiledStanding Compile(const v1::Standing& standing, bool ask_again) const;

  Decision Decide(const Use& use, const CompiledStanding& standing,
                  Today today) const;

  // Where the rule of a decision stands.
  const LawEntry& RuleOf(const AppliedRule& rule) const {
    return law_.entries()[rule.rule];
  }
  const LawBook& law() const { return law_; }

 private:
  struct Purpose {
    uint32_t categories = 0;
    uint32_t actions = 0;  // As bits.
    uint32_t grounds = 0;  // That its need is, as bits.
    uint32_t exempt = 0;   // Packs, as bits, whose scope leaves it out.
    bool served_when_limited = false;
    bool targets = false;
  };
  struct Recipient {
    uint32_t role_bit = 0;
    bool pays = false;
    uint32_t categories = 0;
    int32_t from_day = 0;
    int32_t until_day = 0;
    std::vector<uint16_t> purposes;  // Rising.
  };
  // What the consumer's choices say about one use, as categories.
  struct Chosen {
    uint32_t consented[4] = {0, 0, 0, 0};  // By actor; the first by anybody.
    uint32_t authorized = 0;
    uint32_t refused = 0;
    uint32_t opted_out = 0;
    uint32_t limited = 0;
  };

  Decider(const LawBook& law, CompiledLaw compiled)
      : law_(law), compiled_(std::move(compiled)) {}

  absl::Status AddPurposes(const v1::Policy& policy);
  absl::Status AddRecipients(absl::Span<const RecipientTerms> recipients);

  Chosen ReadChoices(const Use& use, const CompiledStanding& standing,
                     int32_t day) const;
  // The reason against `use` that stands in no law; kNoRule if there is none.
  Reason CheckTerms(const Use& use, int32_t day) const;
  int AgeOf(const CompiledStanding& standing, Today today) const;
  // Of `rule`, which applies to `categories`: the ground that it finds;
  // unspecified if it finds none.
  static v1::Ground GroundOf(const CompiledRule& rule, const Purpose& purpose,
                             const Chosen& chosen, uint32_t categories);

  const LawBook& law_;
  const CompiledLaw compiled_;
  std::vector<Purpose> purposes_;  // By number; the first is nobody's.
  std::vector<Recipient> recipients_;
  absl::flat_hash_map<std::string, uint16_t> purpose_numbers_;
  absl::flat_hash_map<std::string, uint16_t> recipient_numbers_;
  std::string residence_unless_known_;
  int age_unless_known_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_DECIDER_H_
