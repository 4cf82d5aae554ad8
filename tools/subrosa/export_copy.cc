#include <unistd.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"
#include "src/crypto/age_scrypt.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/spoken_passphrase.h"
#include "src/exports/archive_writer.h"
#include "src/exports/clear_copy.h"
#include "src/exports/copy.h"
#include "src/exports/copy_archive.h"
#include "src/exports/copy_range.h"
#include "src/exports/copy_survey.h"
#include "src/exports/others_found.h"
#include "src/exports/sealed_copy.h"
#include "src/exports/withheld_items.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/export_command.h"
#include "tools/subrosa/law_arguments.h"
#include "tools/subrosa/progress.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

enum CopyShape { kShapeZip, kShapeTar, kShapeJson, kShapeCsv };

// What was asked for.
struct CopyArguments {
  std::string consumer;
  std::string output;
  std::string to;
  std::string passphrase_output;
  std::string reviewed;  // What was found when somebody looked.
  int shape = kShapeZip;
  CopyRange range;
  bool all = false;
  bool dry_run = false;

  bool is_archive() const { return shape == kShapeZip || shape == kShapeTar; }
};

// The day, YYYY-MM-DD, since 1970-01-01; nothing for nothing.
absl::StatusOr<std::optional<int32_t>> DayOfText(absl::string_view flag,
                                                 const std::string& text) {
  if (text.empty()) return std::optional<int32_t>();
  const absl::StatusOr<absl::CivilDay> day = DayArgument(text);
  if (!day.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(flag, ": want a day as 2022-01-31, got another text"));
  }
  return std::optional<int32_t>(
      static_cast<int32_t>(*day - absl::CivilDay(1970, 1, 1)));
}

// What is wrong with the arguments together; empty if nothing.
std::string Contradiction(const CopyArguments& given) {
  if (given.all && !given.range.is_whole()) {
    return "--all: want it without --since and --until";
  }
  if (given.dry_run)
    return given.output.empty() ? "" : "want either --output or --dry-run";
  if (given.output.empty()) return "--output is required";
  const bool is_sealed = !given.to.empty() || !given.passphrase_output.empty();
  if (!given.is_archive()) {
    if (is_sealed || !given.range.is_whole()) {
      return "--as json and --as csv are whole and in the clear: want neither "
             "--to, --passphrase-output, --since nor --until";
    }
    return "";
  }
  if (given.to.empty() == given.passphrase_output.empty()) {
    return "want either --to AGE-KEY or --passphrase-output FILE: a copy "
           "leaves "
           "sealed";
  }
  if (given.range.first_day && given.range.last_day &&
      *given.range.first_day > *given.range.last_day) {
    return "--until: want a day not before --since";
  }
  return "";
}

// --- In the clear, for programs.

ExitCode CopyInTheClear(Steward& steward, const CopyArguments& given, bool json,
                        const Streams& streams) {
  const absl::StatusOr<CopySummary> summary = WriteClearCopy(
      steward, given.consumer,
      given.shape == kShapeJson ? CopyFormat::kJson : CopyFormat::kCsv,
      given.output);
  if (!summary.ok()) return FailOrNo(summary.status(), streams);
  if (json) {
    const nlohmann::ordered_json line = {{"output", given.output},
                                         {"records", summary->records},
                                         {"withheld", summary->withheld}};
    return Print(line.dump() + "\n", streams);
  }
  return Print(absl::StrCat("Wrote ", summary->records, " records to ",
                            given.output, ".\n"),
               streams);
}

// --- Of which days, where nobody named any.

std::string RangeText(const CopyRange& range) {
  if (range.rule.empty()) return "";
  return absl::StrCat("It reaches back to what was collected since ",
                      DayText(*range.collected_since), ", under ",
                      range.citation, "; --all has everything.\n");
}

void AddRange(const CopyRange& range, nlohmann::ordered_json* json) {
  if (range.rule.empty()) return;
  (*json)["collected_since"] = DayText(*range.collected_since);
  (*json)["range_rule"] = range.rule;
}

// --- Whom else the records may tell of.

