#include "tests/bench/plain_rows.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "tests/bench/sample_home.h"

namespace subrosa {
namespace {

std::unique_ptr<Connection> Connect(const std::string& path, bool create) {
  SqliteOptions options;
  options.create = create;
  auto connection = OpenSqlite(path, options);
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

}  // namespace

PlainRows PlainRows::Read(const std::string& path, int64_t after) {
  PlainRows plain;
  const std::unique_ptr<Connection> database = Connect(path, false);
  const auto schema = Prepare(
      *database, "SELECT sql FROM sqlite_schema WHERE tbl_name = 'record'");
  while (Next(*schema)) {
    absl::StrAppend(&plain.schema_, schema->ColumnBytes(0), ";");
  }
  const auto table =
      Prepare(*database, "SELECT name, type FROM pragma_table_info('record')");
  while (Next(*table)) {
    if (table->ColumnBytes(0) == "row") continue;
    plain.columns_.push_back(
        {std::string(table->ColumnBytes(0)), table->ColumnBytes(1) == "BLOB"});
  }
  const auto name = [](std::string* out, const Column& column) {
    out->append(column.name);
  };
  const auto read =
      Prepare(*database,
              absl::StrCat("SELECT ", absl::StrJoin(plain.columns_, ", ", name),
                           " FROM record WHERE row > $1 ORDER BY row"));
  read->BindInt(1, after);
  while (Next(*read)) {
    Row& row = plain.rows_.emplace_back();
    for (size_t i = 0; i < plain.columns_.size(); ++i) {
      const int column = static_cast<int>(i);
      if (plain.columns_[i].is_bytes) {
        row.bytes.emplace_back(read->ColumnBytes(column));
      } else {
        row.integers.push_back(read->ColumnInt(column));
      }
    }
  }
  return plain;
}

double PlainRows::InsertInto(const std::string& path,
                             size_t rows_at_once) const {
  const std::unique_ptr<Connection> database = Connect(path, true);
  if (!Next(*Prepare(*database, "SELECT 1 FROM sqlite_schema"))) {
    Require(database->Execute(schema_));
  }
  std::vector<std::string> names;
  std::vector<std::string> places;
  for (const Column& column : columns_) {
    names.push_back(column.name);
    places.push_back(absl::StrCat("$", names.size()));
  }
  const auto insert = Prepare(
      *database, absl::StrCat("INSERT INTO record(", absl::StrJoin(names, ", "),
                              ") VALUES(", absl::StrJoin(places, ", "), ")"));
  const auto start = std::chrono::steady_clock::now();
  for (size_t first = 0; first < rows_.size(); first += rows_at_once) {
    absl::StatusOr<Transaction> transaction = Transaction::Begin(*database);
    Require(transaction.status());
    const size_t end = std::min(rows_.size(), first + rows_at_once);
    for (size_t i = first; i < end; ++i) {
      size_t integers = 0;
      size_t bytes = 0;
      for (size_t column = 0; column < columns_.size(); ++column) {
        const int place = static_cast<int>(column) + 1;
        if (columns_[column].is_bytes) {
          insert->BindBytes(place, rows_[i].bytes[bytes++]);
        } else {
          insert->BindInt(place, rows_[i].integers[integers++]);
        }
      }
      Require(insert->Run());
    }
    Require(transaction->Commit());
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

}  // namespace subrosa
