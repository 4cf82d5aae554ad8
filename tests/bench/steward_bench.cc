// The whole path: a file of marked records of 1 KiB, read, classified, sealed
// and committed durably, beside plain SQLite inserts of the very rows that came
// of it: same bytes, schema, order, transactions and sync.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"

namespace subrosa {
namespace {

constexpr int kRounds = 3;
constexpr uint64_t kConsumers = 500;
constexpr uint32_t kRecordsPerConsumer = 100;
constexpr int kRowsPerTransaction = 2000;  // As Feed does.
constexpr int kColumns = 14;

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

double Median(std::vector<double> values) {
  absl::c_sort(values);
  return values[values.size() / 2];
}

// One row as it rests: integers apart from bytes.
struct Row {
  int64_t integers[kColumns];
  std::string bytes[kColumns];
};

bool IsBytes(int column) { return column == 1 || column == 2 || column >= 11; }

constexpr absl::string_view kColumnNames =
    "entity, data_ref, record_ref, revision, schema, source, purpose,"
    " categories, labels, collected_day, effective_day, digest, row_tag,"
    " envelope";

std::vector<Row> ReadRows(const std::string& path) {
  const auto database = OpenSqlite(path, SqliteOptions());
  Require(database.status());
  const auto read = (*database)->Prepare(
      absl::StrCat("SELECT ", kColumnNames, " FROM record ORDER BY row"));
  Require(read.status());
  std::vector<Row> rows;
  while ((*read)->Step().value()) {
    Row& row = rows.emplace_back();
    for (int i = 0; i < kColumns; ++i) {
      if (IsBytes(i)) {
        row.bytes[i] = std::string((*read)->ColumnBytes(i));
      } else {
        row.integers[i] = (*read)->ColumnInt(i);
      }
    }
  }
  return rows;
}

// The table and index as the record store made them.
std::string ReadSchema(const std::string& path) {
  const auto database = OpenSqlite(path, SqliteOptions());
  Require(database.status());
  const auto read = (*database)->Prepare(
      "SELECT sql FROM sqlite_schema WHERE tbl_name = 'record'");
  Require(read.status());
  std::string schema;
  while ((*read)->Step().value()) {
    absl::StrAppend(&schema, (*read)->ColumnBytes(0), ";");
  }
  return schema;
}

double InsertPlainly(const std::vector<Row>& rows, const std::string& schema,
                     const std::string& path) {
  SqliteOptions options;
  options.create = true;
  const auto database = OpenSqlite(path, options);
  Require(database.status());
  Require((*database)->Execute(schema));
  const auto insert = (*database)->Prepare(
      absl::StrCat("INSERT INTO record(", kColumnNames,
                   ") VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
                   " $13, $14)"));
  Require(insert.status());
  const auto start = std::chrono::steady_clock::now();
  for (size_t first = 0; first < rows.size(); first += kRowsPerTransaction) {
    absl::StatusOr<Transaction> transaction = Transaction::Begin(**database);
    Require(transaction.status());
    const size_t end = std::min(rows.size(), first + kRowsPerTransaction);
    for (size_t i = first; i < end; ++i) {
      for (int column = 0; column < kColumns; ++column) {
        if (IsBytes(column)) {
          (*insert)->BindBytes(column + 1, rows[i].bytes[column]);
        } else {
          (*insert)->BindInt(column + 1, rows[i].integers[column]);
        }
      }
      Require((*insert)->Run());
    }
    Require(transaction->Commit());
  }
  return SecondsSince(start);
}

Figure Measure(const std::string& name, bool random_order, Goal goal) {
  sample::Options options;
  options.format = sample::Format::kProtobuf;
  options.consumers = kConsumers;
  options.records_per_consumer = kRecordsPerConsumer;
  options.record_bytes = 1024;
  options.random_order = random_order;

  std::vector<double> ours;
  std::vector<double> plain;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    const ScratchFolder folder;
    const std::string file = folder / "records.pb";
    WriteSampleFile(options, file);
    const std::unique_ptr<Steward> steward = MakeHome(folder, folder / "home");
    const auto start = std::chrono::steady_clock::now();
    const FeedSummary summary = FeedFile(file, *steward);
    const double seconds = SecondsSince(start);
    const std::string records = folder / "home/records.db";
    const std::vector<Row> rows = ReadRows(records);
    const double plain_seconds =
        InsertPlainly(rows, ReadSchema(records), folder / "plain.db");
    if (rows.size() != summary.added) {
      Require(absl::InternalError("rows were lost"));
    }
    ours.push_back(static_cast<double>(summary.added) / seconds);
    plain.push_back(static_cast<double>(summary.added) / plain_seconds);
    ratios.push_back(plain_seconds / seconds);
  }
  Figure figure;
  figure.name = name;
  figure.unit = "records/s";
  figure.value = Median(ours);
  figure.baseline = "plain SQLite inserts of the same rows";
  figure.baseline_value = Median(plain);
  figure.ratio = Median(ratios);
  figure.goal = goal;
  figure.bound = 0.25;
  return figure;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: steward_bench [--json]\n");
    return 2;
  }
  using subrosa::Goal;
  return subrosa::PrintFigures(
             "steward",
             {subrosa::Measure("file to sealed rows, grouped by consumer",
                               false, Goal::kAtLeast),
              subrosa::Measure("file to sealed rows, random order", true,
                               Goal::kNone)},
             json)
             ? 0
             : 3;
}