std::string OthersText(const OthersFound& found, const CopyArguments& given) {
  std::string text =
      absl::StrCat("A copy would hold ", found.records, " records; ",
                   found.outside_range, " are of other days.\n");
  absl::StrAppend(&text, RangeText(given.range), found.with_others,
                  " of them may tell of somebody else:\n");
  for (const auto& [title, count] : found.kinds) {
    absl::StrAppend(&text, "  ", title, ": ", count, "\n");
  }
  for (const FoundPlace& place : found.places) {
    absl::StrAppend(&text, "  ", place.when, "  ", place.type,
                    place.id.empty() ? "" : " ", place.id, "  (", place.what,
                    ")\n");
    for (const FoundHealth& health : place.health) {
      absl::StrAppend(&text, "      in ", health.field, ", of ", health.of,
                      ": ", Slug(health.category), "\n");
    }
  }
  if (found.with_others > static_cast<int64_t>(found.places.size())) {
    absl::StrAppend(&text, "  and more\n");
  }
  if (found.with_others > 0) {
    absl::StrAppend(&text,
                    given.reviewed.empty()
                        ? ""
                        : "That is not what --reviewed names: somebody has to "
                          "look again.\n",
                    "Look at them (`subrosa show`), and call with --reviewed ",
                    found.digest,
                    " once nothing stands against handing them out.\n");
  }
  if (given.dry_run) absl::StrAppend(&text, "Dry run: nothing was written.\n");
  return text;
}

std::string OthersJson(const OthersFound& found, const CopyArguments& given) {
  nlohmann::ordered_json json = {{"written", false},
                                 {"records", found.records},
                                 {"outside_range", found.outside_range},
                                 {"with_others", found.with_others},
                                 {"review", found.digest},
                                 {"kinds", found.kinds},
                                 {"places", nlohmann::json::array()}};
  AddRange(given.range, &json);
  for (const FoundPlace& place : found.places) {
    nlohmann::ordered_json health = nlohmann::ordered_json::array();
    for (const FoundHealth& each : place.health) {
      health.push_back({{"field", each.field},
                        {"of", each.of},
                        {"category", Slug(each.category)}});
    }
    json["places"].push_back({{"type", place.type},
                              {"record", place.id},
                              {"when", place.when},
                              {"what", place.what},
                              {"health", std::move(health)}});
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

// --- Sealed.

std::string SealedText(const SealedCopy& copy, const CopyArguments& given) {
  std::string text =
      absl::StrCat("Wrote ", copy.archive.records, " records to ", given.output,
                   ", sealed.\n", RangeText(given.range));
  for (const WithheldItem& item : copy.archive.withheld) {
    if (item.times == 0) continue;
    absl::StrAppend(&text, "Held back: ", item.text, " (", item.times,
                    "), under ", item.citation, ".\n");
  }
  absl::StrAppend(&text, "SHA-256 ", absl::BytesToHexString(copy.sha256),
                  ", as the log says too.\n");
  if (!given.passphrase_output.empty()) {
    absl::StrAppend(&text, "Its passphrase is in ", given.passphrase_output,
                    ": send it another way than the copy.\n");
  }
  return text;
}

std::string SealedJson(const SealedCopy& copy, const CopyArguments& given) {
  nlohmann::ordered_json json = {
      {"written", true},
      {"output", given.output},
      {"records", copy.archive.records},
      {"outside_range", copy.archive.outside_range},
      {"bytes", copy.bytes},
      {"sha256", absl::BytesToHexString(copy.sha256)},
      {"files", copy.archive.members.size()},
      {"withheld", nlohmann::json::array()}};
  AddRange(given.range, &json);
  for (const WithheldItem& item : copy.archive.withheld) {
    if (item.times == 0) continue;
    json["withheld"].push_back(
        {{"item", item.key}, {"times", item.times}, {"rule", item.rule}});
  }
  return json.dump() + "\n";
}

absl::StatusOr<SealedCopy> SealToPassphrase(Steward& steward,
                                            const CopyArguments& given,
                                            const CopyTerms& terms,
                                            SecretBuffer passphrase) {
  SUBROSA_ASSIGN_OR_RETURN(const ScryptRecipient recipient,
                           ScryptRecipient::Create(std::move(passphrase)));
  return WriteSealedCopy(steward, given.consumer, terms, recipient,
                         given.output);
}

absl::StatusOr<SealedCopy> Seal(Steward& steward, const CopyArguments& given,
                                Progress* progress) {
  CopyTerms terms;
  terms.form = given.shape == kShapeTar ? ArchiveForm::kTar : ArchiveForm::kZip;
  terms.range = given.range;
  terms.made_at = absl::Now();
  if (progress->is_shown()) {
    terms.on_progress = [progress](int64_t records) {
      progress->Show(absl::StrCat("copying: ", records, " lines"));
    };
  }
  if (!given.to.empty()) {
    const absl::StatusOr<X25519Recipient> recipient =
        X25519Recipient::Parse(given.to);
    SUBROSA_RETURN_IF_ERROR(Annotate(recipient.status(), "--to"));
    terms.sealed_to = given.to;
    return WriteSealedCopy(steward, given.consumer, terms, *recipient,
                           given.output);
  }
  terms.sealed_to = "whoever has the passphrase";
  // The passphrase stands in its file before anything is sealed to it.
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer passphrase, NewSpokenPassphrase());
  SUBROSA_RETURN_IF_ERROR(WriteSecretFile(passphrase, given.passphrase_output));
  absl::StatusOr<SealedCopy> copy =
      SealToPassphrase(steward, given, terms, std::move(passphrase));
  // Of a copy that is not there, the passphrase would open nothing.
  if (!copy.ok()) unlink(given.passphrase_output.c_str());
  return copy;
}

ExitCode CopySealed(Steward& steward, const CopyArguments& given, bool json,
                    const Streams& streams) {
  Progress progress(streams);
  const absl::StatusOr<SealedCopy> copy = Seal(steward, given, &progress);
  progress.End();
  if (!copy.ok()) return FailOrNo(copy.status(), streams);
  return Print(json ? SealedJson(*copy, given) : SealedText(*copy, given),
               streams);
}

// --- Both.

ExitCode Copy(Steward& steward, CopyArguments given, bool json,
              const Streams& streams) {
  if (given.is_archive() && !given.all && given.range.is_whole()) {
    absl::StatusOr<CopyRange> least = LeastCopyRange(steward, given.consumer);
    if (!least.ok()) return FailOrNo(least.status(), streams);
    given.range = *std::move(least);
  }
  const absl::StatusOr<OthersFound> found =
      FindOthers(steward, given.consumer, given.range);
  if (!found.ok()) return FailOrNo(found.status(), streams);
  const bool is_looked_at =
      found->with_others == 0 || found->digest == given.reviewed;
  if (given.dry_run || !is_looked_at) {
    const ExitCode printed = Print(
        json ? OthersJson(*found, given) : OthersText(*found, given), streams);
    if (printed != ExitCode::kDone || given.dry_run) return printed;
    return ExitCode::kNo;
  }
  return given.is_archive() ? CopySealed(steward, given, json, streams)
                            : CopyInTheClear(steward, given, json, streams);
}

}  // namespace

