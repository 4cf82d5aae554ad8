#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "src/erasure/erasure_plan.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

std::string PlanText(const ErasurePlan& plan) {
  std::string text =
      absl::StrCat("This erasure destroys the consumer's key and ",
                   plan.records, " records:\n");
  for (const auto& [schema, records] : plan.records_by_schema) {
    absl::StrAppend(&text, "  ", records, " ", schema, "\n");
  }
  if (plan.old_revisions > 0) {
    absl::StrAppend(&text, "and ", plan.old_revisions, " old revisions.\n");
  }
  absl::StrAppend(
      &text,
      "What remains: a keyed token that keeps this account from being taken in "
      "again,\nand backups of the key store made before now; until those are "
      "gone, whoever has\none and the keyring could open the records.\n");
  return text;
}

nlohmann::ordered_json PlanJson(const ErasurePlan& plan, bool erased) {
  nlohmann::ordered_json json = {{"erased", erased},
                                 {"records", plan.records},
                                 {"old_revisions", plan.old_revisions}};
  json["records_by_schema"] = plan.records_by_schema;
  return json;
}

// Asks the person at the terminal to type the id again.
bool Confirmed(absl::string_view consumer, const Streams& streams) {
  std::fputs("Type the account id again to erase it for good: ", streams.err);
  std::fflush(streams.err);
  std::string typed;
  for (int c = std::fgetc(streams.in); c != EOF && c != '\n';
       c = std::fgetc(streams.in)) {
    typed.push_back(static_cast<char>(c));
  }
  return typed == consumer;
}

}  // namespace

ExitCode Erase(absl::Span<const std::string> arguments,
               const Streams& streams) {
  bool dry_run = false;
  bool yes = false;
  CommandLine line("erase",
                   "Erases one consumer for good: destroys their key, then "
                   "deletes their records.");
  ConsumerArgument consumer_argument(&line);
  line.AddFlag("--dry-run", &dry_run, "Only say what would be erased");
  line.AddFlag("--yes", &yes, "Do not ask for the id again");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> consumer = consumer_argument.Read();
  if (!consumer.ok()) {
    return UsageError("erase", std::string(consumer.status().message()),
                      streams);
  }

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<ErasurePlan> plan = PlanErasure(**steward, *consumer);
  if (!plan.ok()) return FailOrNo(plan.status(), streams);
  if (dry_run) {
    return Print(
        session.json()
            ? PlanJson(*plan, false).dump() + "\n"
            : absl::StrCat(PlanText(*plan), "Dry run: nothing was erased.\n"),
        streams);
  }
  if (!yes) {
    std::fputs(PlanText(*plan).c_str(), streams.err);
    if (!Confirmed(*consumer, streams)) {
      std::fputs("subrosa: error: the ids differ; nothing was erased\n",
                 streams.err);
      return ExitCode::kNo;
    }
  }
  const absl::StatusOr<ErasureReceipt> erased = (*steward)->Erase(*consumer);
  if (!erased.ok()) return FailOrNo(erased.status(), streams);
  if (session.json())
    return Print(PlanJson(*plan, true).dump() + "\n", streams);
  return Print(absl::StrCat("Erased: the key is destroyed and ", erased->rows,
                            " rows are deleted.\n"),
               streams);
}

}  // namespace subrosa
