#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"
#include "src/classify/taxonomy_facts.h"
#include "src/steward/sharing.h"
#include "src/steward/steward.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/share_command.h"
#include "tools/subrosa/share_text.h"

namespace subrosa {
namespace {

std::string GrantText(const ShareRequest& request, const SharePlan& plan,
                      const std::string& output) {
  std::string text =
      absl::StrCat(output.empty() ? "Would give " : "Gave ", plan.records,
                   " records to ", request.recipient, " for ", request.purpose,
                   plan.recipient.pays() ? ", which is a sale" : "", ": ",
                   absl::StrJoin(CategorySlugsOf(plan.categories), ", "), "\n");
  if (plan.not_permitted > 0) {
    absl::StrAppend(&text, plan.not_permitted,
                    " records are not permitted, and stay.\n");
  }
  if (plan.left_out > 0) {
    absl::StrAppend(&text, plan.left_out,
                    " FHIR resources name their patient, and stay.\n");
  }
  absl::StrAppend(
      &text, "It knows the consumer as ", plan.pseudonym, ". Rules: ",
      plan.rules.empty() ? "none" : absl::StrJoin(plan.rules, ", "), "\n",
      output.empty() ? "Dry run: nothing was given.\n"
                     : "What it has opened, no revocation can "
                       "make unread.\n");
  return text;
}

std::string GrantJson(const ShareRequest& request, const SharePlan& plan,
                      const std::string& output) {
  nlohmann::ordered_json json = {
      {"granted", !output.empty()},
      {"recipient", request.recipient},
      {"purpose", request.purpose},
      {"action", plan.recipient.pays() ? "sell" : "share"},
      {"records", plan.records},
      {"not_permitted", plan.not_permitted},
      {"left_out", plan.left_out},
      {"categories", CategorySlugsOf(plan.categories)},
      {"rules", plan.rules},
      {"pseudonym", plan.pseudonym}};
  if (!output.empty()) json["output"] = output;
  return json.dump() + "\n";
}

}  // namespace

ExitCode ShareGrant(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  ShareRequest request;
  std::vector<std::string> categories;
  std::string output;
  bool dry_run = false;
  CommandLine line(
      "share grant",
      "Gives a recipient those records of a consumer that it may have for a "
      "purpose, in a file that its age key alone opens, and writes that into "
      "the ledger. The exit code is 3 if nothing may be given.");
  ConsumerArgument consumer(&line);
  line.AddOption("--recipient", &request.recipient, "The recipient's slug",
                 Need::kRequired);
  line.AddOption("--purpose", &request.purpose, "A purpose of the policy",
                 Need::kRequired);
  line.AddOptions("--category", &categories,
                  "Only records of these categories, all of which must be "
                  "permitted [all that may be given]");
  line.AddOption("--output", &output, "File to make; it must not exist");
  line.AddFlag("--dry-run", &dry_run, "Only say what would be given");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> id = consumer.Read();
  if (!id.ok()) {
    return UsageError("share grant", std::string(id.status().message()),
                      streams);
  }
  request.consumer = *id;
  if (dry_run == !output.empty()) {
    return UsageError("share grant", "want either --output or --dry-run",
                      streams);
  }
  for (const std::string& slug : categories) {
    const absl::StatusOr<v1::HealthCategory> category =
        ParseSlug<v1::HealthCategory>(slug);
    if (!category.ok()) {
      return UsageError("share grant", "--category: want a category's slug",
                        streams);
    }
    request.categories |= uint32_t{1} << *category;
  }

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::unique_ptr<Sharing>> sharing =
      (*steward)->OpenSharing();
  if (!sharing.ok()) return Fail(sharing.status(), streams);
  const absl::StatusOr<SharePlan> plan =
      dry_run ? (*sharing)->Plan(request) : (*sharing)->Grant(request, output);
  if (!plan.ok()) return FailOrDenied(plan.status(), streams);
  return Print(session.json() ? GrantJson(request, *plan, output)
                              : GrantText(request, *plan, output),
               streams);
}

}  // namespace subrosa
