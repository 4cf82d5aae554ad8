#include "src/recipients/receiving.h"

#include <algorithm>
#include <set>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/law/law_file.h"
#include "src/recipients/contract_items.h"

namespace subrosa {
namespace {

// Before and after all days that files can name.
constexpr absl::CivilDay kFirstDay(1900, 1, 1);
constexpr absl::CivilDay kNoEnd(2200, 1, 1);

// Days of a recipient and of rules were checked when they were taken in; one
// that is none ends everything.
absl::CivilDay DayOr(absl::string_view text, absl::CivilDay if_empty,
                     absl::CivilDay if_wrong) {
  if (text.empty()) return if_empty;
  const absl::StatusOr<absl::CivilDay> day = ParseLawDay(text);
  return day.ok() ? *day : if_wrong;
}

ReceivingDays DaysOf(absl::string_view from, absl::string_view until) {
  return {DayOr(from, kFirstDay, kNoEnd), DayOr(until, kNoEnd, kFirstDay)};
}

bool Contains(const ReceivingDays& days, absl::CivilDay day) {
  return days.from <= day && day < days.until;
}

bool HasContact(const v1::Recipient& recipient) {
  return !recipient.contact().email().empty() ||
         !recipient.contact().url().empty();
}

// Until when the contact counts as working.
absl::CivilDay ContactUntil(const v1::Recipient& recipient) {
  const absl::CivilDay checked =
      DayOr(recipient.contact().checked_on(), kFirstDay, kFirstDay);
  return checked + kContactCheckedDays;
}

// What the packs ask for and the contract does not hold.
std::vector<ContractItem> LackingItems(const v1::Recipient& recipient,
                                       const ReceivingRules& rules) {
  const std::set<std::string> held(recipient.contract().item().begin(),
                                   recipient.contract().item().end());
  std::vector<ContractItem> lacking;
  for (const ContractItem& item :
       ContractItemsOf(recipient.role(), *rules.law, rules.packs)) {
    if (held.count(item.Name()) == 0) lacking.push_back(item);
  }
  return lacking;
}

void AddContractFaults(const v1::Recipient& recipient,
                       const ReceivingRules& rules, absl::CivilDay day,
                       std::vector<ReceivingFault>* faults) {
  const bool has_contract = recipient.has_contract();
  if (has_contract && !Contains(DaysOf(recipient.contract().from(),
                                       recipient.contract().until()),
                                day)) {
    faults->push_back({ReceivingFaultKind::kContractNotBinding,
                       "its contract does not bind it on that day", "", ""});
  }
  const LawEntry* last = nullptr;
  for (const ContractItem& lacking : LackingItems(recipient, rules)) {
    if (!lacking.rule->HoldsOn(day)) continue;
    if (has_contract) {
      faults->push_back(
          {ReceivingFaultKind::kContractLacksItem,
           absl::StrCat("its contract lacks ", lacking.item->text()),
           lacking.rule->id, lacking.Name()});
    } else if (lacking.rule != last) {
      faults->push_back({ReceivingFaultKind::kContractMissing,
                         "it has no contract", lacking.rule->id, ""});
    }
    last = lacking.rule;
  }
}

}  // namespace

absl::string_view ReceivingFaultName(ReceivingFaultKind kind) {
  switch (kind) {
    case ReceivingFaultKind::kEnded:
      return "ended";
    case ReceivingFaultKind::kContactMissing:
      return "contact-missing";
    case ReceivingFaultKind::kContactNotChecked:
      return "contact-not-checked";
    case ReceivingFaultKind::kContractMissing:
      return "contract-missing";
    case ReceivingFaultKind::kContractNotBinding:
      return "contract-not-binding";
    case ReceivingFaultKind::kContractLacksItem:
      return "contract-lacks-item";
    case ReceivingFaultKind::kNoAgeKey:
      return "no-age-key";
  }
  return "unknown";
}

std::vector<ReceivingFault> FindReceivingFaults(const v1::Recipient& recipient,
                                                const ReceivingRules& rules,
                                                absl::CivilDay day,
                                                Handover handover) {
  std::vector<ReceivingFault> faults;
  if (day >= DayOr(recipient.ended_on(), kNoEnd, kFirstDay)) {
    faults.push_back(
        {ReceivingFaultKind::kEnded, "it is ended on that day", "", ""});
  }
  if (!HasContact(recipient)) {
    faults.push_back({ReceivingFaultKind::kContactMissing,
                      "consumers have no way to reach it", "", ""});
  } else if (day >= ContactUntil(recipient)) {
    faults.push_back({ReceivingFaultKind::kContactNotChecked,
                      absl::StrCat("nobody has seen for ", kContactCheckedDays,
                                   " days that its contact works"),
                      "", ""});
  }
  AddContractFaults(recipient, rules, day, &faults);
  if (handover == Handover::kSealed && recipient.age_recipient().empty()) {
    faults.push_back({ReceivingFaultKind::kNoAgeKey,
                      "it has no age key to seal data to", "", ""});
  }
  return faults;
}

ReceivingDays FindReceivingDays(const v1::Recipient& recipient,
                                const ReceivingRules& rules,
                                absl::CivilDay day) {
  if (!FindReceivingFaults(recipient, rules, day, Handover::kElsewhere)
           .empty()) {
    return {day, day};
  }
  ReceivingDays days = {kFirstDay,
                        std::min(DayOr(recipient.ended_on(), kNoEnd, kFirstDay),
                                 ContactUntil(recipient))};
  if (recipient.has_contract()) {
    const ReceivingDays bound =
        DaysOf(recipient.contract().from(), recipient.contract().until());
    days.from = std::max(days.from, bound.from);
    days.until = std::min(days.until, bound.until);
  }
  // None of these is in force on `day`.
  for (const ContractItem& lacking : LackingItems(recipient, rules)) {
    const ReceivingDays in_force =
        DaysOf(lacking.rule->rule->from(), lacking.rule->rule->until());
    if (in_force.until <= day) {
      days.from = std::max(days.from, in_force.until);
    } else {
      days.until = std::min(days.until, in_force.from);
    }
  }
  return days;
}

}  // namespace subrosa
