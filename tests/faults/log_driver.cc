// Commits numbered events to a log's two stores while sequencers take them into
// the log, and says afterwards whether all is as it should be. For
// log_fault_test.py, which kills, stops and starves it.
//
//   log_driver init FOLDER
//   log_driver fill FOLDER count=N
//   log_driver run FOLDER [writer=N] [commits=N] [seed=N] [sequence=0]
//   log_driver check FOLDER
//   log_driver repair FOLDER
//
// All take clock=SECONDS, by which their clock is ahead, busy_ms=N, how long a
// locked database is waited for, wait=SECONDS, how long a run waits for its
// last checkpoint, and acknowledged=FILE, which a run adds a line to after each
// commit. Exit codes: 0 done · 1 something is wrong that nobody said · 3 a part
// is refused, and stdout says which · 4 what was to be done could not be.
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/audit/log_check.h"
#include "src/audit/log_keys.h"
#include "src/audit/log_state.h"
#include "src/audit/sequencer.h"
#include "src/audit/sequencer_thread.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "tests/faults/driver_options.h"
#include "tests/faults/log_home.h"
#include "tests/faults/log_verdict.h"

namespace subrosa {
namespace {

constexpr int kDone = 0;
constexpr int kWrong = 1;
constexpr int kRefused = 3;
constexpr int kFailed = 4;

constexpr int kTriesPerCommit = 5;

int Say(int code, const std::string& text) {
  std::printf("%s\n", text.c_str());
  return code;
}

// A writer at work.
class Writer {
 public:
  Writer(LogHome& home, const DriverOptions& options)
      : home_(home),
        number_(options.Number("writer", 1)),
        random_(static_cast<uint32_t>(options.Number("seed", 1))) {
    const std::string path = options.Text("acknowledged");
    if (!path.empty()) {
      acknowledged_ = UniqueFd(
          open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    }
  }

  absl::Status Open() {
    SUBROSA_ASSIGN_OR_RETURN(keys_, home_.OpenStore("keys"));
    SUBROSA_ASSIGN_OR_RETURN(records_, home_.OpenStore("records"));
    return absl::OkStatus();
  }

  // Commits something; what fails is tried again.
  absl::Status Work() {
    absl::Status status;
    for (int tries = 0; tries < kTriesPerCommit; ++tries) {
      status = random_() % 40 == 0 ? Rotate() : CommitEvents();
      if (status.ok()) return status;
    }
    return status;
  }

  // Now and then somebody waits for the log.
  bool Pauses() { return random_() % 4 == 0; }

  absl::StatusOr<OutboxPosition> ReadIssued() {
    OutboxPosition issued;
    SUBROSA_ASSIGN_OR_RETURN(issued.keys, keys_->outbox().ReadIssued());
    SUBROSA_ASSIGN_OR_RETURN(issued.records, records_->outbox().ReadIssued());
    return issued;
  }

 private:
  absl::Status CommitEvents() {
    const bool is_key = random_() % 2 == 0;
    EventStore& own = is_key ? *keys_ : *records_;
    EventStore& other = is_key ? *records_ : *keys_;
    SUBROSA_ASSIGN_OR_RETURN(const int64_t seen, other.outbox().ReadIssued());
    SUBROSA_ASSIGN_OR_RETURN(
        const LogEvent last,
        own.Commit(is_key ? 'k' : 'r', number_,
                   1 + static_cast<int>(random_() % 3), seen));
    Acknowledge(absl::StrCat("\n", is_key ? "k " : "r ", last.sequence, " ",
                             last.writer, " ", last.number, ";"));
    return absl::OkStatus();
  }

  // Announces a signing key, and retires the old ones if that is in the log.
  absl::Status Rotate() {
    SUBROSA_ASSIGN_OR_RETURN(LogState state, LogState::Open(keys_->database()));
    const absl::Status retired = RetireAnnouncedKeys(keys_->database(), state);
    if (!absl::IsFailedPrecondition(retired)) {
      SUBROSA_RETURN_IF_ERROR(retired);
    }
    const absl::Status announced =
        AnnounceNextKey(keys_->database(), state, keys_->outbox(),
                        home_.provider(), DayOf(home_.clock().Now()))
            .status();
    // Another process was faster with this number.
    return absl::IsAlreadyExists(announced) ? absl::OkStatus() : announced;
  }

  void Acknowledge(const std::string& line) {
    if (acknowledged_.get() < 0) return;
    if (!WriteAll(acknowledged_.get(), line).ok()) {
      std::fprintf(stderr, "log_driver: an acknowledgement was not written\n");
    }
  }

  LogHome& home_;
  const int64_t number_;
  std::mt19937 random_;
  UniqueFd acknowledged_;
  std::unique_ptr<EventStore> keys_;
  std::unique_ptr<EventStore> records_;
};

absl::Status Run(LogHome& home, const DriverOptions& options) {
  std::unique_ptr<SequencerThread> sequencer;
  if (options.Number("sequence", 1) != 0) {
    SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Sequencer> opened,
                             home.OpenSequencer());
    sequencer = std::make_unique<SequencerThread>(std::move(opened));
  }
  Writer writer(home, options);
  SUBROSA_RETURN_IF_ERROR(writer.Open());
  const absl::Duration wait = absl::Seconds(options.Number("wait", 20));
  for (int64_t left = options.Number("commits", 10); left > 0; --left) {
    SUBROSA_RETURN_IF_ERROR(writer.Work());
    if (sequencer == nullptr || (left > 1 && !writer.Pauses())) continue;
    SUBROSA_ASSIGN_OR_RETURN(const OutboxPosition issued, writer.ReadIssued());
    SUBROSA_RETURN_IF_ERROR(sequencer->WaitFor(issued, wait).status());
  }
  return absl::OkStatus();
}

absl::Status Fill(LogHome& home, const DriverOptions& options) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<EventStore> records,
                           home.OpenStore("records"));
  SUBROSA_RETURN_IF_ERROR(
      records
          ->Commit('r', 0, static_cast<int>(options.Number("count", 250)),
                   /*seen=*/0)
          .status());
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Sequencer> opened,
                           home.OpenSequencer());
  SequencerThread sequencer(std::move(opened));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t issued,
                           records->outbox().ReadIssued());
  return sequencer.WaitFor({0, issued}, absl::Seconds(60)).status();
}

