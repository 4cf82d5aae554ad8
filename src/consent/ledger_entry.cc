#include "src/consent/ledger_entry.h"

#include "absl/strings/str_cat.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/crypto/prf.h"
#include "src/vault/stable_secret.h"

namespace subrosa {
namespace {

constexpr size_t kMaxConsumerBytes = 256;

// What commitments to an entry's content are made for.
constexpr PrfLabel kContentLabel("choice content");

}  // namespace

absl::Status CheckEntryShape(const v1::LedgerEntry& entry) {
  const size_t id = entry.consumer().size();
  if (id == 0 || id > kMaxConsumerBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "entry.consumer: want 1 to ", kMaxConsumerBytes, " bytes, got ", id));
  }
  if (entry.entry_case() == v1::LedgerEntry::ENTRY_NOT_SET) {
    return absl::InvalidArgumentError(
        "entry: want a choice or facts, got neither");
  }
  const size_t bytes = entry.ByteSizeLong();
  if (bytes > kMaxLedgerEntryBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "entry: want at most ", kMaxLedgerEntryBytes, " bytes, got ", bytes));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> LeafOfEntry(const v1::LedgerEntry& entry,
                                        absl::string_view content,
                                        const Commitment& tag, int32_t day,
                                        const SecretKey& stable_secret) {
  Leaf leaf = NewLeaf(LeafKind::kChoice, day);
  leaf.numbers = {static_cast<uint64_t>(entry.choice().kind())};
  leaf.jurisdiction = entry.choice().jurisdiction();
  const Opening opening = DeriveOpening(stable_secret, leaf.tag);
  SUBROSA_ASSIGN_OR_RETURN(
      const Commitment to_consumer,
      Commit(opening, kLeafConsumerLabel, {entry.consumer(), ""}));
  SUBROSA_ASSIGN_OR_RETURN(const Commitment to_content,
                           Commit(opening, kContentLabel, {content}));
  leaf.commitments = {to_consumer, to_content, tag};
  return SerializeLeaf(leaf);
}

}  // namespace subrosa
