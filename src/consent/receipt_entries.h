// What a receipt is made of, looked up in a consumer's ledger: the consent of a
// number, and what took it back since; and to whom it lets data be given.
//
// Example:
//   ReceiptEntries entries(number);
//   SUBROSA_RETURN_IF_ERROR(ledger.Visit(consumer, [&](auto n, auto& entry) {
//     entries.Add(n, entry);
//     return absl::OkStatus();
//   }));
//   if (!entries.consent().has_value()) …  // It is none, or no yes.
#ifndef SUBROSA_SRC_CONSENT_RECEIPT_ENTRIES_H_
#define SUBROSA_SRC_CONSENT_RECEIPT_ENTRIES_H_

#include <cstdint>
#include <vector>

#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

// Whether `no` is a withdrawal, or a refusal, opt-out or signal, which come to
// the same, about any of what `consent` allows; and whether about all of it.
bool TakesBack(const v1::Choice& no, const v1::Choice& consent);
bool TakesBackAll(const v1::Choice& no, const v1::Choice& consent);

// Thread-compatible. Memory: the consent and what took it back.
class ReceiptEntries {
 public:
  explicit ReceiptEntries(uint64_t number) : number_(number) {}

  // The consumer's entries, one after the other, the oldest first.
  void Add(uint64_t number, const v1::LedgerEntry& entry);

  // Nothing if the entry is not there, or is no consent and no authorization.
  const absl::optional<v1::Choice>& consent() const { return consent_; }
  const std::vector<v1::Choice>& withdrawals() const { return withdrawals_; }

 private:
  const uint64_t number_;
  absl::optional<v1::Choice> consent_;
  std::vector<v1::Choice> withdrawals_;
};

// Of the recipients on record, those to whom `consent` lets data be given: whom
// it names, or where it names none, whom the purpose is for. None if nothing is
// shared or sold.
std::vector<v1::Recipient> ReceiptRecipients(
    const v1::Choice& consent, absl::Span<const v1::Recipient> on_record);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_RECEIPT_ENTRIES_H_
