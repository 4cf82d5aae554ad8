// The transparency log at work: leaves committed and sequenced, a commit with
// its leaf beside the same commit without, and a log of ten million leaves
// opened and checked.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/audit/checkpoint.h"
#include "src/audit/log_check.h"
#include "src/audit/log_reader.h"
#include "src/audit/log_state.h"
#include "src/audit/sequencer.h"
#include "src/audit/sequencer_thread.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/sha256.h"
#include "src/store/migrations.h"
#include "src/store/outbox.h"
#include "src/store/sqlite_connection.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"

namespace subrosa {
namespace {

constexpr size_t kLeafBytes = 200;
constexpr int64_t kLeavesPerCommit = 2000;
constexpr int64_t kMostWaiting = 200000;
constexpr size_t kRecordBytes = 1024;

double SecondsOf(const std::function<void()>& call) {
  const auto start = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// $SUBROSA_BENCH_LEAVES, ten million unless told.
int64_t LeafCount() {
  const char* const text = std::getenv("SUBROSA_BENCH_LEAVES");
  return text == nullptr ? 10'000'000 : std::atoll(text);
}

// Two stores with outboxes, a keyring, and a log.
class Log {
 public:
  explicit Log(const std::string& path) : path_(path) {
    Require(ReplaceFile(path_ + ".passphrase", "no secret", 0600));
    const auto passphrase = ReadSecretFile(path_ + ".passphrase");
    Require(passphrase.status());
    auto keyring = Keyring::Create(path_ + ".keyring", *passphrase,
                                   KeyringCost::kInteractive);
    Require(keyring.status());
    keyring_ = *std::move(keyring);
    const Migration keys[] = {kOutboxMigration, kLogStateMigration};
    const Migration records[] = {
        {"CREATE TABLE record(row INTEGER PRIMARY KEY, place BLOB NOT NULL,"
         " envelope BLOB NOT NULL);"
         "CREATE UNIQUE INDEX record_place ON record(place)"},
        kOutboxMigration};
    Require(Migrate(*Connect("keys", true), "bench", keys));
    Require(Migrate(*Connect("records", true), "bench", records));
    Require(Sequencer::CreateLog(Parts(), "bench.example/audit"));
  }

  std::unique_ptr<Connection> Connect(const std::string& name,
                                      bool create = false) {
    SqliteOptions options;
    options.create = create;
    auto connection = OpenSqlite(absl::StrCat(path_, ".", name), options);
    Require(connection.status());
    return *std::move(connection);
  }

  Sequencer::Parts Parts() {
    Sequencer::Parts parts;
    parts.keys = Connect("keys");
    parts.records = Connect("records");
    parts.provider = keyring_.get();
    parts.clock = &clock_;
    parts.folder = folder();
    return parts;
  }

  std::unique_ptr<Sequencer> Open() {
    auto sequencer = Sequencer::Open(Parts());
    Require(sequencer.status());
    return *std::move(sequencer);
  }

  std::string folder() const { return path_ + ".log"; }

 private:
  std::string path_;
  SystemClock clock_;
  std::unique_ptr<Keyring> keyring_;
};

std::string LeafOf(int64_t number) {
  std::string leaf(kLeafBytes, 'x');
  std::memcpy(leaf.data(), &number, sizeof(number));
  return leaf;
}

// One record of a benchmark, at a place of its own.
void InsertRecord(Statement& insert, int64_t number, const std::string& bytes) {
  // Spread like random references.
  const uint64_t place[2] = {
      static_cast<uint64_t>(number) * 0x9e3779b97f4a7c15U,
      static_cast<uint64_t>(number)};
  insert.BindBytes(1, absl::string_view(reinterpret_cast<const char*>(place),
                                        sizeof(place)));
  insert.BindBytes(2, bytes);
  Require(insert.Run());
}

// Commits `leaves` leaves and waits until a checkpoint covers them. Returns
// leaves a second.
double Sequence(Log& log, int64_t leaves) {
  SequencerThread thread(log.Open());
  const std::unique_ptr<Connection> records = log.Connect("records");
  auto outbox = Outbox::Open(*records);
  Require(outbox.status());
  const double seconds = SecondsOf([&] {
    std::vector<std::string> entries;
    for (int64_t done = 0; done < leaves;) {
      entries.clear();
      const int64_t end = std::min(leaves, done + kLeavesPerCommit);
      for (; done < end; ++done) entries.push_back(LeafOf(done));
      auto transaction = Transaction::Begin(*records);
      Require(transaction.status());
      Require(outbox->Append(entries, 0).status());
      Require(transaction->Commit());
      Require(
          thread.WaitFor({0, done - kMostWaiting}, absl::Minutes(5)).status());
    }
    Require(thread.WaitFor({0, leaves}, absl::Minutes(5)).status());
  });
  return static_cast<double>(leaves) / seconds;
}

// The same rows into a table like the outbox, with the same commits, and nobody
// who takes them.
double InsertBare(Log& log, int64_t leaves) {
  const std::unique_ptr<Connection> bare = log.Connect("bare", true);
  Require(bare->Execute(
      "CREATE TABLE entry(sequence INTEGER PRIMARY KEY, bytes BLOB NOT NULL)"));
  const auto insert = bare->Prepare("INSERT INTO entry VALUES($1, $2)");
  Require(insert.status());
  const double seconds = SecondsOf([&] {
    for (int64_t done = 0; done < leaves;) {
      auto transaction = Transaction::Begin(*bare);
      Require(transaction.status());
      const int64_t end = std::min(leaves, done + kLeavesPerCommit);
      for (; done < end; ++done) {
        const std::string leaf = LeafOf(done);
        (*insert)->BindInt(1, done + 1);
        (*insert)->BindBytes(2, leaf);
        Require((*insert)->Run());
      }
      Require(transaction->Commit());
    }
  });
  return static_cast<double>(leaves) / seconds;
}

// One durable commit of a record, with its leaf or without.
class Committer {
 public:
  Committer(std::unique_ptr<Connection> records, bool has_leaf)
      : records_(std::move(records)) {
    auto insert =
        records_->Prepare("INSERT INTO record(place, envelope) VALUES($1, $2)");
    Require(insert.status());
    insert_ = *std::move(insert);
    if (!has_leaf) return;
    auto outbox = Outbox::Open(*records_);
    Require(outbox.status());
    outbox_ = std::make_unique<Outbox>(*std::move(outbox));
  }

  void Commit(int64_t number) {
    auto transaction = Transaction::Begin(*records_);
    Require(transaction.status());
    InsertRecord(*insert_, number, bytes_);
    if (outbox_ != nullptr) {
      Require(outbox_->Append({LeafOf(number)}, 0).status());
    }
    Require(transaction->Commit());
  }

 private:
  const std::string bytes_ = std::string(kRecordBytes, 'r');
  std::unique_ptr<Connection> records_;
  std::unique_ptr<Statement> insert_;
  std::unique_ptr<Outbox> outbox_;
};

Figure CommitFigure(const ScratchFolder& folder) {
  constexpr int kRounds = 2000;
  Log with_log(folder / "with");
  Log without_log(folder / "without");
  // The sequencer is at work beside it, as in a service.
  SequencerThread thread(with_log.Open());
  Committer with(with_log.Connect("records"), true);
  Committer without(without_log.Connect("records"), false);
  std::vector<double> with_seconds;
  std::vector<double> without_seconds;
  for (int i = 0; i < kRounds; ++i) {
    with_seconds.push_back(SecondsOf([&] { with.Commit(i); }));
    without_seconds.push_back(SecondsOf([&] { without.Commit(i); }));
  }
  Figure figure;
  figure.name = "durable commit of a 1 KiB record with its leaf";
  figure.unit = "us";
  figure.value = 1e6 * Median(with_seconds);
  figure.baseline = "the same without a leaf";
  figure.baseline_value = 1e6 * Median(without_seconds);
  figure.ratio = figure.value / figure.baseline_value;
  figure.goal = Goal::kAtMost;
  figure.bound = 1.3;
  return figure;
}

// SHA-256 of the very messages that a tree of `leaves` leaves hashes, on all
// processors, and nothing else.
double HashBare(int64_t leaves) {
  const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  const auto work = [&] {
    Sha256 sha256;
    std::string message(kLeafBytes, 'x');
    std::string node(64, 'n');
    for (int64_t i = 0; i < leaves / threads; ++i) {
      std::memcpy(message.data(), &i, sizeof(i));
      const auto digest = sha256.Digest({"0", message});
      std::memcpy(node.data(), digest.data(), digest.size());
      sha256.Digest({"1", node});
    }
  };
  return SecondsOf([&] {
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < threads; ++i) workers.emplace_back(work);
    for (std::thread& worker : workers) worker.join();
  });
}

std::vector<Figure> LargeLogFigures(Log& log, int64_t leaves) {
  std::vector<double> starts;
  for (int i = 0; i < 5; ++i) {
    starts.push_back(SecondsOf([&] { log.Open(); }));
  }
  Figure start;
  start.name = absl::StrCat("start of a log of ", leaves, " leaves");
  start.unit = "ms";
  start.value = 1e3 * Median(starts);
  start.goal = Goal::kAtMost;
  start.bound = 100;

  const std::unique_ptr<Connection> keys = log.Connect("keys");
  auto state = LogState::Open(*keys);
  Require(state.status());
  const auto status = state->Read();
  Require(status.status());
  const auto reader = LogReader::AtCheckpoint(log.folder(), status->checkpoint);
  Require(reader.status());
  std::vector<double> checks;
  std::vector<double> hashes;
  for (int i = 0; i < 3; ++i) {
    checks.push_back(SecondsOf([&] {
      const auto checked =
          CheckLog(log.folder(), reader->checkpoint(), LogCheckOptions());
      Require(checked.status());
      if (!checked->ok()) Require(absl::DataLossError(checked->faults.front()));
    }));
    hashes.push_back(SecondsOf([&] { HashBare(leaves); }));
  }
  Figure check;
  check.name = absl::StrCat("full check of ", leaves, " leaves of 200 bytes");
  check.unit = "M leaves/s";
  check.value = 1e-6 * static_cast<double>(leaves) / Median(checks);
  check.baseline = "bare SHA-256 of the same messages, as many threads";
  check.baseline_value = 1e-6 * static_cast<double>(leaves) / Median(hashes);
  check.ratio = check.value / check.baseline_value;
  check.goal = Goal::kAtLeast;
  check.bound = 0.7;
  return {start, check};
}

int Main(bool json) {
  const ScratchFolder folder;
  const int64_t leaves = LeafCount();
  std::vector<Figure> figures = {CommitFigure(folder)};

  Log log(folder / "large");
  Figure sequenced;
  sequenced.name = "leaves of 200 bytes committed and sequenced";
  sequenced.unit = "leaves/s";
  sequenced.value = Sequence(log, leaves);
  sequenced.goal = Goal::kAtLeast;
  sequenced.bound = 300'000;
  Figure beside = sequenced;
  beside.name = "the same, beside plain inserts";
  beside.baseline = "SQLite inserts of the same rows and commits";
  beside.baseline_value = InsertBare(log, leaves / 4);
  beside.ratio = beside.value / beside.baseline_value;
  beside.goal = Goal::kNone;
  figures.push_back(sequenced);
  figures.push_back(beside);
  for (Figure& figure : LargeLogFigures(log, leaves)) {
    figures.push_back(std::move(figure));
  }
  return PrintFigures("audit", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: audit_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
