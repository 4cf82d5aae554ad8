#include "tests/bench/plain_choices.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/store/connection.h"
#include "src/store/sqlite_backup.h"
#include "src/store/sqlite_connection.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

// Of a choice's leaf under a state's law.
constexpr size_t kLeafBytes = 141;

struct Entry {
  int64_t entity;
  std::string consumer_ref;
  int64_t number;
  int64_t previous = 0;
  std::string sealed;
  bool is_last = false;  // Of its consumer: what stands is written after it.
  std::string standing;
};

std::unique_ptr<Connection> Connect(const std::string& path) {
  auto connection = OpenSqlite(path, SqliteOptions());
  Require(connection.status());
  return *std::move(connection);
}

std::unique_ptr<Statement> Prepare(Connection& database,
                                   absl::string_view sql) {
  auto statement = database.Prepare(sql);
  Require(statement.status());
  return *std::move(statement);
}

bool Next(Statement& statement) {
  const absl::StatusOr<bool> found = statement.Step();
  Require(found.status());
  return *found;
}

std::vector<Entry> ReadEntries(const std::string& path, int64_t after) {
  const std::unique_ptr<Connection> database = Connect(path);
  const auto read = Prepare(
      *database,
      "SELECT c.entity, c.consumer_ref, c.number, c.sealed, c.previous,"
      " c.number = s.choices, s.standing FROM choice c JOIN choice_state s"
      " ON s.entity = c.entity AND s.consumer_ref = c.consumer_ref"
      " WHERE c.row > $1 ORDER BY c.row");
  read->BindInt(1, after);
  std::vector<Entry> entries;
  while (Next(*read)) {
    Entry& entry = entries.emplace_back();
    entry.entity = read->ColumnInt(0);
    entry.consumer_ref = std::string(read->ColumnBytes(1));
    entry.number = read->ColumnInt(2);
    entry.sealed = std::string(read->ColumnBytes(3));
    entry.previous = read->ColumnInt(4);
    entry.is_last = read->ColumnInt(5) != 0;
    if (entry.is_last) entry.standing = std::string(read->ColumnBytes(6));
  }
  return entries;
}

int64_t NumberOf(Connection& database, absl::string_view sql) {
  const auto statement = Prepare(database, sql);
  Next(*statement);
  return statement->ColumnInt(0);
}

}  // namespace

PlainChoices::PlainChoices(std::string records, std::string copy)
    : records_(std::move(records)), copy_(std::move(copy)) {
  const std::unique_ptr<Connection> database = Connect(records_);
  last_row_ = NumberOf(*database, "SELECT max(row) FROM choice");
  Require(BackUpSqlite(records_, copy_, nullptr).status());
}

double PlainChoices::InsertSame(size_t at_once) const {
  const std::vector<Entry> entries = ReadEntries(records_, last_row_);
  const std::unique_ptr<Connection> database = Connect(copy_);
  const auto choice =
      Prepare(*database,
              "INSERT INTO choice(entity, consumer_ref, number, previous,"
              " sealed) VALUES($1, $2, $3, $4, $5)");
  const auto state = Prepare(
      *database,
      "INSERT INTO choice_state(entity, consumer_ref, choices, ask_again,"
      " standing) VALUES($1, $2, $3, 0, $4)"
      " ON CONFLICT(entity, consumer_ref) DO UPDATE"
      " SET choices = $3, standing = $4");
  const auto outbox = Prepare(
      *database, "INSERT INTO outbox(sequence, seen, entry) VALUES($1, 0, $2)");
  const std::string leaf(kLeafBytes, 'l');
  int64_t sequence =
      NumberOf(*database, "SELECT coalesce(max(sequence), 0) FROM outbox");
  const double seconds = SecondsOfOne([&] {
    for (size_t first = 0; first < entries.size(); first += at_once) {
      absl::StatusOr<Transaction> transaction = Transaction::Begin(*database);
      Require(transaction.status());
      const size_t end = std::min(entries.size(), first + at_once);
      for (size_t i = first; i < end; ++i) {
        const Entry& entry = entries[i];
        choice->BindInt(1, entry.entity);
        choice->BindBytes(2, entry.consumer_ref);
        choice->BindInt(3, entry.number);
        choice->BindInt(4, entry.previous);
        choice->BindBytes(5, entry.sealed);
        Require(choice->Run());
        outbox->BindInt(1, ++sequence);
        outbox->BindBytes(2, leaf);
        Require(outbox->Run());
        if (!entry.is_last) continue;
        state->BindInt(1, entry.entity);
        state->BindBytes(2, entry.consumer_ref);
        state->BindInt(3, entry.number);
        state->BindBytes(4, entry.standing);
        Require(state->Run());
      }
      Require(transaction->Commit());
    }
  });
  return static_cast<double>(entries.size()) / seconds;
}

}  // namespace subrosa