ExitCode ExportCopy(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  CopyArguments given;
  std::string since;
  std::string until;
  CommandLine line(
      "export copy",
      "Writes a consumer's copy of what is held of them, sealed so "
      "that they alone can open it. The exit code is 3 if records "
      "may tell of somebody else, and you have not looked at them yet.");
  ConsumerArgument consumer_argument(&line);
  line.AddOption("--output", &given.output, "File to make; it must not exist");
  line.AddOption("--to", &given.to,
                 "The consumer's own age key, \"age1...\": seal to it");
  line.AddOption("--passphrase-output", &given.passphrase_output,
                 "Seal to a new passphrase of six words, and write it to this "
                 "file");
  line.AddChoice("--as", &given.shape,
                 {{"zip", kShapeZip},
                  {"tar", kShapeTar},
                  {"json", kShapeJson},
                  {"csv", kShapeCsv}},
                 "An archive, sealed; or records alone, in the clear, for your "
                 "own programs [zip]");
  line.AddOption("--since", &since,
                 "First day of records [as far back as the law of where they "
                 "live asks for]");
  line.AddOption("--until", &until, "Last day of records [the last]");
  line.AddFlag("--all", &given.all, "Records of all days");
  line.AddOption("--reviewed", &given.reviewed,
                 "You have looked at whom else the records may tell of: the 16 "
                 "digits that were printed with them");
  line.AddFlag("--dry-run", &given.dry_run,
               "Only say what would be copied, and whom else it may tell of");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> consumer = consumer_argument.Read();
  absl::Status wrong = consumer.status();
  for (const auto& [flag, text, day] :
       {std::tuple("--since", &since, &given.range.first_day),
        std::tuple("--until", &until, &given.range.last_day)}) {
    const absl::StatusOr<std::optional<int32_t>> read = DayOfText(flag, *text);
    wrong.Update(read.status());
    if (read.ok()) *day = *read;
  }
  if (wrong.ok()) {
    const std::string contradiction = Contradiction(given);
    if (!contradiction.empty()) {
      wrong = absl::InvalidArgumentError(contradiction);
    }
  }
  if (!wrong.ok()) {
    return UsageError("export copy", std::string(wrong.message()), streams);
  }
  given.consumer = *consumer;

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  return Copy(**steward, std::move(given), session.json(), streams);
}

}  // namespace subrosa