int Check(LogHome& home, const DriverOptions& options) {
  const std::string path = options.Text("acknowledged");
  const absl::StatusOr<std::string> acknowledged =
      ReadFile(path, size_t{1} << 26);
  const LogVerdict verdict = JudgeLog(home, acknowledged.value_or(""));
  for (const std::string& each : verdict.violations) {
    Say(kWrong, "wrong: " + each);
  }
  for (const std::string& each : verdict.refusals) {
    Say(kRefused, "refused: " + each);
  }
  if (!verdict.violations.empty()) return kWrong;
  if (!verdict.refusals.empty()) return kRefused;
  return Say(kDone, verdict.summary);
}

// As `subrosa audit verify --repair` does, which opens no home.
int Repair(LogHome& home) {
  const auto repair = [&]() -> absl::StatusOr<LogCheck> {
    SUBROSA_ASSIGN_OR_RETURN(const auto database, home.Connect("keys"));
    SUBROSA_ASSIGN_OR_RETURN(LogState state, LogState::Open(*database));
    SUBROSA_ASSIGN_OR_RETURN(const LogStatus log, state.Read());
    LogCheckOptions options;
    options.repair = true;
    return CheckLog(home.log_folder(), {log.origin, log.size, log.root},
                    options);
  };
  const absl::StatusOr<LogCheck> check = repair();
  if (!check.ok()) return Say(kFailed, check.status().ToString());
  for (const std::string& each : check->repaired) {
    Say(kDone, "repaired: " + each);
  }
  for (const std::string& each : check->faults) {
    Say(kRefused, "refused: log: " + each);
  }
  return check->ok() ? kDone : kRefused;
}

int Main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "log_driver: want a command and a folder\n");
    return 2;
  }
  const std::string command = argv[1];
  const DriverOptions options(argc - 3, argv + 3);
  // Whoever checks does not wait for a killed process's lease.
  const int64_t ahead = command == "check" ? 3600 : 0;
  LogHome home(argv[2], absl::Seconds(options.Number("clock", ahead)),
               absl::Milliseconds(options.Number("busy_ms", 30000)));
  if (command == "check") return Check(home, options);
  if (command == "repair") return Repair(home);
  const absl::Status status = command == "init"   ? home.Create()
                              : command == "fill" ? Fill(home, options)
                                                  : Run(home, options);
  if (status.ok()) return kDone;
  const bool is_refused =
      absl::IsFailedPrecondition(status) || absl::IsDataLoss(status);
  return is_refused ? Say(kRefused, "refused: " + status.ToString())
                    : Say(kFailed, "failed: " + status.ToString());
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) { return subrosa::Main(argc, argv); }
