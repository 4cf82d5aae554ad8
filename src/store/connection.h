// A Connection speaks SQL to one database: SQLite today, PostgreSQL next. Rooms
// above hold their own tables and statements; this interface is all they know
// of the database.
//
// Statements number their parameters $1, $2, … in order of first appearance,
// which both databases read. Column types are those both know: INTEGER
// (64-bit), BLOB, TEXT.
//
// Thread-compatible: one thread at a time uses a Connection and its Statements.
// Any number of Connections, in any number of processes, may use one database.
//
// Errors: UNAVAILABLE when the database is locked for longer than its timeout,
// the disk is full or fails (a retry may work); DATA_LOSS when the file is
// damaged; ALREADY_EXISTS when a unique index refuses; INTERNAL for a statement
// that is wrong. No message holds a bound value.
#ifndef SUBROSA_SRC_STORE_CONNECTION_H_
#define SUBROSA_SRC_STORE_CONNECTION_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace subrosa {

// One prepared statement. Bind, then Run; or bind, then Step until it says
// false. A Statement may be used again and again and must not outlive its
// Connection.
class Statement {
 public:
  virtual ~Statement() = default;

  // `index` counts from 1. Bytes and text are not copied: they must stay as
  // they are until Run returns or the stepping is over.
  virtual void BindInt(int index, int64_t value) = 0;
  virtual void BindBytes(int index, absl::string_view value) = 0;
  virtual void BindText(int index, absl::string_view value) = 0;

  // Moves to the next row; false when there is none, and then the statement may
  // be bound anew.
  virtual absl::StatusOr<bool> Step() = 0;

  // Steps to the end, ignoring rows.
  virtual absl::Status Run() = 0;

  // Ends a stepping early. Harmless at any time.
  virtual void Reset() = 0;

  // The present row's columns, from 0. Bytes live until the next Step or Reset.
  // NULL reads as 0 or empty.
  virtual int64_t ColumnInt(int column) const = 0;
  virtual absl::string_view ColumnBytes(int column) const = 0;
};

// A state of a database; two that differ have not the same.
using ChangeMark = std::array<uint32_t, 12>;

class Connection {
 public:
  virtual ~Connection() = default;

  // Changes with every commit, of whatever connection, and costs far less than
  // a statement that would read of one. Empty within a transaction, and where
  // the database cannot say.
  virtual std::optional<ChangeMark> ReadChangeMark() { return std::nullopt; }

  // Runs statements that return no rows, separated by semicolons.
  virtual absl::Status Execute(const std::string& sql) = 0;

  virtual absl::StatusOr<std::unique_ptr<Statement>> Prepare(
      absl::string_view sql) = 0;

  // How many rows the last INSERT, UPDATE or DELETE touched.
  virtual int64_t Changes() const = 0;

  // Bounds the page cache from now on: a larger one suits whoever rewrites a
  // table.
  virtual absl::Status SetCacheBytes(int64_t bytes) = 0;

  // Whether what is deleted is overwritten with zeros, as it is unless this
  // says otherwise.
  virtual absl::Status SetOverwriting(bool overwrites) = 0;

  // Whether a commit that returned OK is durable, as it is unless this says
  // otherwise. If it is not, a power cut may undo the last commits, each as a
  // whole and none without those after it; the next durable commit of whatever
  // connection makes those before it durable too. A kill undoes nothing. Not
  // within a transaction.
  virtual absl::Status SetDurable(bool durable) = 0;

  // Empties the journal into the database, so that bytes overwritten since
  // stand in no file of it. Waits at most `patience` for another connection
  // that is reading or writing, and is UNAVAILABLE if it is not done by then.
  virtual absl::Status FlushJournal(absl::Duration patience) = 0;
};

// Writes that are put off to the end of a transaction, such as sums over what
// it changed, and that go with it if it is not committed.
class DeferredWrites {
 public:
  virtual ~DeferredWrites() = default;

  // Writes what was put off. Called once, within the transaction, when it is
  // about to be committed; an error keeps it from being.
  virtual absl::Status Write() = 0;

  // The transaction is over, either way, and nothing is put off any more.
  virtual void End() = 0;
};

// A transaction that rolls back unless it was committed. It takes the write
// lock at once, so that what it reads stays true until it ends.
//
//   SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
//                            Transaction::Begin(connection));
//   …
//   return transaction.Commit();
class Transaction {
 public:
  // `connection` must outlive the transaction and have none open. `deferred`,
  // which may be null, too: it is written with the commit.
  static absl::StatusOr<Transaction> Begin(Connection& connection,
                                           DeferredWrites* deferred = nullptr);

  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // OK means durable. On error nothing of the transaction remains.
  absl::Status Commit();

 private:
  Transaction(Connection* connection, DeferredWrites* deferred)
      : connection_(connection), deferred_(deferred) {}
  void End();

  Connection* connection_;
  DeferredWrites* deferred_;
};

// A transaction that only reads: all that is read within it is as it was at its
// first statement, and nobody who writes has to wait.
class ReadTransaction {
 public:
  // `connection` must outlive the transaction and have none open.
  static absl::StatusOr<ReadTransaction> Begin(Connection& connection);

  ReadTransaction(ReadTransaction&& other) noexcept;
  ReadTransaction& operator=(ReadTransaction&&) = delete;
  ~ReadTransaction();

 private:
  explicit ReadTransaction(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STORE_CONNECTION_H_
