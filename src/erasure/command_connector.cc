#include "src/erasure/command_connector.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr int kAccepted = 10;
constexpr int kRefused = 11;

// What is read from the descriptor is `bytes`. In memory: what a message holds
// never rests in a file.
absl::StatusOr<UniqueFd> InputOf(const std::string& bytes) {
  UniqueFd input(memfd_create("erase", MFD_CLOEXEC));
  if (input.get() < 0) return ErrnoStatus(errno, "memfd_create");
  SUBROSA_RETURN_IF_ERROR(WriteAll(input.get(), bytes));
  if (lseek(input.get(), 0, SEEK_SET) != 0) return ErrnoStatus(errno, "lseek");
  return input;
}

// Starts the program in a process group of its own.
absl::StatusOr<pid_t> Start(std::vector<std::string> arguments, int input) {
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  std::string path = "PATH=/usr/bin:/bin";
  std::string language = "LANG=C";
  char* environment[] = {path.data(), language.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY,
                                     0);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, words[0], &actions, &attributes,
                                words.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return ErrnoStatus(error, "connector: program");
  return pid;
}

// Whether the process ended within `timeout`.
bool WaitUntilEnded(pid_t pid, absl::Duration timeout) {
  const UniqueFd process(
      static_cast<int>(syscall(SYS_pidfd_open, pid, /*flags=*/0)));
  if (process.get() < 0) return false;
  const absl::Time deadline = absl::Now() + timeout;
  for (;;) {
    pollfd ended = {process.get(), POLLIN, 0};
    const int64_t left = absl::ToInt64Milliseconds(deadline - absl::Now());
    if (left <= 0) return false;
    const int ready = poll(&ended, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

int Collect(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

PartyReply Silent(const absl::Status& why) {
  return {PartyAnswer::kSilent, why, /*is_reached=*/false};
}

}  // namespace

PartyReply CommandRunner::Tell(const EraseMessage& message) {
  const absl::StatusOr<UniqueFd> input = InputOf(EraseMessageJson(message));
  if (!input.ok()) return Silent(input.status());
  const absl::StatusOr<pid_t> pid = Start(arguments_, input->get());
  if (!pid.ok()) return Silent(pid.status());
  const bool ended = WaitUntilEnded(*pid, timeout_);
  // What it left running goes too.
  kill(-*pid, SIGKILL);
  const int status = Collect(*pid);
  if (!ended) {
    return Silent(absl::UnavailableError(
        absl::StrCat("connector: want the program to end within ",
                     absl::FormatDuration(timeout_), ", got none")));
  }
  if (!WIFEXITED(status)) {
    return Silent(absl::UnavailableError(
        "connector: want the program to exit, got a signal"));
  }
  switch (WEXITSTATUS(status)) {
    case 0:
      return {PartyAnswer::kDone, absl::OkStatus()};
    case kAccepted:
      return {PartyAnswer::kAccepted, absl::OkStatus()};
    case kRefused:
      return {PartyAnswer::kRefused, absl::OkStatus()};
    default:
      return {PartyAnswer::kSilent,
              absl::UnavailableError(absl::StrCat(
                  "connector: want the program to exit with 0, 10 or 11, got ",
                  WEXITSTATUS(status))),
              /*is_reached=*/true};
  }
}

}  // namespace subrosa
