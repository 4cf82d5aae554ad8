#include "tests/faults/log_home.h"

#include <sys/stat.h>

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/audit/leaf.h"
#include "src/audit/log_state.h"
#include "src/base/status_macros.h"
#include "src/store/migrations.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

constexpr absl::string_view kOrigin = "faults.example/audit";

constexpr Migration kEventMigration = {R"sql(
  CREATE TABLE event(
    sequence INTEGER PRIMARY KEY,
    writer INTEGER NOT NULL,
    number INTEGER NOT NULL,
    seen INTEGER NOT NULL);
  CREATE INDEX event_of_writer ON event(writer, number);
)sql"};

}  // namespace

std::string EntryOf(char store, const LogEvent& event) {
  // Any kind that carries a text will do.
  Leaf leaf = NewLeaf(LeafKind::kEpochRetired, 1);
  leaf.numbers = {static_cast<uint64_t>(event.sequence), 3};
  leaf.text = absl::StrCat(std::string(1, store), " ", event.sequence, " ",
                           event.writer, " ", event.number, " ", event.seen);
  return SerializeLeaf(leaf).value();
}

bool ParseEntry(absl::string_view entry, char* store, LogEvent* event) {
  const absl::StatusOr<Leaf> leaf = ParseLeaf(entry);
  if (!leaf.ok()) return false;
  const std::vector<std::string> words = absl::StrSplit(leaf->text, ' ');
  if (words.size() != 5 || words[0].size() != 1) return false;
  *store = words[0][0];
  return absl::SimpleAtoi(words[1], &event->sequence) &&
         absl::SimpleAtoi(words[2], &event->writer) &&
         absl::SimpleAtoi(words[3], &event->number) &&
         absl::SimpleAtoi(words[4], &event->seen);
}

absl::StatusOr<std::unique_ptr<EventStore>> EventStore::Open(
    std::unique_ptr<Connection> database) {
  auto store = std::unique_ptr<EventStore>(new EventStore());
  store->database_ = std::move(database);
  SUBROSA_ASSIGN_OR_RETURN(Outbox outbox, Outbox::Open(*store->database_));
  store->outbox_ = std::make_unique<Outbox>(std::move(outbox));
  return store;
}

absl::StatusOr<LogEvent> EventStore::Commit(char store, int64_t writer,
                                            int count, int64_t seen) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(*database_));
  LogEvent event;
  event.writer = writer;
  event.seen = seen;
  SUBROSA_ASSIGN_OR_RETURN(event.sequence, outbox_->ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> last,
      database_->Prepare("SELECT max(number) FROM event WHERE writer = $1"));
  last->BindInt(1, writer);
  SUBROSA_RETURN_IF_ERROR(last->Step().status());
  event.number = last->ColumnInt(0);
  last->Reset();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      database_->Prepare("INSERT INTO event VALUES($1, $2, $3, $4)"));
  std::vector<std::string> entries;
  for (int i = 0; i < count; ++i) {
    ++event.sequence;
    ++event.number;
    insert->BindInt(1, event.sequence);
    insert->BindInt(2, writer);
    insert->BindInt(3, event.number);
    insert->BindInt(4, seen);
    SUBROSA_RETURN_IF_ERROR(insert->Run());
    entries.push_back(EntryOf(store, event));
  }
  SUBROSA_RETURN_IF_ERROR(outbox_->Append(entries, seen).status());
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return event;
}

absl::StatusOr<std::vector<LogEvent>> EventStore::ReadEvents() {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_->Prepare("SELECT sequence, writer, number, seen FROM event"
                         " ORDER BY sequence"));
  std::vector<LogEvent> events;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return events;
    events.push_back({read->ColumnInt(0), read->ColumnInt(1),
                      read->ColumnInt(2), read->ColumnInt(3)});
  }
}

LogHome::LogHome(std::string folder, absl::Duration clock_by,
                 absl::Duration busy)
    : folder_(std::move(folder)),
      clock_(clock_by),
      busy_(busy),
      provider_(folder_ + "/keyring") {}

absl::Status LogHome::Create() {
  mkdir(folder_.c_str(), S_IRWXU);
  const Migration keys[] = {kEventMigration, kOutboxMigration,
                            kLogStateMigration};
  const Migration records[] = {kEventMigration, kOutboxMigration};
  {
    SUBROSA_ASSIGN_OR_RETURN(const auto database, Connect("keys", true));
    SUBROSA_RETURN_IF_ERROR(Migrate(*database, "key store", keys));
  }
  {
    SUBROSA_ASSIGN_OR_RETURN(const auto database, Connect("records", true));
    SUBROSA_RETURN_IF_ERROR(Migrate(*database, "record store", records));
  }
  SUBROSA_ASSIGN_OR_RETURN(const Sequencer::Parts parts, SequencerParts());
  return Sequencer::CreateLog(parts, kOrigin);
}

absl::StatusOr<std::unique_ptr<Connection>> LogHome::Connect(
    absl::string_view store, bool create) {
  SqliteOptions options;
  options.create = create;
  options.busy_timeout = busy_;
  return OpenSqlite(absl::StrCat(folder_, "/", store, ".db"), options);
}

absl::StatusOr<std::unique_ptr<EventStore>> LogHome::OpenStore(
    absl::string_view store) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> database,
                           Connect(store));
  return EventStore::Open(std::move(database));
}

absl::StatusOr<Sequencer::Parts> LogHome::SequencerParts() {
  Sequencer::Parts parts;
  SUBROSA_ASSIGN_OR_RETURN(parts.keys, Connect("keys"));
  SUBROSA_ASSIGN_OR_RETURN(parts.records, Connect("records"));
  parts.provider = &provider_;
  parts.clock = &clock_;
  parts.folder = log_folder();
  return parts;
}

absl::StatusOr<std::unique_ptr<Sequencer>> LogHome::OpenSequencer() {
  SUBROSA_ASSIGN_OR_RETURN(Sequencer::Parts parts, SequencerParts());
  return Sequencer::Open(std::move(parts));
}

}  // namespace subrosa
