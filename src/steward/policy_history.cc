#include "src/steward/policy_history.h"

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/store/connection.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {
namespace {

struct PolicyVersion {
  int64_t number = 0;  // From 1; 0: none was noted.
  std::string sha256;
};

absl::StatusOr<PolicyVersion> ReadLast(RecordStore& records) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      records.database().Prepare("SELECT number, sha256 FROM policy_version"
                                 " WHERE entity = $1"
                                 " ORDER BY number DESC LIMIT 1"));
  read->BindInt(1, records.entity_number());
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
  PolicyVersion last;
  if (found) last = {read->ColumnInt(0), std::string(read->ColumnBytes(1))};
  return last;
}

absl::Status Insert(RecordStore& records, const PolicyVersion& version,
                    int32_t today) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      records.database().Prepare("INSERT INTO policy_version(entity, number,"
                                 " sha256, day) VALUES($1, $2, $3, $4)"));
  insert->BindInt(1, records.entity_number());
  insert->BindInt(2, version.number);
  insert->BindText(3, version.sha256);
  insert->BindInt(4, today);
  return insert->Run();
}

absl::StatusOr<std::string> LeafOf(const PolicyVersion& before,
                                   const PolicyVersion& after, int32_t today) {
  Leaf leaf = NewLeaf(LeafKind::kPolicyChanged, today);
  leaf.numbers = {static_cast<uint64_t>(after.number)};
  leaf.text = absl::StrCat(before.sha256, " ", after.sha256);
  return SerializeLeaf(leaf);
}

}  // namespace

absl::Status NotePolicy(Vault& vault, absl::string_view sha256, int32_t today) {
  RecordStore& records = vault.records();
  SUBROSA_ASSIGN_OR_RETURN(const PolicyVersion known, ReadLast(records));
  if (known.sha256 == sha256) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, vault.keys().ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records.Begin());
  // Another process may have noted it meanwhile.
  SUBROSA_ASSIGN_OR_RETURN(const PolicyVersion last, ReadLast(records));
  if (last.sha256 == sha256) return absl::OkStatus();
  const PolicyVersion next = {last.number + 1, std::string(sha256)};
  SUBROSA_RETURN_IF_ERROR(Insert(records, next, today));
  if (last.number > 0) {
    SUBROSA_ASSIGN_OR_RETURN(const std::string leaf, LeafOf(last, next, today));
    SUBROSA_RETURN_IF_ERROR(records.AppendEntries({leaf}, keys_seen));
  }
  return transaction.Commit();
}

}  // namespace subrosa
