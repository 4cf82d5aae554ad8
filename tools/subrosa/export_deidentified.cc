// Writes a de-identified set for a recipient.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/exports/deidentified_set.h"
#include "src/exports/payload_deidentifier.h"
#include "src/exports/set_lines.h"
#include "src/exports/set_terms.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/export_command.h"
#include "tools/subrosa/progress.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/share_text.h"

namespace subrosa {
namespace {

struct SetArguments {
  SetTerms terms;
  std::string output;
  bool dry_run = false;
};

int64_t RecordsOf(const DeidentifiedSet& set) {
  int64_t records = 0;
  for (const auto& [schema, count] : set.records) records += count;
  return records;
}

std::string SetText(const DeidentifiedSet& set, const SetArguments& given) {
  std::string text;
  if (given.dry_run) {
    absl::StrAppend(&text, "A set would hold ", set.groups.consumers,
                    " consumers, with records of ", set.records.size(),
                    " types.\n");
  } else {
    absl::StrAppend(&text, "Wrote ", RecordsOf(set), " records of ",
                    set.groups.consumers, " consumers to ", given.output,
                    ", sealed to ", given.terms.recipient, ".\n");
  }
  absl::StrAppend(
      &text, set.groups.left_out, " consumers stand in groups of fewer than ",
      given.terms.least_group, ", and are left out.\n", set.not_permitted,
      " records may not be given to it, and stay.\n",
      "Evidence, not proof: at least ", set.groups.least_consumers,
      " consumers share each combination of coarse values, and have at least ",
      set.groups.least_kinds, " kinds of data among them; ",
      set.groups.small_cells, " cells are small.\n");
  if (given.dry_run) {
    absl::StrAppend(&text, "Dry run: nothing was written.\n");
  } else {
    absl::StrAppend(&text, "SHA-256 ", absl::BytesToHexString(set.sha256),
                    ", as the log says too.\n");
  }
  return text;
}

std::string SetJson(const DeidentifiedSet& set, const SetArguments& given) {
  nlohmann::ordered_json json = {{"written", !given.dry_run},
                                 {"recipient", given.terms.recipient},
                                 {"purpose", given.terms.purpose},
                                 {"consumers", set.groups.consumers},
                                 {"types", set.records},
                                 {"groups", set.groups.groups},
                                 {"k_anonymity", set.groups.least_consumers},
                                 {"l_diversity", set.groups.least_kinds},
                                 {"small_cells", set.groups.small_cells},
                                 {"consumers_left_out", set.groups.left_out},
                                 {"records_not_permitted", set.not_permitted}};
  if (!given.dry_run) {
    json["output"] = given.output;
    json["records"] = RecordsOf(set);
    json["redacted_places"] = set.counts.redacted;
    json["bytes"] = set.bytes;
    json["sha256"] = absl::BytesToHexString(set.sha256);
  }
  return json.dump() + "\n";
}

}  // namespace

ExitCode ExportDeidentified(absl::Span<const std::string> arguments,
                            const Streams& streams) {
  SetArguments given;
  std::vector<std::string> types;
  int form = 0;
  int dates = 0;
  int texts = 0;
  uint64_t least_group = 11;
  CommandLine line(
      "export deidentified",
      "Writes a set of many consumers' records for a recipient, without what "
      "identifies them, sealed to its key. It claims nothing of anybody's "
      "anonymity, and says what was measured. The exit code is 3 if nothing "
      "may "
      "be given, or what has to be attested was not.");
  line.AddOption("--recipient", &given.terms.recipient, "The recipient's slug",
                 Need::kRequired);
  line.AddOption("--purpose", &given.terms.purpose, "A purpose of the policy",
                 Need::kRequired);
  line.AddOptions("--type", &types,
                  "Only records of this message type, by its full name [all]");
  line.AddChoice("--as", &form,
                 {{"ndjson", static_cast<int>(SetForm::kNdjson)},
                  {"csv", static_cast<int>(SetForm::kCsv)},
                  {"protobuf", static_cast<int>(SetForm::kProtobuf)}},
                 "The form of records [ndjson]");
  line.AddFlag("--zstd", &given.terms.is_compressed,
               "Compress each file of records with zstd");
  line.AddChoice("--dates", &dates, {{"years", 0}, {"shifted", 1}},
                 "Dates to years, as Safe Harbor has it; or moved by a number "
                 "of days for each consumer, which wants an expert [years]");
  line.AddChoice("--texts", &texts, {{"redacted", 0}, {"none", 1}},
                 "What people wrote: redacted by the scanner, or left out "
                 "[redacted]");
  line.AddNumber("--least-group", &least_group,
                 "Leave out consumers whose coarse values fewer share [11]");
  line.AddOptions("--attest", &given.terms.attested,
                  "What you attest: each of measures, commitment, contract, "
                  "no-actual-knowledge");
  line.AddOption("--attested-by", &given.terms.attested_by,
                 "Who attests it, as the set will say");
  line.AddOption("--output", &given.output, "File to make; it must not exist");
  line.AddFlag("--dry-run", &given.dry_run,
               "Only say what would be in it, and how alike they are");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (given.dry_run == !given.output.empty()) {
    return UsageError("export deidentified",
                      "want either --output or --dry-run", streams);
  }
  if (least_group < 1 || least_group > 1000000) {
    return UsageError("export deidentified", "--least-group: want 1 to 1000000",
                      streams);
  }
  given.terms.form = static_cast<SetForm>(form);
  given.terms.dates = dates == 1 ? DateRule::kShifted : DateRule::kYears;
  given.terms.keep_text = texts == 0;
  given.terms.least_group = static_cast<int64_t>(least_group);
  given.terms.schemas.insert(types.begin(), types.end());

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  Progress progress(streams);
  if (progress.is_shown()) {
    given.terms.on_progress = [&progress](int64_t records) {
      progress.Show(absl::StrCat("de-identifying: ", records, " records"));
    };
  }
  const absl::StatusOr<DeidentifiedSet> set =
      given.dry_run
          ? PlanDeidentifiedSet(**steward, given.terms)
          : WriteDeidentifiedSet(**steward, given.terms, given.output);
  progress.End();
  if (!set.ok()) return FailOrDenied(set.status(), streams);
  return Print(session.json() ? SetJson(*set, given) : SetText(*set, given),
               streams);
}

}  // namespace subrosa
