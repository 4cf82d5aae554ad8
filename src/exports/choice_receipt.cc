#include "src/exports/choice_receipt.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consent/consent_receipt.h"
#include "src/consent/receipt_entries.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/consent_gate.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {
namespace {

// In the place of a recipient's slug, so that no recipient has these names.
constexpr absl::string_view kReceipts = "consent receipts";

}  // namespace

absl::StatusOr<std::string> WriteChoiceReceipt(Steward& steward,
                                               absl::string_view consumer,
                                               uint64_t number,
                                               absl::Time now) {
  ConsentGate& gate = steward.gate();
  ReceiptEntries entries(number);
  SUBROSA_RETURN_IF_ERROR(gate.VisitEntries(
      consumer, [&](uint64_t each, const v1::LedgerEntry& entry) {
        entries.Add(each, entry);
        return absl::OkStatus();
      }));
  if (!entries.consent().has_value()) {
    return absl::NotFoundError(
        "entry: want a consent or an authorization, got another or none");
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RecordedRecipient> recorded,
                           gate.ReadRecipients());
  std::vector<v1::Recipient> on_record;
  for (const RecordedRecipient& each : recorded) {
    on_record.push_back(each.recipient);
  }
  const std::vector<v1::Recipient> recipients =
      ReceiptRecipients(*entries.consent(), on_record);
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string principal,
      steward.PseudonymOf(consumer, kReceipts, "principal"));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string record_id,
      steward.PseudonymOf(consumer, kReceipts,
                          absl::StrCat("record ", number)));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string receipt_id,
      steward.PseudonymOf(
          consumer, kReceipts,
          absl::StrCat("receipt ", number, " ", absl::ToUnixSeconds(now))));
  const std::string receipt_bytes = absl::HexStringToBytes(receipt_id);
  const std::string record_bytes = absl::HexStringToBytes(record_id);
  ReceiptSource source;
  source.receipt_id = receipt_bytes;
  source.record_id = record_bytes;
  source.principal = principal;
  source.consent = &*entries.consent();
  source.withdrawals = entries.withdrawals();
  source.recipients = recipients;
  source.issued_at = now;
  return WriteConsentReceipt(source, gate.policy(), gate.law());
}

}  // namespace subrosa
