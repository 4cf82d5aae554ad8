#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "src/request/letter_book.h"
#include "src/request/request_desk.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/request_arguments.h"
#include "tools/subrosa/request_command.h"

namespace subrosa {

ExitCode RequestShow(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  int which = -1;
  CommandLine line("request show",
                   "Shows one request: whose it is, where it stands, every "
                   "clock with its rule, parts and steps; writes a letter "
                   "about it again. The exit code is 3 if there is none.");
  std::map<std::string, int> letters;
  for (int i = 0; i < kLetterCount; ++i) {
    letters[std::string(LetterName(static_cast<Letter>(i)))] = i;
  }
  line.AddChoice("--as", &which, letters, "Which letter --letter writes");
  RequestArguments request(&line, "request show");
  request.TakeAnswer(&line);
  request.TakeAskedFor(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const auto exit = request.Check(streams)) return *exit;
  return request.TakeBy(
      [](RequestDesk& desk, const std::string& ref, std::optional<absl::Time>) {
        return desk.Read(ref);
      },
      which < 0 ? std::nullopt
                : std::optional<Letter>(static_cast<Letter>(which)),
      streams);
}

}  // namespace subrosa
