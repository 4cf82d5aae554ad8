#include "src/exports/answer_settlement.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/audit/leaf.h"
#include "src/audit/leaf_numbers.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/store/connection.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

absl::Status CheckReason(absl::string_view reason) {
  const bool is_printable =
      std::all_of(reason.begin(), reason.end(), [](char c) {
        return absl::ascii_isprint(static_cast<unsigned char>(c));
      });
  if (is_printable && !reason.empty() &&
      reason.size() <= kMaxSettlementReasonBytes) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "reason: want 1 to ", kMaxSettlementReasonBytes,
      " bytes of printable ASCII, got ",
      is_printable ? absl::StrCat(reason.size()) : "another character"));
}

}  // namespace

absl::StatusOr<LostAnswers> FindLostAnswers(Steward& steward) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  return ReadLostAnswers(vault->records().database());
}

absl::StatusOr<LostAnswers> SettleAnswers(Steward& steward,
                                          absl::string_view reason) {
  SUBROSA_RETURN_IF_ERROR(CheckReason(reason));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  RecordStore& records = vault->records();
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, vault->keys().ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records.Begin());
  SUBROSA_ASSIGN_OR_RETURN(LostAnswers lost,
                           ReadLostAnswers(records.database()));
  if (lost.answers == 0 || lost.is_settled) {
    return absl::FailedPreconditionError(
        "aggregates: want answers that were lost and are not settled, got "
        "none");
  }
  Leaf leaf = NewLeaf(kLostAnswersSettledLeaf, DayOf(steward.clock().Now()));
  leaf.numbers = {static_cast<uint64_t>(lost.answers)};
  leaf.text = std::string(reason);
  SUBROSA_ASSIGN_OR_RETURN(const std::string bytes, SerializeLeaf(leaf));
  SUBROSA_RETURN_IF_ERROR(SettleLostAnswers(records.database()));
  SUBROSA_RETURN_IF_ERROR(records.AppendEntries({bytes}, keys_seen));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  lost.is_settled = true;
  return lost;
}

}  // namespace subrosa
