#include "src/vault/erasure_count.h"

#include "absl/status/status.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<ErasureCount> ErasureCount::Open(Connection& database,
                                                int64_t entity_number) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<Statement> read,
      database.Prepare("SELECT erasures FROM entity WHERE number = $1"));
  return ErasureCount(database, entity_number, std::move(read));
}

absl::StatusOr<int64_t> ErasureCount::Read() {
  // Before the count: a commit in between only makes it be read again.
  const std::optional<ChangeMark> mark = database_->ReadChangeMark();
  if (mark.has_value() && mark == counted_at_) return count_;
  read_->BindInt(1, entity_number_);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read_->Step());
  if (!found) return absl::DataLossError("key store: the entity is gone");
  count_ = read_->ColumnInt(0);
  read_->Reset();
  counted_at_ = mark;
  return count_;
}

}  // namespace subrosa
