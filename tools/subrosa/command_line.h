// A subcommand's flags and arguments.
//
//   CommandLine line("erase", "Erases one consumer for good.");
//   line.AddFlag("--dry-run", &dry_run, "Only say what would be erased.");
//   if (const auto exit = line.Parse(arguments, streams)) return *exit;
#ifndef SUBROSA_TOOLS_SUBROSA_COMMAND_LINE_H_
#define SUBROSA_TOOLS_SUBROSA_COMMAND_LINE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

enum class Need { kOptional, kRequired };

class CommandLine {
 public:
  // `name` may be two words: "export copy".
  CommandLine(const std::string& name, const std::string& description);
  ~CommandLine();

  // Each names a flag ("--home") or an argument ("consumer") and where its
  // value goes; that must live until Parse is done.
  void AddFlag(const std::string& name, bool* value, const std::string& help);
  void AddOption(const std::string& name, std::string* value,
                 const std::string& help, Need need = Need::kOptional);
  void AddArguments(const std::string& name, std::vector<std::string>* values,
                    const std::string& help);
  // An option that may be given several times.
  void AddOptions(const std::string& name, std::vector<std::string>* values,
                  const std::string& help, Need need = Need::kOptional);
  // A whole number that is not negative.
  void AddNumber(const std::string& name, uint64_t* value,
                 const std::string& help, Need need = Need::kOptional);
  // One of a few words, each standing for a number.
  void AddChoice(const std::string& name, int* value,
                 const std::map<std::string, int>& choices,
                 const std::string& help);

  // Empty if the command may go on; else the code to exit with, after help was
  // printed to `out` or an error to `err`. No error repeats a value.
  std::optional<ExitCode> Parse(absl::Span<const std::string> arguments,
                                const Streams& streams);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Prints a usage error about `command` and returns kUsage.
ExitCode UsageError(const std::string& command, const std::string& message,
                    const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_COMMAND_LINE_H_
