// What the ledger tells of who was given data (disclosure_ledger.h).
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/store/connection.h"
#include "src/vault/consumer_walk.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

absl::StatusOr<std::vector<ReceivedByOne>> DisclosureLedger::ReadRecipients(
    absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const std::shared_ptr<const ConsumerHandle> handle,
                           vault_.keys().FindShared(consumer));
  return ReadRecipients(*handle);
}

absl::StatusOr<std::vector<ReceivedByOne>> DisclosureLedger::ReadRecipients(
    const ConsumerHandle& consumer) {
  std::vector<ReceivedByOne> received;
  absl::flat_hash_map<std::string, size_t> places;
  SUBROSA_RETURN_IF_ERROR(
      VisitOf(consumer, "", [&](uint64_t, const v1::Disclosure& entry) {
        const auto [place, is_new] =
            places.try_emplace(entry.recipient(), received.size());
        if (is_new) received.emplace_back();
        AddToReceived(entry, &received[place->second]);
        return absl::OkStatus();
      }));
  // A revocation before anything was given is no disclosure.
  received.erase(std::remove_if(received.begin(), received.end(),
                                [](const ReceivedByOne& each) {
                                  return each.disclosures == 0;
                                }),
                 received.end());
  return received;
}

absl::StatusOr<bool> DisclosureLedger::HasEntries(
    absl::string_view consumer_ref, absl::string_view recipient) {
  has_entries_->BindInt(1, vault_.records().entity_number());
  has_entries_->BindText(2, recipient);
  has_entries_->BindBytes(3, consumer_ref);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, has_entries_->Step());
  has_entries_->Reset();
  return found;
}

absl::Status DisclosureLedger::VisitConsumersOf(absl::string_view recipient,
                                                ConsumerVisitor visit) {
  return WalkConsumers(
      vault_.keys(), "", [&](const ConsumerHandle& consumer) -> absl::Status {
        SUBROSA_ASSIGN_OR_RETURN(const bool found,
                                 HasEntries(consumer.consumer_ref, recipient));
        if (!found) return absl::OkStatus();
        // The account id stands in the entries alone.
        std::string id;
        ReceivedByOne received;
        SUBROSA_RETURN_IF_ERROR(VisitOf(
            consumer, recipient, [&](uint64_t, const v1::Disclosure& entry) {
              id = entry.consumer();
              AddToReceived(entry, &received);
              return absl::OkStatus();
            }));
        return received.disclosures == 0 ? absl::OkStatus()
                                         : visit(id, received);
      });
}

absl::StatusOr<std::map<std::string, int32_t>>
DisclosureLedger::ReadLastDays() {
  // Two searches for each recipient, however much each was given.
  Connection& database = vault_.records().database();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> next,
      database.Prepare("SELECT min(recipient) FROM disclosure"
                       " WHERE entity = $1 AND recipient > $2"));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> last,
      database.Prepare("SELECT max(day) FROM disclosure"
                       " WHERE entity = $1 AND recipient = $2"));
  std::map<std::string, int32_t> days;
  std::string recipient;
  while (true) {
    next->BindInt(1, vault_.records().entity_number());
    next->BindText(2, recipient);
    SUBROSA_RETURN_IF_ERROR(next->Step().status());
    const std::string found(next->ColumnBytes(0));
    next->Reset();
    // An id is never empty.
    if (found.empty()) return days;
    recipient = found;
    last->BindInt(1, vault_.records().entity_number());
    last->BindText(2, recipient);
    SUBROSA_RETURN_IF_ERROR(last->Step().status());
    days[recipient] = static_cast<int32_t>(last->ColumnInt(0));
    last->Reset();
  }
}

void AddToReceived(const v1::Disclosure& entry, ReceivedByOne* received) {
  received->recipient = entry.recipient();
  if (entry.kind() == v1::DISCLOSURE_KIND_REVOCATION) {
    if (entry.purpose().empty()) received->is_revoked = true;
    return;
  }
  const int32_t day = DayOf(absl::FromUnixSeconds(entry.at().seconds()));
  const bool is_first = received->disclosures == 0;
  if (is_first || day < received->first_day) received->first_day = day;
  if (is_first || day > received->last_day) received->last_day = day;
  if (!entry.recipient_name().empty()) received->name = entry.recipient_name();
  if (!entry.recipient_contact().empty()) {
    received->contact = entry.recipient_contact();
  }
  ++received->disclosures;
  received->records += entry.records();
  received->sold |= entry.action() == v1::ACTION_SELL;
  received->categories.insert(entry.category().begin(), entry.category().end());
  received->purposes.insert(entry.purpose());
  if (entry.pseudonym().empty()) {
    received->has_unnamed = true;
  } else {
    received->pseudonyms.insert(entry.pseudonym());
  }
  received->is_revoked = false;
}

}  // namespace subrosa
