#include "src/audit/scratch_log.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/audit/log_check.h"
#include "src/audit/log_keys.h"
#include "src/audit/log_reader.h"
#include "src/store/migrations.h"
#include "src/store/outbox.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

// Forwards to a connection, and stops around its transactions.
class StoppingConnection final : public Connection {
 public:
  StoppingConnection(std::unique_ptr<Connection> inner, Stops& stops,
                     bool is_key_store)
      : inner_(std::move(inner)), stops_(stops), is_key_store_(is_key_store) {}

  absl::Status Execute(const std::string& sql) override {
    const bool grows = is_key_store_ && stops_.has_signed;
    if (grows && sql == "BEGIN IMMEDIATE") {
      const absl::Status stopped = stops_.At(StopPoint::kGrowing);
      if (!stopped.ok()) return stopped;
    }
    const absl::Status status = inner_->Execute(sql);
    if (sql != "COMMIT" || !status.ok()) return status;
    if (is_key_store_) stops_.has_signed = false;
    return stops_.At(!is_key_store_ ? StopPoint::kRecordsForgotten
                     : grows        ? StopPoint::kGrown
                                    : StopPoint::kLeaseTaken);
  }
  absl::StatusOr<std::unique_ptr<Statement>> Prepare(
      absl::string_view sql) override {
    return inner_->Prepare(sql);
  }
  int64_t Changes() const override { return inner_->Changes(); }
  absl::Status SetCacheBytes(int64_t bytes) override {
    return inner_->SetCacheBytes(bytes);
  }
  absl::Status SetOverwriting(bool overwrites) override {
    return inner_->SetOverwriting(overwrites);
  }
  absl::Status SetDurable(bool durable) override {
    return inner_->SetDurable(durable);
  }
  absl::Status FlushJournal(absl::Duration patience) override {
    return inner_->FlushJournal(patience);
  }

 private:
  std::unique_ptr<Connection> inner_;
  Stops& stops_;
  const bool is_key_store_;
};

}  // namespace

absl::Status Stops::At(StopPoint point) {
  const auto found = actions_.find(point);
  if (found == actions_.end()) return absl::OkStatus();
  const std::function<absl::Status()> action = std::move(found->second);
  actions_.erase(found);
  return action();
}

absl::StatusOr<std::string> ForgetfulProvider::PublicKey(
    absl::string_view name) {
  if (name == forgotten_) return absl::NotFoundError("token: no such key");
  return TokenProvider::PublicKey(name);
}

absl::StatusOr<std::string> ForgetfulProvider::Sign(absl::string_view name,
                                                    absl::string_view message) {
  if (stops != nullptr) {
    const absl::Status stopped = stops->At(StopPoint::kSigning);
    if (!stopped.ok()) return stopped;
    stops->has_signed = true;
  }
  return TokenProvider::Sign(name, message);
}

absl::Status ForgetfulProvider::AdvanceAnchor(absl::string_view name,
                                              uint64_t value) {
  if (stops != nullptr) {
    const absl::Status stopped = stops->At(StopPoint::kAnchoring);
    if (!stopped.ok()) return stopped;
  }
  return TokenProvider::AdvanceAnchor(name, value);
}

ScratchLog::ScratchLog()
    : folder_(absl::StrCat(
          testing::TempDir(), "/",
          absl::StrReplaceAll(
              testing::UnitTest::GetInstance()->current_test_info()->name(),
              {{"/", "-"}}))),
      clock_(absl::FromUnixSeconds(1782864000)) {
  fs::remove_all(folder_);
  fs::create_directory(folder_);
  const Migration keys[] = {kOutboxMigration, kLogStateMigration};
  const Migration records[] = {kOutboxMigration};
  EXPECT_TRUE(Migrate(*Connect("keys"), "key store", keys).ok());
  EXPECT_TRUE(Migrate(*Connect("records"), "record store", records).ok());
  EXPECT_TRUE(Sequencer::CreateLog(Parts(), kOrigin).ok());
}

