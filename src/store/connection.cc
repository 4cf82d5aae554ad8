#include "src/store/connection.h"

#include <utility>

#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<Transaction> Transaction::Begin(Connection& connection,
                                               DeferredWrites* deferred) {
  SUBROSA_RETURN_IF_ERROR(connection.Execute("BEGIN IMMEDIATE"));
  return Transaction(&connection, deferred);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)),
      deferred_(std::exchange(other.deferred_, nullptr)) {}

Transaction::~Transaction() {
  // After a failed statement the database may have rolled back by itself; then
  // this one finds nothing to do, which is what we want.
  if (connection_ != nullptr) connection_->Execute("ROLLBACK").IgnoreError();
  End();
}

absl::Status Transaction::Commit() {
  if (deferred_ != nullptr) SUBROSA_RETURN_IF_ERROR(deferred_->Write());
  SUBROSA_RETURN_IF_ERROR(connection_->Execute("COMMIT"));
  connection_ = nullptr;
  End();
  return absl::OkStatus();
}

void Transaction::End() {
  if (deferred_ != nullptr) deferred_->End();
  deferred_ = nullptr;
}

absl::StatusOr<ReadTransaction> ReadTransaction::Begin(Connection& connection) {
  SUBROSA_RETURN_IF_ERROR(connection.Execute("BEGIN"));
  return ReadTransaction(&connection);
}

ReadTransaction::ReadTransaction(ReadTransaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

ReadTransaction::~ReadTransaction() {
  if (connection_ != nullptr) connection_->Execute("ROLLBACK").IgnoreError();
}

}  // namespace subrosa
