#include "src/consent/receipt_entries.h"

#include <algorithm>
#include <string>

#include "src/consent/choice_form.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

template <typename Values, typename Value>
bool Has(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// What is empty speaks of all.
template <typename Values>
bool Meets(const Values& some, const Values& others) {
  return some.empty() || others.empty() ||
         std::any_of(some.begin(), some.end(),
                     [&](const auto& value) { return Has(others, value); });
}

template <typename Values>
bool Covers(const Values& some, const Values& others) {
  return some.empty() ||
         (!others.empty() &&
          std::all_of(others.begin(), others.end(),
                      [&](const auto& value) { return Has(some, value); }));
}

bool IsNo(v1::ChoiceKind kind) {
  return kind == v1::CHOICE_KIND_WITHDRAWAL ||
         kind == v1::CHOICE_KIND_REFUSAL || kind == v1::CHOICE_KIND_OPT_OUT ||
         kind == v1::CHOICE_KIND_SIGNAL;
}

}  // namespace

bool TakesBack(const v1::Choice& no, const v1::Choice& consent) {
  return IsNo(no.kind()) && Meets(no.action(), consent.action()) &&
         Meets(no.purpose(), consent.purpose()) &&
         Meets(no.category(), consent.category()) &&
         Meets(no.recipient(), consent.recipient());
}

bool TakesBackAll(const v1::Choice& no, const v1::Choice& consent) {
  return IsNo(no.kind()) && Covers(no.action(), consent.action()) &&
         Covers(no.purpose(), consent.purpose()) &&
         Covers(no.category(), consent.category()) &&
         Covers(no.recipient(), consent.recipient());
}

void ReceiptEntries::Add(uint64_t number, const v1::LedgerEntry& entry) {
  if (!entry.has_choice()) return;
  if (number == number_ && IsYes(entry.choice().kind())) {
    consent_ = entry.choice();
  } else if (consent_.has_value() && TakesBack(entry.choice(), *consent_)) {
    withdrawals_.push_back(entry.choice());
  }
}

std::vector<v1::Recipient> ReceiptRecipients(
    const v1::Choice& consent, absl::Span<const v1::Recipient> on_record) {
  std::vector<v1::Recipient> recipients;
  if (!Has(consent.action(), v1::ACTION_SHARE) &&
      !Has(consent.action(), v1::ACTION_SELL)) {
    return recipients;
  }
  for (const v1::Recipient& recipient : on_record) {
    const bool is_meant =
        consent.recipient().empty()
            ? std::any_of(consent.purpose().begin(), consent.purpose().end(),
                          [&](const std::string& purpose) {
                            return Has(recipient.purpose(), purpose);
                          })
            : Has(consent.recipient(), recipient.id());
    if (is_meant) recipients.push_back(recipient);
  }
  return recipients;
}

}  // namespace subrosa
