// Whether a recipient may be given data, and if not, why: its contact, what its
// contract lacks of what the packs ask for, its end. Of no consumer: whether
// they allow it is the consent room's to decide.
//
// Thread-safe: no state.
//
// Example:
//   const ReceivingRules rules = {&law, policy.pack()};
//   for (const ReceivingFault& fault :
//        FindReceivingFaults(recipient, rules, today, Handover::kElsewhere)) …
//
// Source: RCW 19.373.040(1)(a) (a contact that works), rules of ROOM_RECIPIENTS
// (src/law/packs).
#ifndef SUBROSA_SRC_RECIPIENTS_RECEIVING_H_
#define SUBROSA_SRC_RECIPIENTS_RECEIVING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/law/law_book.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

// How long a contact counts as working after somebody last saw that it works,
// in days. No statute that we know of says how often to look; a consumer who is
// given a dead address cannot use their right, and who looks once a year, as
// contracts and notices are looked through, has some weeks to spare.
inline constexpr int kContactCheckedDays = 400;

// What an entity asks of its recipients.
struct ReceivingRules {
  const LawBook* law = nullptr;    // Never null where it is used.
  std::vector<std::string> packs;  // That the entity goes by.
};

// How data gets to a recipient.
enum class Handover {
  kSealed,     // To its age key, by Subrosa.
  kElsewhere,  // By an interface of the service, and declared.
};

enum class ReceivingFaultKind : uint8_t {
  kEnded,
  kContactMissing,
  kContactNotChecked,   // For longer than kContactCheckedDays.
  kContractMissing,     // Though a pack asks for items in one.
  kContractNotBinding,  // Not yet, or no more.
  kContractLacksItem,
  kNoAgeKey,
};

struct ReceivingFault {
  ReceivingFaultKind kind = ReceivingFaultKind::kEnded;
  // For people: "its contract lacks the limits on what it may do".
  std::string text;
  // The rule that asks for it, "wa-mhmda/processor-contract"; empty where it is
  // no statute that does. Its citation is the law book's to say.
  std::string rule;
  // Of a contract that lacks it: "wa-mhmda/processor-contract#limits".
  std::string item;
};

// "contact-missing". A slug, for programs.
absl::string_view ReceivingFaultName(ReceivingFaultKind kind);

// All that stands against giving data to `recipient` on `day`. Empty: it may
// receive, as far as it is for the recipient.
std::vector<ReceivingFault> FindReceivingFaults(const v1::Recipient& recipient,
                                                const ReceivingRules& rules,
                                                absl::CivilDay day,
                                                Handover handover);

// The days on which it may, from `from` on and before `until`. Empty: until is
// not after from.
struct ReceivingDays {
  absl::CivilDay from;
  absl::CivilDay until;
};

// The days around `day` on which FindReceivingFaults (kElsewhere) finds
// nothing; empty if it finds something on `day`. So a decider that is made on
// `day` stays right on later days: what expires, and rules that come into
// force, end them. 2200-01-01 stands for no end.
ReceivingDays FindReceivingDays(const v1::Recipient& recipient,
                                const ReceivingRules& rules,
                                absl::CivilDay day);

}  // namespace subrosa

#endif  // SUBROSA_SRC_RECIPIENTS_RECEIVING_H_
