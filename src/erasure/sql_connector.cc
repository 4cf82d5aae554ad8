#include "src/erasure/sql_connector.h"

#include <memory>

#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

constexpr absl::Duration kLockPatience = absl::Seconds(10);

}  // namespace

absl::Status SqliteEraser::Run(const std::string& consumer) const {
  SqliteOptions options;
  options.foreign = true;
  options.busy_timeout = kLockPatience;
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> database,
                           OpenSqlite(path_, options));
  {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             Transaction::Begin(*database));
    for (const std::string& sql : statements_) {
      SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> statement,
                               database->Prepare(sql));
      statement->BindText(1, consumer);
      SUBROSA_RETURN_IF_ERROR(statement->Run());
    }
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  }
  return database->FlushJournal(kLockPatience);
}

PartyReply SqliteEraser::Tell(const EraseMessage& message) {
  if (message.consumer.empty()) {
    return {
        PartyAnswer::kSilent,
        absl::FailedPreconditionError(
            "connector: want an account id for a database, got pseudonyms")};
  }
  // A database's own words may quote what it holds.
  const absl::Status status = Run(message.consumer);
  if (status.ok()) return {PartyAnswer::kDone, absl::OkStatus()};
  return {PartyAnswer::kSilent,
          absl::Status(status.code(),
                       "connector: want the statements to run, got an error of "
                       "the database")};
}

}  // namespace subrosa
