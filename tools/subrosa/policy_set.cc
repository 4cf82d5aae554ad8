#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "src/steward/home.h"
#include "src/steward/home_policy.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/policy_command.h"
#include "tools/subrosa/policy_text.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

// What differs from the policy of `folder`, as far as that can be read.
std::vector<std::string> ChangesIn(const std::string& folder,
                                   const v1::Policy& after,
                                   const LawBook& book) {
  const std::string path = PolicyOf(folder);
  v1::Policy before;
  const absl::StatusOr<std::string> text = ReadFile(path, kMaxPolicyBytes);
  if (text.ok()) {
    const absl::StatusOr<Policy> old = Policy::Parse(path, *text, book);
    if (old.ok()) before = old->proto();
  }
  return PolicyChanges(before, after);
}

std::string ChangeText(const std::vector<std::string>& changes, bool dry_run) {
  if (changes.empty()) return "The home has this policy already.\n";
  return absl::StrCat(dry_run ? "Would change:\n  " : "Changed:\n  ",
                      absl::StrJoin(changes, "\n  "), "\n",
                      dry_run ? ""
                              : "Services that have the home open go on by the "
                                "old policy until they open it again.\n");
}

}  // namespace

ExitCode PolicySet(absl::Span<const std::string> arguments,
                   const Streams& streams) {
  std::vector<std::string> files;
  std::string home;
  bool dry_run = false;
  int format = 0;
  CommandLine line("policy set",
                   "Puts a policy in place of a home's, if it is a good one "
                   "and the same entity's.");
  line.AddArguments("file", &files, "The policy, as textproto");
  line.AddOption("--home", &home, "The home [$SUBROSA_HOME or ./subrosa-home]");
  line.AddFlag("--dry-run", &dry_run, "Only say what would change");
  line.AddChoice("--format", &format, {{"text", 0}, {"json", 1}},
                 "How to print [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() != 1) {
    return UsageError("policy set", "want one file", streams);
  }

  const std::string folder = HomeFolder(home);
  if (const auto keys = OpenKeyDatabase(folder); !keys.ok()) {
    return Fail(keys.status(), streams);
  }
  const absl::StatusOr<LawBook> book = LawBook::BuiltIn();
  if (!book.ok()) return Fail(book.status(), streams);
  const absl::StatusOr<std::string> text = ReadFile(files[0], kMaxPolicyBytes);
  if (!text.ok()) return Fail(text.status(), streams);
  const absl::StatusOr<Policy> policy = Policy::Parse(files[0], *text, *book);
  if (!policy.ok()) return Fail(policy.status(), streams);
  const std::vector<std::string> changes =
      ChangesIn(folder, policy->proto(), *book);
  const absl::Status set =
      dry_run ? CheckHomePolicy(folder, files[0], *text, *book)
              : WriteHomePolicy(folder, files[0], *text, *book);
  if (!set.ok()) return Fail(set, streams);
  if (format == 1) {
    return Print(
        nlohmann::ordered_json{{"changed", !dry_run && !changes.empty()},
                               {"changes", changes}}
                .dump() +
            "\n",
        streams);
  }
  return Print(ChangeText(changes, dry_run), streams);
}

}  // namespace subrosa