std::unique_ptr<Connection> ScratchLog::Connect(const std::string& store) {
  SqliteOptions options;
  options.create = true;
  return std::move(
             OpenSqlite(absl::StrCat(folder_, "/", store, ".db"), options))
      .value();
}

Sequencer::Parts ScratchLog::Parts() {
  Sequencer::Parts parts;
  parts.keys = Connect("keys");
  parts.records = Connect("records");
  parts.provider = &provider_;
  parts.clock = &clock_;
  parts.folder = log_folder();
  return parts;
}

absl::StatusOr<std::unique_ptr<Sequencer>> ScratchLog::TryOpen() {
  return Sequencer::Open(Parts());
}

std::unique_ptr<Sequencer> ScratchLog::Open() {
  absl::StatusOr<std::unique_ptr<Sequencer>> sequencer = TryOpen();
  EXPECT_TRUE(sequencer.ok()) << sequencer.status();
  return *std::move(sequencer);
}

std::unique_ptr<Sequencer> ScratchLog::OpenStopping(Stops& stops) {
  Sequencer::Parts parts = Parts();
  parts.keys = std::make_unique<StoppingConnection>(
      std::move(parts.keys), stops, /*is_key_store=*/true);
  parts.records = std::make_unique<StoppingConnection>(
      std::move(parts.records), stops, /*is_key_store=*/false);
  provider_.stops = &stops;
  absl::StatusOr<std::unique_ptr<Sequencer>> sequencer =
      Sequencer::Open(std::move(parts));
  EXPECT_TRUE(sequencer.ok()) << sequencer.status();
  return *std::move(sequencer);
}

void ScratchLog::Commit(const std::string& store,
                        const std::vector<std::string>& entries, int64_t seen) {
  const std::unique_ptr<Connection> database = Connect(store);
  Outbox outbox = *Outbox::Open(*database);
  Transaction transaction = *Transaction::Begin(*database);
  EXPECT_TRUE(outbox.Append(entries, seen).ok());
  EXPECT_TRUE(transaction.Commit().ok());
}

void ScratchLog::TakeAll(Sequencer& sequencer) {
  for (;;) {
    const absl::StatusOr<SequencerStep> step = sequencer.Step();
    ASSERT_TRUE(step.ok()) << step.status();
    if (step->is_caught_up) return;
    ASSERT_GT(step->entries, 0u) << "another has the lease";
  }
}

LogStatus ScratchLog::Status() {
  const std::unique_ptr<Connection> database = Connect("keys");
  return *LogState::Open(*database)->Read();
}

std::vector<LogKey> ScratchLog::LogKeys() {
  const std::unique_ptr<Connection> database = Connect("keys");
  return *LogState::Open(*database)->ReadKeys();
}

std::vector<NoteKey> ScratchLog::Keys() { return *ParseLogKeys(LogKeys()); }

std::vector<std::string> ScratchLog::Entries() {
  absl::StatusOr<LogReader> reader =
      LogReader::Open(log_folder(), kCheckpointFile, Keys());
  EXPECT_TRUE(reader.ok()) << reader.status();
  const absl::StatusOr<LogCheck> check =
      CheckLog(log_folder(), reader->checkpoint(), {});
  EXPECT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(check->faults, std::vector<std::string>());
  std::vector<std::string> entries;
  const absl::Status read = reader->VisitEntries(
      0, reader->checkpoint().size, [&](uint64_t, absl::string_view entry) {
        entries.emplace_back(entry);
        return absl::OkStatus();
      });
  EXPECT_TRUE(read.ok()) << read;
  return entries;
}

void ScratchLog::Save(const std::string& part) {
  const fs::path copy = fs::path(folder_) / "saved" / part;
  fs::create_directories(copy.parent_path());
  fs::remove_all(copy);
  fs::copy(fs::path(folder_) / part, copy, fs::copy_options::recursive);
}

void ScratchLog::PutBack(const std::string& part) {
  const fs::path place = fs::path(folder_) / part;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    fs::remove_all(place.string() + suffix);
  }
  fs::copy(fs::path(folder_) / "saved" / part, place,
           fs::copy_options::recursive);
}

}  // namespace subrosa
