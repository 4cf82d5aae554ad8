#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/law_arguments.h"
#include "tools/subrosa/policy_command.h"

namespace subrosa {

ExitCode PolicyCheck(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  std::vector<std::string> files;
  CommandLine line("policy check",
                   "Says whether a file is a policy that a home takes. Needs "
                   "no home.");
  line.AddArguments("file", &files, "The policy, as textproto");
  const LawArguments law(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() != 1) {
    return UsageError("policy check", "want one file", streams);
  }

  const absl::StatusOr<LawBook> book = law.Read();
  if (!book.ok()) return Fail(book.status(), streams);
  const absl::StatusOr<std::string> text = ReadFile(files[0], kMaxPolicyBytes);
  if (!text.ok()) return Fail(text.status(), streams);
  const absl::StatusOr<Policy> policy = Policy::Parse(files[0], *text, *book);
  if (!policy.ok()) return FailOrUnproven(policy.status(), streams);
  const v1::Policy& proto = policy->proto();
  if (law.json()) {
    return Print(nlohmann::ordered_json{{"file", files[0]},
                                        {"entity", proto.entity()},
                                        {"packs", proto.pack_size()},
                                        {"purposes", proto.purpose_size()},
                                        {"notices", proto.notice_size()}}
                         .dump() +
                     "\n",
                 streams);
  }
  return Print(absl::StrCat(files[0], ": a policy of ", proto.entity(), ": ",
                            proto.pack_size(), " packs, ", proto.purpose_size(),
                            " purposes, ", proto.notice_size(), " notices.\n"),
               streams);
}

}  // namespace subrosa
