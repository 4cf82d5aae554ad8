#include "src/vault/evidence_keys.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/vault/epochs.h"

namespace subrosa {
namespace {

struct Row {
  int32_t year = 0;
  uint32_t epoch = 0;
  std::string wrapped;
};

absl::StatusOr<std::vector<Row>> ReadRows(Connection& database,
                                          int64_t entity_number) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database.Prepare("SELECT year, epoch, wrapped FROM evidence_key"
                       " WHERE entity = $1 ORDER BY year"));
  read->BindInt(1, entity_number);
  std::vector<Row> rows;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return rows;
    Row& row = rows.emplace_back();
    row.year = static_cast<int32_t>(read->ColumnInt(0));
    row.epoch = static_cast<uint32_t>(read->ColumnInt(1));
    row.wrapped = std::string(read->ColumnBytes(2));
  }
}

absl::StatusOr<Row> ReadRow(const KeyTables& tables, int32_t year) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      tables.database.Prepare("SELECT epoch, wrapped FROM evidence_key"
                              " WHERE entity = $1 AND year = $2"));
  read->BindInt(1, tables.entity_number);
  read->BindInt(2, year);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
  if (!found) {
    return absl::NotFoundError(absl::StrCat(
        "key store: want a key for the evidence of ", year, ", got none"));
  }
  Row row;
  row.year = year;
  row.epoch = static_cast<uint32_t>(read->ColumnInt(0));
  row.wrapped = std::string(read->ColumnBytes(1));
  return row;
}

}  // namespace

absl::StatusOr<SecretKey> EvidenceKeys::Find(int32_t year) {
  absl::StatusOr<Row> found = ReadRow(tables_, year);
  if (!found.ok()) {
    opened_.erase(year);
    return found.status();
  }
  Row row = *std::move(found);
  const auto opened = opened_.find(year);
  if (opened != opened_.end() && opened->second.wrapped == row.wrapped) {
    return opened->second.key.Clone();
  }
  const EntityKeys* keys = tables_.epochs.Find(row.epoch);
  if (keys == nullptr) {
    // A rotation of another process; by now it may have moved the row.
    SUBROSA_RETURN_IF_ERROR(tables_.epochs.Refresh().status());
    SUBROSA_ASSIGN_OR_RETURN(row, ReadRow(tables_, year));
    keys = tables_.epochs.Find(row.epoch);
  }
  if (keys == nullptr) {
    return absl::DataLossError(absl::StrCat(
        "key store: a key of evidence: want an open epoch, got ", row.epoch));
  }
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key,
                           keys->UnwrapEvidenceKey(year, row.wrapped));
  SUBROSA_ASSIGN_OR_RETURN(SecretKey kept, key.Clone());
  opened_.insert_or_assign(year,
                           Opened{std::move(row.wrapped), std::move(kept)});
  return key;
}

absl::StatusOr<SecretKey> EvidenceKeys::FindOrCreate(int32_t year) {
  absl::StatusOr<SecretKey> found = Find(year);
  if (!absl::IsNotFound(found.status())) return found;
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(tables_.database));
  // New keys go into the epoch that is enabled now.
  SUBROSA_RETURN_IF_ERROR(tables_.epochs.Refresh().status());
  found = Find(year);
  if (!absl::IsNotFound(found.status())) return found;
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key, SecretKey::Random());
  const EntityKeys& keys = tables_.epochs.enabled();
  SUBROSA_ASSIGN_OR_RETURN(const std::string wrapped,
                           keys.WrapEvidenceKey(year, key));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      tables_.database.Prepare("INSERT INTO evidence_key(entity, year, epoch,"
                               " wrapped) VALUES($1, $2, $3, $4)"));
  insert->BindInt(1, tables_.entity_number);
  insert->BindInt(2, year);
  insert->BindInt(3, keys.epoch());
  insert->BindBytes(4, wrapped);
  SUBROSA_RETURN_IF_ERROR(insert->Run());
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return key;
}

absl::StatusOr<std::vector<int32_t>> EvidenceKeys::ListYears() {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<Row> rows,
                           ReadRows(tables_.database, tables_.entity_number));
  std::vector<int32_t> years;
  years.reserve(rows.size());
  for (const Row& row : rows) years.push_back(row.year);
  return years;
}

absl::StatusOr<bool> EvidenceKeys::Destroy(int32_t year) {
  opened_.erase(year);
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      tables_.database.Prepare(
          "DELETE FROM evidence_key WHERE entity = $1 AND year = $2"));
  remove->BindInt(1, tables_.entity_number);
  remove->BindInt(2, year);
  SUBROSA_RETURN_IF_ERROR(remove->Run());
  return tables_.database.Changes() > 0;
}

absl::StatusOr<EvidenceKeyCheck> EvidenceKeys::Check() {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<Row> rows,
                           ReadRows(tables_.database, tables_.entity_number));
  EvidenceKeyCheck check;
  for (const Row& row : rows) {
    ++check.keys;
    const EntityKeys* const keys = tables_.epochs.Find(row.epoch);
    if (keys == nullptr) {
      ++check.under_closed;
    } else if (!keys->UnwrapEvidenceKey(row.year, row.wrapped).ok()) {
      ++check.do_not_open;
    }
  }
  return check;
}

absl::Status MoveEvidenceKeys(Connection& database, int64_t entity_number,
                              const EntityKeys& from, const EntityKeys& to) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(database));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<Row> rows,
                           ReadRows(database, entity_number));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> move,
      database.Prepare("UPDATE evidence_key SET epoch = $1, wrapped = $2"
                       " WHERE entity = $3 AND year = $4"));
  for (const Row& row : rows) {
    if (row.epoch != from.epoch()) continue;
    SUBROSA_ASSIGN_OR_RETURN(const SecretKey key,
                             from.UnwrapEvidenceKey(row.year, row.wrapped));
    SUBROSA_ASSIGN_OR_RETURN(const std::string wrapped,
                             to.WrapEvidenceKey(row.year, key));
    move->BindInt(1, to.epoch());
    move->BindBytes(2, wrapped);
    move->BindInt(3, entity_number);
    move->BindInt(4, row.year);
    SUBROSA_RETURN_IF_ERROR(move->Run());
  }
  return transaction.Commit();
}

absl::StatusOr<int64_t> CountEvidenceKeysUnder(Connection& database,
                                               int64_t entity_number,
                                               uint32_t epoch) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<Row> rows,
                           ReadRows(database, entity_number));
  int64_t count = 0;
  for (const Row& row : rows) count += row.epoch == epoch ? 1 : 0;
  return count;
}

}  // namespace subrosa
