#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "src/steward/home_policy.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/policy_command.h"
#include "tools/subrosa/policy_text.h"
#include "tools/subrosa/session.h"

namespace subrosa {

ExitCode PolicyShow(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  std::string home;
  int format = 0;
  CommandLine line("policy show",
                   "Shows the policy of a home. Needs no passphrase.");
  line.AddOption("--home", &home, "The home [$SUBROSA_HOME or ./subrosa-home]");
  line.AddChoice("--format", &format, {{"text", 0}, {"json", 1}},
                 "How to print [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const std::string path = PolicyOf(HomeFolder(home));
  const absl::StatusOr<LawBook> book = LawBook::BuiltIn();
  if (!book.ok()) return Fail(book.status(), streams);
  const absl::StatusOr<std::string> text = ReadFile(path, kMaxPolicyBytes);
  if (!text.ok()) return Fail(text.status(), streams);
  const absl::StatusOr<Policy> policy = Policy::Parse(path, *text, *book);
  if (!policy.ok()) return Fail(policy.status(), streams);
  return format == 1 ? Print(PolicyJson(policy->proto()).dump() + "\n", streams)
                     : Print(PolicyText(policy->proto()), streams);
}

}  // namespace subrosa
