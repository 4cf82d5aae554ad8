#include "src/recipients/recipient_registry.h"

#include <limits>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr absl::CivilDay kEpoch(1970, 1, 1);

int64_t NumberOf(absl::CivilDay day) { return day - kEpoch; }

// Of columns `version`, `day`, `body`.
absl::StatusOr<RecordedRecipient> ReadRow(const Statement& row) {
  RecordedRecipient recorded;
  recorded.version = row.ColumnInt(0);
  recorded.day = CivilDayOf(static_cast<int32_t>(row.ColumnInt(1)));
  const absl::string_view body = row.ColumnBytes(2);
  if (!recorded.recipient.ParseFromArray(body.data(),
                                         static_cast<int>(body.size()))) {
    return absl::DataLossError(
        "record store: a recipient does not read; the file was changed or "
        "damaged");
  }
  return recorded;
}

absl::StatusOr<std::vector<RecordedRecipient>> ReadRows(Statement& rows) {
  std::vector<RecordedRecipient> all;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, rows.Step());
    if (!found) return all;
    SUBROSA_ASSIGN_OR_RETURN(all.emplace_back(), ReadRow(rows));
  }
}

absl::Status NoSuchRecipient() {
  return absl::NotFoundError(
      "recipient: want the id of one that is recorded, got another");
}

// Fields in the order of their numbers, so that equal recipients have equal
// bytes: there are no maps among them.
std::string BodyOf(const v1::Recipient& recipient) {
  return recipient.SerializeAsString();
}

}  // namespace

absl::StatusOr<int64_t> RecipientRegistry::Count() {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> count,
      records_.Prepare("SELECT count(*) FROM recipient"
                       " WHERE entity = $1 AND version = 1"));
  count->BindInt(1, entity_number_);
  SUBROSA_RETURN_IF_ERROR(count->Step().status());
  return count->ColumnInt(0);
}

absl::StatusOr<std::vector<RecipientChange>> RecipientRegistry::Record(
    absl::Span<const v1::Recipient> recipients, absl::CivilDay day,
    bool writes) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      records_.Prepare("INSERT INTO recipient(entity, id, version, day, body)"
                       " VALUES($1, $2, $3, $4, $5)"));
  SUBROSA_ASSIGN_OR_RETURN(int64_t count, Count());
  std::vector<RecipientChange> changes;
  for (const v1::Recipient& recipient : recipients) {
    const absl::StatusOr<RecordedRecipient> newest = Find(recipient.id());
    if (!newest.ok() && !absl::IsNotFound(newest.status())) {
      return newest.status();
    }
    const std::string body = BodyOf(recipient);
    if (newest.ok() && BodyOf(newest->recipient) == body) {
      changes.push_back(RecipientChange::kUnchanged);
      continue;
    }
    if (newest.ok() && newest->day > day) {
      return absl::FailedPreconditionError(absl::StrCat(
          "recipient.day: want a day that is not before the last version's, "
          "got one ",
          newest->day - day, " days before it; is the clock right?"));
    }
    if (!newest.ok() && ++count > kMaxRecipients) {
      return absl::ResourceExhaustedError(
          absl::StrCat("recipient: want at most ", kMaxRecipients,
                       " in all, ended ones among them, got more"));
    }
    changes.push_back(newest.ok() ? RecipientChange::kReplaced
                                  : RecipientChange::kAdded);
    if (!writes) continue;
    insert->BindInt(1, entity_number_);
    insert->BindText(2, recipient.id());
    insert->BindInt(3, newest.ok() ? newest->version + 1 : 1);
    insert->BindInt(4, NumberOf(day));
    insert->BindBytes(5, body);
    SUBROSA_RETURN_IF_ERROR(insert->Run());
  }
  return changes;
}

absl::StatusOr<std::vector<RecipientChange>> RecipientRegistry::Put(
    absl::Span<const v1::Recipient> recipients, absl::CivilDay day) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(records_));
  SUBROSA_ASSIGN_OR_RETURN(std::vector<RecipientChange> changes,
                           Record(recipients, day, true));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return changes;
}

absl::StatusOr<std::vector<RecipientChange>> RecipientRegistry::Plan(
    absl::Span<const v1::Recipient> recipients, absl::CivilDay day) {
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           ReadTransaction::Begin(records_));
  return Record(recipients, day, false);
}

absl::StatusOr<RecipientChange> RecipientRegistry::End(absl::string_view id,
                                                       absl::CivilDay ended_on,
                                                       absl::CivilDay day) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(records_));
  SUBROSA_ASSIGN_OR_RETURN(RecordedRecipient newest, Find(id));
  newest.recipient.set_ended_on(absl::FormatCivilTime(ended_on));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RecipientChange> changes,
                           Record({newest.recipient}, day, true));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return changes[0];
}

absl::StatusOr<RecordedRecipient> RecipientRegistry::Find(
    absl::string_view id) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      records_.Prepare("SELECT version, day, body FROM recipient"
                       " WHERE entity = $1 AND id = $2"
                       " ORDER BY version DESC LIMIT 1"));
  read->BindInt(1, entity_number_);
  read->BindText(2, id);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
  if (!found) return NoSuchRecipient();
  return ReadRow(*read);
}

absl::StatusOr<std::vector<RecordedRecipient>> RecipientRegistry::ReadHistory(
    absl::string_view id) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      records_.Prepare("SELECT version, day, body FROM recipient"
                       " WHERE entity = $1 AND id = $2 ORDER BY version"));
  read->BindInt(1, entity_number_);
  read->BindText(2, id);
  SUBROSA_ASSIGN_OR_RETURN(std::vector<RecordedRecipient> versions,
                           ReadRows(*read));
  if (versions.empty()) return NoSuchRecipient();
  return versions;
}

absl::StatusOr<std::vector<RecordedRecipient>> RecipientRegistry::ReadAll() {
  return ReadAllOn(CivilDayOf(std::numeric_limits<int32_t>::max()));
}

absl::StatusOr<std::vector<RecordedRecipient>> RecipientRegistry::ReadAllOn(
    absl::CivilDay day) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      records_.Prepare(
          "SELECT newest.version, newest.day, newest.body"
          " FROM recipient AS first JOIN recipient AS newest"
          " ON newest.entity = first.entity AND newest.id = first.id"
          " WHERE first.entity = $1 AND first.version = 1"
          " AND newest.version = (SELECT max(version) FROM recipient"
          " WHERE entity = first.entity AND id = first.id AND day <= $2)"
          " ORDER BY first.row"));
  read->BindInt(1, entity_number_);
  read->BindInt(2, NumberOf(day));
  return ReadRows(*read);
}

absl::StatusOr<int64_t> RecipientRegistry::ReadChangeNumber() {
  // Of all entities: another's change makes nothing wrong, and this is one
  // look-up.
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> read,
                           records_.Prepare("SELECT max(row) FROM recipient"));
  SUBROSA_RETURN_IF_ERROR(read->Step().status());
  return read->ColumnInt(0);
}

}  // namespace subrosa
