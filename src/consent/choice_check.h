// The door of the ledger: what is no consent is refused here, and so is what
// cannot be shown to be one. A refusal names the field, what it wants, and the
// rule that it rests on.
//
// A no is let in more easily than a yes: who says stop is asked for no notice
// and no second step.
//
// Which act it was is for the entity to say honestly, by a name that some pack
// lists: the door cannot see the screen, but knows no act of its own.
//
// Immutable once made; safe to use from any thread.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const ChoiceCheck door,
//                            ChoiceCheck::Create(book, policy));
//   SUBROSA_RETURN_IF_ERROR(
//       door.Check(choice, standing, is_recipient, clock.Now()));
//
// Source: rules consent-by, not-consent, consent-request, authorization…,
// minors…, two-step-opt-in and ask-again of the packs; see docs/consent.md.
#ifndef SUBROSA_SRC_CONSENT_CHOICE_CHECK_H_
#define SUBROSA_SRC_CONSENT_CHOICE_CHECK_H_

#include <set>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/consent/entity_law.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// How many places of collection and guardians are kept of one consumer.
inline constexpr int kMaxPlacesOfCollection = 16;
inline constexpr int kMaxGuardians = 8;

class ChoiceCheck {
 public:
  // Both must outlive it, and stay where they are. Errors as
  // EntityLaw::Create.
  static absl::StatusOr<ChoiceCheck> Create(const LawBook& book,
                                            const Policy& policy);

  // Whether a slug is that of a recipient on record.
  using IsRecipient = absl::FunctionRef<bool(absl::string_view slug)>;

  // Whether `choice` may be entered, given what stands of its consumer.
  //
  // INVALID_ARGUMENT, `field.path: want …, got … (pack/rule)`, for what is
  // malformed; a yes to more than one action or purpose, by a method that a
  // pack calls no consent, or none lists as an act of it, for what the policy
  // does not do, after a notice that it did not show or that leaves out what a
  // pack asks for; a time in the future, past its expiry, or before the
  // consumer's last no; an actor who may not say it; an authorization that is
  // not valid (authorization_check.h); an opt-in that the consumer did not
  // confirm, or was asked for too soon. FAILED_PRECONDITION for a withdrawal of
  // what was never given, or before it was. ALREADY_EXISTS for the same choice
  // again, and for a signal that changes nothing. No message repeats a value of
  // the choice, but for a method that a pack names.
  absl::Status Check(const v1::Choice& choice, const v1::Standing& standing,
                     IsRecipient is_recipient, absl::Time now) const;

  // Whether `facts` may be entered of `consumer`: residence and places of
  // collection are ISO 3166-2 (of a country whose parts the packs tell apart,
  // the part), `born` is a day that was, guardians are others. INVALID_ARGUMENT
  // else.
  absl::Status CheckFacts(absl::string_view consumer,
                          const v1::ConsumerFacts& facts, absl::Time now) const;

  // Whether `entry` may be: its choice, which is of the same consumer, or its
  // facts, as above. ConsentLedger's EntryCheck is made of it.
  absl::Status CheckEntry(const v1::LedgerEntry& entry,
                          const v1::Standing& standing,
                          IsRecipient is_recipient, absl::Time now) const;

  const EntityLaw& law() const { return law_; }

 private:
  ChoiceCheck(const Policy& policy, EntityLaw law)
      : policy_(policy), law_(std::move(law)) {}

  absl::Status CheckIsConsent(const v1::Choice& choice, PackBits packs) const;
  absl::Status CheckAgainstPolicy(const v1::Choice& choice,
                                  const v1::Standing& standing,
                                  IsRecipient is_recipient) const;
  absl::Status CheckNotice(const v1::Choice& choice, PackBits packs) const;

  const Policy& policy_;
  EntityLaw law_;
  std::set<std::string> acts_;  // That any pack lists as consent.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_CHOICE_CHECK_H_
