// A table of commands, and finding the one that was meant: the program's own,
// and that of a command with subcommands.
#ifndef SUBROSA_TOOLS_SUBROSA_COMMAND_TABLE_H_
#define SUBROSA_TOOLS_SUBROSA_COMMAND_TABLE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

struct CommandTable {
  absl::string_view program;  // What is typed before: "subrosa audit".
  absl::string_view purpose;  // One paragraph, without a newline at its end.
  absl::Span<const Command> commands;
};

// Runs the command that the first argument names, with the arguments after it.
// Without arguments prints the usage to `err` and returns kUsage, as for a name
// that is none; then a hint says which one it is like. The name is not
// repeated: it may be a consumer's id that slipped to the front.
ExitCode RunFromTable(const CommandTable& table,
                      absl::Span<const std::string> arguments,
                      const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_COMMAND_TABLE_H_
