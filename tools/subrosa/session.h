// What every subcommand that works on a home shares: where the home is, how to
// open it, which consumer is meant, how to print.
#ifndef SUBROSA_TOOLS_SUBROSA_SESSION_H_
#define SUBROSA_TOOLS_SUBROSA_SESSION_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/crypto/secret_buffer.h"
#include "src/ingest/message_types.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"

namespace subrosa {

// Where a home is and what opens it.
class HomeArguments {
 public:
  // Adds --home, --passphrase-file and --format to `line`.
  HomeArguments(CommandLine* line, Need passphrase);

  bool json() const { return format_ == 1; }

  // From --home, else from $SUBROSA_HOME, else "subrosa-home" here.
  std::string folder() const;

  bool has_passphrase() const { return !passphrase_file_.empty(); }
  // Errors of ReadSecretFile.
  absl::StatusOr<SecretBuffer> ReadPassphrase() const;

 private:
  std::string home_;
  std::string passphrase_file_;
  int format_ = 0;
};

// Opens the home, for commands that open no record.
absl::StatusOr<std::unique_ptr<Steward>> OpenSteward(const HomeArguments& home);

class Session {
 public:
  // Adds --home, --passphrase-file, --descriptor-set and --format to `line`.
  explicit Session(CommandLine* line);

  bool json() const { return home_.json(); }

  // Opens the home.
  absl::StatusOr<Steward*> Open();

 private:
  HomeArguments home_;
  std::string descriptor_set_;
  std::unique_ptr<MessageTypes> types_;
  std::unique_ptr<Steward> steward_;
};

// The folder that --home (`flag`, perhaps empty) names.
std::string HomeFolder(const std::string& flag);

// The only line of the file `path`, or of standard input for "-": an account
// id. INVALID_ARGUMENT unless it has 1 to 256 bytes; else errors of ReadFile.
absl::StatusOr<std::string> ReadConsumerFile(const std::string& path);

// Who is meant: one argument, or the only line of a file, or of standard input
// for "-". A file keeps the id out of the list of processes.
class ConsumerArgument {
 public:
  // Adds the argument "consumer" and --consumer-file to `line`.
  explicit ConsumerArgument(CommandLine* line);

  // Whether there is any.
  bool is_given() const { return !given_.empty() || !file_.empty(); }

  // INVALID_ARGUMENT unless exactly one way names a consumer of 1 to 256 bytes.
  absl::StatusOr<std::string> Read();

 private:
  std::vector<std::string> given_;
  std::string file_;
};

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_SESSION_H_
