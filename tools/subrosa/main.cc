// The command. Everything it can do is in the table below; each entry is one
// file of this folder.
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/crypto/core_dumps.h"
#include "tools/subrosa/command.h"

namespace subrosa {
namespace {

constexpr Command kCommands[] = {
    {"init", "make a home: keyring, key store, record store", Init},
    {"ingest", "take records from files", Ingest},
    {"inventory", "what is held: categories, labels, sources, counts",
     InventoryCommand},
    {"show", "what is held of one consumer, and why it counts", Show},
    {"export", "a consumer's copy, to a file", Export},
    {"erase", "erase one consumer for good", Erase},
    {"report", "the inventory with its clauses", Report},
};

std::string Usage() {
  std::string usage =
      "subrosa keeps consumer health data under the rose.\n\n"
      "Usage: subrosa COMMAND [ARGUMENT...]\n\nCommands:\n";
  for (const Command& command : kCommands) {
    absl::StrAppend(&usage, "  ", command.name,
                    std::string(11 - command.name.size(), ' '), command.summary,
                    "\n");
  }
  absl::StrAppend(&usage,
                  "\n`subrosa COMMAND --help` says more. Exit codes: 0 done, "
                  "1 could not finish,\n2 usage, 3 finished, and the answer is "
                  "no.\n");
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
const Command* FindNearest(absl::string_view name) {
  for (const Command& command : kCommands) {
    if (absl::StartsWith(command.name, name)) return &command;
  }
  const Command* nearest = std::min_element(
      std::begin(kCommands), std::end(kCommands),
      [name](const Command& a, const Command& b) {
        return EditDistance(name, a.name) < EditDistance(name, b.name);
      });
  // One slip in three letters.
  return EditDistance(name, nearest->name) <= (name.size() + 2) / 3 ? nearest
                                                                    : nullptr;
}

ExitCode UnknownCommand(absl::string_view name, const Streams& streams) {
  std::fprintf(streams.err, "subrosa: error: no such command\n");
  if (const Command* nearest = FindNearest(name); nearest != nullptr) {
    std::fprintf(streams.err, "subrosa: hint: did you mean `%s`?\n",
                 std::string(nearest->name).c_str());
  } else {
    std::fprintf(streams.err, "subrosa: hint: `subrosa --help` lists them\n");
  }
  return ExitCode::kUsage;
}

ExitCode Main(const std::vector<std::string>& arguments,
              const Streams& streams) {
  if (const absl::Status status = DisableCoreDumps(); !status.ok()) {
    return Fail(status, streams);
  }
  if (arguments.empty()) {
    std::fputs(Usage().c_str(), streams.err);
    return ExitCode::kUsage;
  }
  if (arguments[0] == "--help" || arguments[0] == "-h" ||
      arguments[0] == "help") {
    return Print(Usage(), streams);
  }
  for (const Command& command : kCommands) {
    if (command.name != arguments[0]) continue;
    return command.function(absl::MakeSpan(arguments).subspan(1), streams);
  }
  return UnknownCommand(arguments[0], streams);
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + std::min(argc, 1),
                                           argv + argc);
  return static_cast<int>(
      subrosa::Main(arguments, subrosa::Streams{stdin, stdout, stderr}));
}
