#include "tools/subrosa/command_table.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

std::string Usage(const CommandTable& table) {
  std::string usage = absl::StrCat(table.purpose, "\n\nUsage: ", table.program,
                                   " COMMAND [ARGUMENT...]\n\nCommands:\n");
  size_t longest = 0;
  for (const Command& command : table.commands) {
    longest = std::max(longest, command.name.size());
  }
  for (const Command& command : table.commands) {
    absl::StrAppend(&usage, "  ", command.name,
                    std::string(longest + 2 - command.name.size(), ' '),
                    command.summary, "\n");
  }
  absl::StrAppend(&usage, "\n`", table.program,
                  " COMMAND --help` says more. Exit codes: 0 done, 1 could not "
                  "finish,\n2 usage, 3 finished, and the answer is no.\n");
  return usage;
}

// How many letters must change to make `b` of `a`.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

// The command that was meant by `name`; null if it is like none.
const Command* FindNearest(absl::Span<const Command> commands,
                           absl::string_view name) {
  for (const Command& command : commands) {
    if (absl::StartsWith(command.name, name)) return &command;
  }
  const Command* nearest = std::min_element(
      commands.begin(), commands.end(),
      [name](const Command& a, const Command& b) {
        return EditDistance(name, a.name) < EditDistance(name, b.name);
      });
  // One slip in three letters.
  return EditDistance(name, nearest->name) <= (name.size() + 2) / 3 ? nearest
                                                                    : nullptr;
}

ExitCode UnknownCommand(const CommandTable& table, absl::string_view name,
                        const Streams& streams) {
  std::string hint = absl::StrCat("`", table.program, " --help` lists them");
  if (const Command* nearest = FindNearest(table.commands, name);
      nearest != nullptr) {
    hint = absl::StrCat("did you mean `", nearest->name, "`?");
  }
  std::fprintf(streams.err,
               "subrosa: error: no such command\nsubrosa: hint: %s\n",
               hint.c_str());
  return ExitCode::kUsage;
}

}  // namespace

ExitCode RunFromTable(const CommandTable& table,
                      absl::Span<const std::string> arguments,
                      const Streams& streams) {
  if (arguments.empty()) {
    std::fputs(Usage(table).c_str(), streams.err);
    return ExitCode::kUsage;
  }
  const std::string& name = arguments[0];
  if (name == "--help" || name == "-h" || name == "help") {
    return Print(Usage(table), streams);
  }
  for (const Command& command : table.commands) {
    if (command.name != name) continue;
    return command.function(arguments.subspan(1), streams);
  }
  return UnknownCommand(table, name, streams);
}

}  // namespace subrosa
