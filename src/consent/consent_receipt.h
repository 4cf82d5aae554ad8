// A receipt of a consent: what the consumer agreed to, what they were shown,
// who has the data, how to take it back, and whether they did. It is for them,
// and any program that reads JSON-LD can read it;
// docs/formats/consent_receipt.md has a worked example.
//
// Its bytes depend on nothing but what is given. It needs no network: the
// context stands in it.
//
// A receipt says what was recorded. It is no proof by itself: that is the
// ledger's leaf in the audit log.
//
// Thread-safe: no state.
//
// Source: the fields of ISO/IEC TS 27560:2023 as the Data Privacy Vocabulary
// writes them (https://w3id.org/dpv/guides/consent-27560).
#ifndef SUBROSA_SRC_CONSENT_CONSENT_RECEIPT_H_
#define SUBROSA_SRC_CONSENT_CONSENT_RECEIPT_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

inline constexpr size_t kReceiptIdBytes = 16;

// What a receipt is made of. All is read during the call alone.
struct ReceiptSource {
  // Random bytes: of this receipt, and of the consent, which every receipt of
  // it names. They are printed as UUIDs of version 4.
  absl::string_view receipt_id;
  absl::string_view record_id;
  // By what name the receipt calls the consumer: a pseudonym is best, since
  // receipts go about. Required.
  absl::string_view principal;
  const v1::Choice* consent = nullptr;  // Or authorization. Required.
  // That took it back, wholly or in part: withdrawals and what comes to the
  // same, the oldest first. None while it stands.
  absl::Span<const v1::Choice> withdrawals;
  // To whom it lets data be given. Required for sharing and selling.
  absl::Span<const v1::Recipient> recipients;
  absl::Time issued_at;
};

// The receipt: one line of JSON-LD in UTF-8, with its end of line.
//
// INVALID_ARGUMENT if an id has another length, a field that is required is not
// there, the choice is no consent and no authorization, or a withdrawal does
// not take it back (TakesBack) or was given before it. FAILED_PRECONDITION if
// the policy does not say what a receipt has to: the purpose, its retention,
// where data is stored, or how the entity is reached. No message repeats a
// value of the choices.
absl::StatusOr<std::string> WriteConsentReceipt(const ReceiptSource& source,
                                                const Policy& policy,
                                                const LawBook& book);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_CONSENT_RECEIPT_H_
